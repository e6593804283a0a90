"""Seeing values in the source: a field, a form or many at once."""

from collections.abc import Iterable
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from records.models import Form, Verification, VerificationPlan


class Seen(NamedTuple):
    """A field and where its value stands: what a later change of it touches."""

    field: str
    table: str
    row_id: int
    columns: tuple[str, ...]


def plan_in_force() -> VerificationPlan:
    """The newest plan; before one is set, every field is verified."""
    newest = VerificationPlan.objects.order_by("-id").first()
    return newest or VerificationPlan(kind=VerificationPlan.Kind.ALL)


def standing(form: Form) -> dict[str, Verification]:
    """Who verified which field, where nothing changed since."""
    rows = form.verifications.filter(undone_at=None).select_related("verified_by")
    return {row.field: row for row in rows}


@transaction.atomic
def verify(form: Form, fields: Iterable[Seen], *, by: User) -> int:
    """Note that `by` saw these values in the source; seen twice is seen once.

    The form is held meanwhile, so that no change slips in between seeing and noting.
    """
    form = Form.objects.select_for_update().get(pk=form.pk)
    if form.completion != Form.Completion.COMPLETE:
        raise ValidationError(
            _("Only a complete form can be verified."), code="completion"
        )
    done = standing(form)
    rows = [
        Verification(
            form=form,
            site_id=form.site_id,
            participant_id=form.participant_id,
            field=one.field,
            table_name=one.table,
            row_id=one.row_id,
            columns=list(one.columns),
            verified_by=by,
        )
        for one in fields
        if one.field not in done
    ]
    Verification.objects.bulk_create(rows)
    return len(rows)
