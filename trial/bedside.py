"""At the bed: symptoms, rescue doses, which readings are due or late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from trial import schedule
from trial.models import Infusion, RescueDose, Symptom
from trial.protocol import Requirement

PAIN = "pain"
OVER = frozenset({Infusion.State.RUNNING, Infusion.State.GIVEN})


@dataclass(frozen=True)
class DueReading:
    """A reading of the protocol's clock that nobody has recorded yet."""

    minute: int
    due_at: datetime
    state: Literal["planned", "due", "late"]
    cadss: bool


def due_readings(infusion: Infusion, now: datetime) -> list[DueReading]:
    """What is still to be read, with what is due now and what is late.

    Before the pump runs only what comes before the start can be due.
    """
    plan = schedule.protocol_of(infusion.participant).infusion
    done = {reading.minute for reading in infusion.vital_signs.all()}
    tolerance = timedelta(minutes=plan.bedside.tolerance_minutes)
    start = infusion.started_at
    found = []
    for minute in plan.clock_minutes:
        if minute in done:
            continue
        due_at = (start or now) + timedelta(minutes=minute)
        state: Literal["planned", "due", "late"] = "planned"
        if start is None:
            state = "due" if minute < 0 else "planned"
        elif now > due_at + tolerance:
            state = "late"
        elif now >= due_at - timedelta(minutes=1):
            state = "due"
        found.append(DueReading(minute, due_at, state, minute in plan.cadss_minutes))
    return found


def late_readings(
    infusions: Iterable[Infusion], now: datetime
) -> list[tuple[Infusion, DueReading]]:
    """Readings missing past their tolerance, for a list or for queries about them."""
    return [
        (infusion, due)
        for infusion in infusions
        if infusion.started_at is not None
        for due in due_readings(infusion, now)
        if due.state == "late"
    ]


@transaction.atomic
def report(
    infusion: Infusion, code: str, *, at: datetime, severity: int = 1
) -> Symptom:
    """A symptom began. Pain that is reported while the pump runs counts as pain in the
    infusion; what goes on already is not begun again."""
    _must_have_started(infusion)
    known = {line.code for line in _symptoms(infusion)}
    if code not in known:
        raise ValidationError(_("The protocol has no such symptom."), code="symptom")
    row = Symptom(
        infusion=infusion,
        participant_id=infusion.participant_id,
        code=code,
        severity=severity,
        began_at=at,
    )
    standing = infusion.symptoms.filter(code=code, ended_at=None).first()
    if standing is not None:
        return standing
    row.full_clean(exclude=["infusion", "participant"])
    row.save()
    if code == PAIN and counts(infusion, at) and infusion.pain_reported is False:
        infusion.pain_reported = True
        infusion.save(update_fields=["pain_reported"])
    return row


def counts(infusion: Infusion, at: datetime) -> bool:
    """Whether a time lies in the infusion: from its start to its stop."""
    start, stop = infusion.started_at, infusion.stopped_at
    return start is not None and start <= at and (stop is None or at <= stop)


def end(symptom: Symptom, *, at: datetime) -> None:
    """The symptom is over; one that ended keeps its first end."""
    if symptom.ended_at is None:
        symptom.ended_at = at
        symptom.full_clean(exclude=["infusion", "participant"])
        symptom.save()


def grade(symptom: Symptom, severity: int) -> None:
    symptom.severity = severity
    symptom.full_clean(exclude=["infusion", "participant"])
    symptom.save()


def with_pain(infusions: QuerySet[Infusion]) -> tuple[int, int]:
    """In how many of the infusions given pain was reported, as the paper counts."""
    given = infusions.filter(state=Infusion.State.GIVEN)
    return given.filter(pain_reported=True).count(), given.count()


def rescue(row: RescueDose) -> RescueDose:
    """Keep a dose that was given at the bed."""
    _must_have_started(row.infusion)
    row.full_clean(exclude=["infusion", "participant", "given_by"])
    row.save()
    return row


def _symptoms(infusion: Infusion) -> tuple[Requirement, ...]:
    return schedule.protocol_of(infusion.participant).infusion.bedside.symptoms


def _must_have_started(infusion: Infusion) -> None:
    if infusion.state not in OVER or infusion.started_at is None:
        raise ValidationError(_("The infusion has not been started."), code="state")


def local_now() -> datetime:
    """Now, to the minute: what the fields of a time are filled with."""
    return timezone.localtime().replace(second=0, microsecond=0)
