"""Let an act refuse a form: what it says goes to the field that it is about."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction

from records.holds import refused

T = TypeVar("T")


def attempt(form: forms.BaseForm, act: Callable[[], T]) -> T | None:
    """Run `act` whole or not at all; None, with errors on the form, when it refuses."""
    try:
        with transaction.atomic():
            return act()
    except (ValidationError, IntegrityError) as error:
        refusal = error if isinstance(error, ValidationError) else refused(error)
        if refusal is None:
            raise
        for field, errors in by_field(refusal).items():
            known = field if field in form.fields else None
            form.add_error(known, errors)
        return None


def by_field(refusal: ValidationError) -> dict[str, list[ValidationError]]:
    if hasattr(refusal, "error_dict"):
        return dict(refusal.error_dict)
    return {NON_FIELD_ERRORS: refusal.error_list}
