"""Giving an infusion: weighed for, started, watched, stopped."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from trial import drug, edit_checks, gate, preparing, schedule, windows
from trial.dose import given_mg
from trial.models import Infusion, Interruption, Movement, VitalSigns
from trial.protocol import Limit, limits_passed

# What an act cannot get wrong is not asked about before, one query a constraint; the
# database checks it in any case.
OWNERS = frozenset({"infusion", "participant", "site"})


@transaction.atomic
def start(infusion: Infusion, *, at: datetime) -> Infusion:
    """Start the pump: after the gate, with the dose that a second person checked.

    The visits that count from this infusion are planned anew from its real start.
    """
    infusion = _held(infusion)
    _must_be(infusion, Infusion.State.PLANNED)
    _earlier_must_be_over(infusion)
    passed = gate.must_be_passed(infusion, at)
    prepared = preparing.must_be_checked(infusion, passed.weight_kg)
    begin(infusion, weight_kg=prepared.weight_kg, dose_mg=prepared.dose_mg, at=at)
    return infusion


def begin(
    infusion: Infusion, *, weight_kg: Decimal, dose_mg: Decimal, at: datetime
) -> None:
    """The pump runs. Gate and dose were judged before; the database looks again."""
    infusion.weight_kg, infusion.dose_mg = weight_kg, dose_mg
    infusion.started_at, infusion.state = at, Infusion.State.RUNNING
    infusion.full_clean(exclude=OWNERS | {"number", "stopped_at"})
    infusion.save()
    schedule.replan(infusion.participant)
    if not infusion.beyond_reason:
        windows.note_infusion(infusion)
    edit_checks.run_everywhere(infusion.participant_id)


@transaction.atomic
def stop(
    infusion: Infusion, *, at: datetime, pain_reported: bool, by: User
) -> Infusion:
    """The pump has stopped; whether pain was reported while it ran. What it gave is
    booked as used from the vials of this infusion."""
    infusion = _held(infusion)
    _must_be(infusion, Infusion.State.RUNNING)
    if not pain_reported and infusion.symptoms.filter(code="pain").exists():
        raise ValidationError(
            {"pain_reported": _("Pain was tapped among the symptoms: it counts.")}
        )
    end(infusion, at=at, pain_reported=pain_reported)
    infusion.interruptions.filter(until=None, since__lt=at).update(until=at)
    prepared = preparing.standing(infusion)
    given = dose_given_mg(infusion, at)
    if prepared is not None and given > 0:
        drug.move(
            prepared.lot,
            Movement.Kind.USED,
            by=by,
            witness=None,
            at=at,
            infusion=infusion,
            mg=given,
        )
    return infusion


def end(infusion: Infusion, *, at: datetime, pain_reported: bool) -> None:
    """The pump stands; what is booked in the ledger is the caller's."""
    infusion.stopped_at, infusion.pain_reported = at, pain_reported
    infusion.state = Infusion.State.GIVEN
    infusion.full_clean(exclude=OWNERS | {"number", "weight_kg"})
    infusion.save()


def running_seconds(infusion: Infusion, until: datetime) -> float:
    """How long the pump ran up to `until`, without the times when it stood still."""
    if infusion.started_at is None:
        return 0
    end = min(until, infusion.stopped_at or until)
    stood = sum(
        max(0, (min(pause.until or end, end) - pause.since).total_seconds())
        for pause in infusion.interruptions.all()
    )
    return max(0, (end - infusion.started_at).total_seconds() - stood)


def dose_given_mg(infusion: Infusion, until: datetime) -> Decimal:
    """What the pump has given up to `until`, in mg."""
    if infusion.dose_mg is None:
        return Decimal(0)
    plan = schedule.protocol_of(infusion.participant).infusion
    ran = running_seconds(infusion, until)
    return given_mg(infusion.dose_mg, ran, plan.minutes)


@transaction.atomic
def do_not_give(infusion: Infusion, *, reason: str) -> Infusion:
    """The infusion is left out, with the reason; nothing counts from it any more."""
    infusion = _held(infusion)
    _must_be(infusion, Infusion.State.PLANNED)
    infusion.state = Infusion.State.NOT_GIVEN
    infusion.not_given_reason = reason.strip()[:200]
    infusion.full_clean(exclude=OWNERS)
    infusion.save()
    schedule.replan(infusion.participant)
    return infusion


