"""Signing a reviewed batch of forms as their author: all of it, or nothing."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from records import lifecycle, signing
from records.models import Form, Signature

Contents = Mapping[int, Mapping[str, Any]]


@transaction.atomic
def sign(
    shown: Mapping[int, str],
    contents_of: Callable[[Iterable[Form]], Contents],
    *,
    by: User,
) -> list[Signature]:
    """Sign the forms of `shown`, which says by id the hash of the content seen.

    A form whose content is another by now is refused under its id, and with it all.
    Rows are taken in one order, so that two batches never wait for each other.
    """
    forms = list(Form.objects.select_for_update().filter(pk__in=shown).order_by("pk"))
    contents = contents_of(forms)
    refusals: dict[str, list[str]] = {}
    for form in forms:
        try:
            must_be_as_shown(form, contents[form.pk], shown[form.pk])
        except ValidationError as refusal:
            refusals[str(form.pk)] = refusal.messages
    if refusals:
        raise ValidationError(refusals)
    meaning = Signature.Meaning.AUTHORED
    return [
        signing.sign(form, by=by, meaning=meaning, content=dict(contents[form.pk]))
        for form in forms
    ]


def must_be_as_shown(form: Form, content: Mapping[str, Any], shown: str) -> None:
    lifecycle.check(form, "sign")
    if signing.sha256_of(signing.canonical(dict(content))) != shown:
        raise ValidationError(
            _("This has changed since it was shown to you."), code="changed_meanwhile"
        )
