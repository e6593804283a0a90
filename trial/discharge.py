"""Who may go home after an infusion: the protocol's criteria, judged line by line."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from trial import schedule
from trial.models import Discharge, Infusion, VitalSigns


@dataclass(frozen=True)
class Criterion:
    """One line of the discharge: met or not, None where a person says it."""

    code: str
    words: str
    met: bool | None
    said: str = ""


def criteria(infusion: Infusion, at: datetime) -> list[Criterion]:
    """The protocol's discharge criteria; those that follow from the readings judged."""
    plan = schedule.protocol_of(infusion.participant).infusion
    judged = _judged(infusion, at)
    found = []
    for line in plan.discharge:
        met, said = judged.get(line.code, (None, ""))
        found.append(Criterion(line.code, _(line.words), met, said))
    return found


def _judged(infusion: Infusion, at: datetime) -> dict[str, tuple[bool, str]]:
    bedside = schedule.protocol_of(infusion.participant).infusion.bedside
    readings = list(infusion.vital_signs.all())
    first, last = _first(readings), (readings[-1] if readings else None)
    minutes = _minutes(infusion, at)
    off = _pressure_off(first, last) if first and last else None
    sedation = _last_of(readings, "sedation_moaas")
    before = _last_of([r for r in readings if r.minute <= 0], "cadss_total")
    now = _last_of([r for r in readings if r.minute > 0], "cadss_total")
    return {
        "minutes": (
            minutes >= bedside.discharge_minutes,
            _("%(minutes)s min") % {"minutes": minutes},
        ),
        "pressure": (
            off is not None and off <= bedside.discharge_pressure_percent,
            "" if off is None else _("%(off).0f %% off") % {"off": off},
        ),
        "sedation": (
            sedation is not None and sedation >= bedside.discharge_moaas,
            "" if sedation is None else str(sedation),
        ),
        "cadss": (
            before is not None and now is not None and now <= before,
            "" if now is None else f"{before} → {now}",
        ),
    }


def _first(readings: list[VitalSigns]) -> VitalSigns | None:
    before = [reading for reading in readings if reading.minute <= 0]
    return before[0] if before else None


def _minutes(infusion: Infusion, at: datetime) -> int:
    if infusion.started_at is None:
        return 0
    return int((at - infusion.started_at).total_seconds() // 60)


def _pressure_off(first: VitalSigns, last: VitalSigns) -> float:
    """The larger of the two differences from before, in percent."""
    pairs = (
        (first.systolic_mmhg, last.systolic_mmhg),
        (first.diastolic_mmhg, last.diastolic_mmhg),
    )
    return max(abs(now - before) / before * 100 for before, now in pairs)


def _last_of(readings: list[VitalSigns], name: str) -> int | None:
    values = [getattr(reading, name) for reading in readings]
    known = [value for value in values if value is not None]
    return known[-1] if known else None


@transaction.atomic
def discharge(
    row: Discharge, *, by: User, reason: str = "", allowed_by: User | None = None
) -> Discharge:
    """Let the participant go home. ValidationError names each criterion that is not
    met, unless an investigator says why it is right all the same."""
    infusion = row.infusion
    if infusion.state != Infusion.State.GIVEN:
        raise ValidationError(_("Stop the infusion first."), code="state")
    unmet = [
        line
        for line in criteria(infusion, row.at)
        if not (getattr(row, line.code) if line.met is None else line.met)
    ]
    if unmet and (allowed_by is None or not reason.strip()):
        raise ValidationError(
            [
                _("Not yet: %(line)s.")
                % {"line": f"{line.words} ({line.said})" if line.said else line.words}
                for line in unmet
            ]
        )
    row.unmet = " ".join(line.code for line in unmet)
    if unmet:
        row.reason, row.allowed_by = reason.strip()[:300], allowed_by
    row.discharged_by = by
    row.full_clean(exclude=["infusion", "participant", "discharged_by", "allowed_by"])
    row.save()
    return row
