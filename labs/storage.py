"""Tubes of plasma in and out of freezers: where each is, and how often it thawed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from labs import blood_limits
from labs.models import Aliquot, AliquotStep, Box

Kind = AliquotStep.Kind
State = Aliquot.State
ENDED = frozenset({State.USED_UP, State.LOST})
# What may follow: from which states a tube goes which way.
FROM = {
    Kind.STORED: frozenset({State.MADE, State.RECEIVED, State.STORED}),
    Kind.SHIPPED: frozenset({State.MADE, State.STORED, State.RECEIVED}),
    Kind.RECEIVED: frozenset({State.SHIPPED}),
    Kind.THAWED: frozenset({State.MADE, State.STORED, State.RECEIVED}),
    Kind.USED_UP: frozenset({State.MADE, State.STORED, State.RECEIVED}),
    Kind.LOST: frozenset({State.MADE, State.STORED, State.SHIPPED, State.RECEIVED}),
}
STATE_AFTER = {
    Kind.SHIPPED: State.SHIPPED,
    Kind.RECEIVED: State.RECEIVED,
    Kind.THAWED: State.RECEIVED,
    Kind.USED_UP: State.USED_UP,
    Kind.LOST: State.LOST,
}


def store(
    aliquot: Aliquot, box: Box, row: int, column: int, *, by: User, at: datetime
) -> Aliquot:
    """Put a tube into its place; a place that is taken is refused."""
    if not (1 <= row <= box.rows and 1 <= column <= box.columns):
        raise ValidationError(_("The box has no such place."), code="place")
    if box.laboratory_id != aliquot.laboratory_id:
        raise ValidationError(_("This box belongs to another laboratory."))
    return _moved(aliquot, Kind.STORED, by=by, at=at, place=(box, row, column))


def move(
    aliquot: Aliquot, kind: str, *, by: User, at: datetime, note: str = ""
) -> Aliquot:
    """Ship, receive, thaw, use up or lose a tube; it leaves its place by that."""
    if kind not in STATE_AFTER:
        raise ValidationError(_("A place is needed for this."), code="kind")
    return _moved(aliquot, kind, by=by, at=at, note=note)


@transaction.atomic
def _moved(
    aliquot: Aliquot,
    kind: str,
    *,
    by: User,
    at: datetime,
    note: str = "",
    place: tuple[Box, int, int] | None = None,
) -> Aliquot:
    row = (
        Aliquot.objects.select_for_update(of=("self",))
        .select_related("specimen__participant")
        .get(pk=aliquot.pk)
    )
    if row.state not in FROM[Kind(kind)]:
        raise ValidationError(
            _("This tube is %(state)s: that cannot follow.")
            % {"state": row.get_state_display()},
            code="state",
        )
    row.box, row.row, row.column = place or (None, None, None)
    row.state = STATE_AFTER.get(Kind(kind), State.STORED)
    row.thaws += kind == Kind.THAWED
    row.full_clean(exclude={"specimen", "laboratory"})
    row.save()
    said = blood_limits.passed(row.specimen, {"thaws": row.thaws})
    step = AliquotStep(
        aliquot=row,
        kind=kind,
        at=at,
        note=note.strip()[:200],
        passed=said if kind == Kind.THAWED else "",
        recorded_by=by,
    )
    step.full_clean(exclude={"aliquot", "recorded_by"})
    step.save()
    blood_limits.record(row.specimen, step.passed, at=at, about=step)
    return row
