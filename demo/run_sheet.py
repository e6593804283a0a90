"""What the nurse writes during an infusion: readings on the clock, and symptoms."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from demo.cohort import Person
from trial.protocols import CURRENT

PLAN = CURRENT.infusion

# Share of infusions in which a symptom is reported; pain is counted apart.
_OFTEN = {
    "dissociation": 0.45,
    "dizziness": 0.30,
    "headache": 0.15,
    "nausea": 0.12,
    "blurred_vision": 0.10,
}


@dataclass(frozen=True)
class Reading:
    """`minute` is when it was due, `observed_at` when it was read."""

    minute: int
    observed_at: datetime
    systolic_mmhg: int
    diastolic_mmhg: int
    pulse_bpm: int
    spo2_percent: int
    respiration_bpm: int
    sedation_moaas: int
    cadss_total: int | None
    recorded_at: datetime


@dataclass(frozen=True)
class Symptom:
    code: str
    began_at: datetime
    ended_at: datetime


def readings(
    person: Person, started_at: datetime, rng: np.random.Generator
) -> tuple[Reading, ...]:
    """Pressure and pulse rise to the end of the pump and are back at 120 min; all
    stays inside the protocol's limits."""
    systolic = float(np.clip(rng.normal(108 + 0.3 * person.age_years, 8), 92, 142))
    diastolic = float(np.clip(systolic * 0.63 + rng.normal(0, 4), 55, 92))
    pulse = float(np.clip(rng.normal(74, 8), 56, 95))
    rise = float(np.clip(rng.normal(16, 6), 2, 30))
    found = []
    for minute in PLAN.clock_minutes:
        effect = _effect(minute)
        late = timedelta(seconds=int(rng.integers(0, 150)))
        observed_at = started_at + timedelta(minutes=minute) + late
        found.append(
            Reading(
                minute=minute,
                observed_at=observed_at,
                systolic_mmhg=round(systolic + rise * effect + rng.normal(0, 2)),
                diastolic_mmhg=round(diastolic + rise * effect / 2 + rng.normal(0, 2)),
                pulse_bpm=round(pulse + rise * effect / 2 + rng.normal(0, 2)),
                spo2_percent=int(np.clip(round(rng.normal(98, 0.8)), 95, 100)),
                respiration_bpm=int(np.clip(round(rng.normal(15, 1.5)), 11, 20)),
                sedation_moaas=4 if effect > 0.6 and rng.random() < 0.4 else 5,
                cadss_total=_dissociation(minute, effect, rise),
                recorded_at=observed_at + timedelta(seconds=40),
            )
        )
    return tuple(found)


def symptoms(
    started_at: datetime, painful: bool, rng: np.random.Generator
) -> tuple[Symptom, ...]:
    felt = [code for code, share in _OFTEN.items() if rng.random() < share]
    if painful:
        felt.append("pain")
    found = []
    for code in felt:
        began_at = started_at + timedelta(minutes=int(rng.integers(5, 35)))
        ended_at = began_at + timedelta(minutes=int(rng.integers(10, 60)))
        found.append(Symptom(code, began_at, ended_at))
    return tuple(found)


def _dissociation(minute: int, effect: float, rise: float) -> int | None:
    """CADSS at the protocol's times: nothing before and after, some at the end of the
    pump. Follows from the rise, so that it draws no number of its own."""
    return round(rise * effect) if minute in PLAN.cadss_minutes else None


def _effect(minute: int) -> float:
    """From 0 at the start to 1 at the end of the pump and back to 0 at 120 min."""
    if minute <= PLAN.minutes:
        return max(0.0, minute / PLAN.minutes)
    return max(0.0, 1 - (minute - PLAN.minutes) / (120 - PLAN.minutes))
