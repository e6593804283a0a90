"""Edit checks: rules over plain values, and the questions that follow from them.

A check is data: its code, its words in both languages, what it looks at, and a pure
function. Each room holds its own; what they find is brought into the threads of
queries here, in the transaction of what was saved.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from records.models import Query, QueryMessage

Values = Mapping[str, Any]
State, Kind = Query.State, QueryMessage.Kind
NO_LONGER = gettext_noop("Closed by the edit check: the data no longer break it.")
_deferred: ContextVar[bool] = ContextVar("deferred", default=False)


@dataclass(frozen=True)
class EditCheck:
    """`broken` gets what the check looks at and gives the values to show, or None.

    `words` is a text with places for those values, marked for translation. A hard
    check cannot be true and refuses completing; a soft one asks for a correction or
    a reason. `field` is where on the form the question stands.
    """

    code: str
    words: str
    broken: Callable[[Any], Values | None]
    field: str = ""
    is_hard: bool = False


class Place(NamedTuple):
    """Where a question of a check hangs: on a form, else on an object, by id."""

    site_id: int
    participant_id: int
    form_id: int | None = None
    about_type_id: int | None = None
    about_id: int | None = None


@dataclass(frozen=True)
class Case:
    """What one room's checks look at in one place, as plain values."""

    place: Place
    values: Any
    checks: Sequence[EditCheck]


Key = tuple[int | None, int | None, int | None, str, str]


@dataclass(frozen=True)
class Finding:
    check: EditCheck
    place: Place
    values: Values

    @property
    def key(self) -> Key:
        place = (self.place.form_id, self.place.about_type_id, self.place.about_id)
        return (*place, self.check.field, self.check.code)

    @property
    def found(self) -> str:
        return "; ".join(f"{name} {value}" for name, value in self.values.items())[:300]


@contextmanager
def deferred() -> Iterator[None]:
    """Saves check nothing while much is entered at once; check it all afterwards."""
    token = _deferred.set(True)
    try:
        yield
    finally:
        _deferred.reset(token)


def is_deferred() -> bool:
    return _deferred.get()


def findings(cases: Iterable[Case]) -> list[Finding]:
    """Every check that its values break."""
    return [
        Finding(check, case.place, values)
        for case in cases
        for check in case.checks
        if (values := check.broken(case.values)) is not None
    ]


def refuse(found: Iterable[Finding], form_id: int) -> None:
    """A hard check that the form just completed breaks: ValidationError in words."""
    texts = [
        ValidationError(_(one.check.words) % one.values, code=one.check.code)
        for one in found
        if one.check.is_hard and one.place.form_id == form_id
    ]
    if texts:
        raise ValidationError(texts)


@transaction.atomic
def settle(
    checks: Iterable[EditCheck],
    participants: Iterable[int],
    found: Iterable[Finding],
) -> int:
    """Let the questions of these checks about these participants say what the data say.

    New findings ask, a relapse or other values ask again, and a question whose data no
    longer break the check is closed and says so. What a person closed stays closed
    while the values are those that were accepted. Gives how many questions changed.
    """
    ids = sorted(set(participants))
    _alone(ids)
    rows = Query.objects.filter(
        participant_id__in=ids, check_code__in=[check.code for check in checks]
    )
    asked = {_key_of(row): row for row in rows}
    broken = {one.key: one for one in found}
    new = [one for key, one in broken.items() if key not in asked]
    again = [
        (asked[key], one)
        for key, one in broken.items()
        if key in asked and _asks_again(asked[key], one)
    ]
    over = [
        row
        for key, row in asked.items()
        if key not in broken and row.state != State.CLOSED
    ]
    _ask(new)
    _ask_again(again)
    _close(over)
    return len(new) + len(again) + len(over)


def _alone(participants: Sequence[int]) -> None:
    """One at a time a participant, in one order, so that no two wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock('records_query'::regclass::int, id) "
            "FROM unnest(%s::int[]) id ORDER BY id",
            [list(participants)],
        )


def _key_of(row: Query) -> Key:
    place = (row.form_id, row.about_type_id, row.about_id)
    return (*place, row.field, row.check_code)


def _asks_again(row: Query, one: Finding) -> bool:
    """When other values break it than those asked about, or after it closed itself."""
    closed_itself = row.state == State.CLOSED and row.closed_by_id is None
    return closed_itself or row.found != one.found


def _ask(new: Sequence[Finding]) -> None:
    rows = [
        Query(
            **one.place._asdict(),
            field=one.check.field,
            check_code=one.check.code,
            found=one.found,
        )
        for one in new
    ]
    Query.objects.bulk_create(rows)
    _say(rows, new, Kind.QUERY)


def _ask_again(again: Sequence[tuple[Query, Finding]]) -> None:
    for row, one in again:
        row.state, row.found = State.REOPENED, one.found
        row.closed_at = row.closed_by = None
    rows = [row for row, _one in again]
    Query.objects.bulk_update(rows, ["state", "found", "closed_at", "closed_by"])
    _say(rows, [one for _row, one in again], Kind.REOPENED)


def _say(rows: Sequence[Query], found: Sequence[Finding], kind: str) -> None:
    QueryMessage.objects.bulk_create(
        QueryMessage(
            query=row, kind=kind, text=one.check.words, values=dict(one.values)
        )
        for row, one in zip(rows, found, strict=True)
    )


def _close(over: Sequence[Query]) -> None:
    now = timezone.now()
    for row in over:
        row.state, row.closed_at, row.closed_by = State.CLOSED, now, None
    Query.objects.bulk_update(over, ["state", "closed_at", "closed_by"])
    QueryMessage.objects.bulk_create(
        QueryMessage(query=row, kind=Kind.CLOSED, text=NO_LONGER) for row in over
    )