@transaction.atomic
def interrupt(
    infusion: Infusion, *, since: datetime, until: datetime | None, reason: str
) -> Interruption:
    """The pump stood still for a while."""
    infusion = _held(infusion)
    _must_be(infusion, Infusion.State.RUNNING)
    if infusion.started_at and since < infusion.started_at:
        raise ValidationError({"since": _("This is before the infusion started.")})
    interruption = Interruption(
        infusion=infusion,
        participant_id=infusion.participant_id,
        since=since,
        until=until,
        reason=reason,
    )
    interruption.full_clean()
    interruption.save()
    return interruption


@transaction.atomic
def restart(infusion: Infusion, *, at: datetime) -> Infusion:
    """The pump runs again after an interruption."""
    infusion = _held(infusion)
    _must_be(infusion, Infusion.State.RUNNING)
    pause = infusion.interruptions.filter(until=None).first()
    if pause is not None:
        pause.until = at
        pause.full_clean(exclude=["infusion", "participant"])
        pause.save()
    return infusion


def record_reading(reading: VitalSigns) -> VitalSigns:
    """Keep one reading of the vital signs; a minute of the clock is read once."""
    reading.full_clean()
    reading.save()
    return reading


def record_readings(infusion: Infusion, readings: Iterable[VitalSigns]) -> None:
    """Keep a whole run sheet at once, as from paper; the database checks each line."""
    sheet = list(readings)
    for reading in sheet:
        reading.infusion, reading.participant_id = infusion, infusion.participant_id
        reading.clean_fields(exclude=OWNERS)
    VitalSigns.objects.bulk_create(sheet)


def warnings_of(infusion: Infusion, reading: VitalSigns) -> list[str]:
    """What the protocol says to a reading: limits passed, in the reader's language."""
    plan = schedule.protocol_of(infusion.participant).infusion
    action = "no_start" if infusion.state == Infusion.State.PLANNED else "stop"
    found: list[str] = []
    for name in plan.readings:
        value = getattr(reading, name)
        if value is not None:
            passed = limits_passed(plan, action, name, float(value))  # type: ignore[arg-type]
            found += [_said(limit, infusion, reading) for limit in passed]
    return found


def _said(limit: Limit, infusion: Infusion, reading: VitalSigns) -> str:
    """The limit's words; one that needs a second reading says when to take it."""
    if limit.times == 1 or _seen_before(limit, infusion, reading):
        return _(limit.words)
    return _("%(words)s: seen once, read again in %(minutes)s min") % {
        "words": _(limit.words),
        "minutes": limit.apart_minutes,
    }


def _seen_before(limit: Limit, infusion: Infusion, reading: VitalSigns) -> bool:
    """Whether a reading early enough before this one passed the limit too."""
    until = reading.observed_at - timedelta(minutes=limit.apart_minutes)
    earlier = (r for r in infusion.vital_signs.all() if r.observed_at <= until)
    values = (getattr(r, limit.reading) for r in earlier)
    return any(v is not None and limit.passed_by(v) for v in values)


def _held(infusion: Infusion) -> Infusion:
    rows = Infusion.objects.select_related("participant__site")
    return rows.select_for_update(of=("self",)).get(pk=infusion.pk)


def _must_be(infusion: Infusion, state: Infusion.State) -> None:
    if infusion.state != state:
        raise ValidationError(
            _("Infusion %(number)s is %(state)s already."),
            code="state",
            params={
                "number": infusion.number,
                "state": infusion.get_state_display(),
            },
        )


def _earlier_must_be_over(infusion: Infusion) -> None:
    earlier = infusion.participant.infusions.filter(
        number__lt=infusion.number, state__in=schedule.OPEN_STATES
    ).first()
    if earlier is not None:
        raise ValidationError(
            _("Infusion %(number)s has not been given or left out yet."),
            code="order",
            params={"number": earlier.number},
        )
