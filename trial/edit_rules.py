"""The rules of the edit checks of visits and infusions: plain values in, what to show
out, None where nothing is wrong. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from trial.protocol import study_day

Values = Mapping[str, object]
EARLIEST_HOUR, LATEST_HOUR = 7, 20
MOST_WEIGHT_CHANGE = Decimal("0.10")
MOST_DOSE_DIFFERENCE = Decimal("0.01")
DAYS_OFF = 20
LOWEST_BMI, HIGHEST_BMI = 14, 45


@dataclass(frozen=True)
class InfusionFacts:
    """A started infusion: its own numbers, and what came before it."""

    started_at: datetime
    enrolled_on: date | None
    weight_kg: Decimal
    weight_before_kg: Decimal | None
    dose_mg: Decimal
    planned_dose_mg: Decimal


@dataclass(frozen=True)
class VisitFacts:
    attended_on: date
    planned_on: date
    first_infusion_on: date | None


@dataclass(frozen=True)
class BaselineFacts:
    birth_year: int
    screened_in: int
    education_years: Decimal
    illness_months: int | None
    bmi_kg_m2: float


def before_enrolment(facts: InfusionFacts) -> Values | None:
    if facts.enrolled_on is None or facts.started_at.date() >= facts.enrolled_on:
        return None
    return {
        "started": f"{facts.started_at:%Y-%m-%d}",
        "enrolled": str(facts.enrolled_on),
    }


def outside_hours(at: datetime) -> bool:
    """Whether a local time lies before 07:00 or after 20:00."""
    minutes = at.hour * 60 + at.minute
    return not EARLIEST_HOUR * 60 <= minutes <= LATEST_HOUR * 60


def started_outside_hours(facts: InfusionFacts) -> Values | None:
    at = facts.started_at
    return {"time": f"{at:%H:%M}"} if outside_hours(at) else None


def weight_jumped(facts: InfusionFacts) -> Values | None:
    before, now = facts.weight_before_kg, facts.weight_kg
    if before is None or abs(now - before) <= MOST_WEIGHT_CHANGE * before:
        return None
    return {"before": f"{float(before):g}", "now": f"{float(now):g}"}


def dose_off_weight(facts: InfusionFacts) -> Values | None:
    """Against what the protocol gives for that weight, 0.5 mg/kg."""
    planned = facts.planned_dose_mg
    if abs(facts.dose_mg - planned) <= MOST_DOSE_DIFFERENCE * planned:
        return None
    return {
        "dose": f"{float(facts.dose_mg):g}",
        "weight": f"{float(facts.weight_kg):g}",
        "planned": f"{float(planned):g}",
    }


def date_far_off(facts: VisitFacts) -> Values | None:
    days = abs((facts.attended_on - facts.planned_on).days)
    if days < DAYS_OFF:
        return None
    first = facts.first_infusion_on
    day = study_day(facts.attended_on, first) if first else "–"
    return {
        "attended": str(facts.attended_on),
        "day": day,
        "planned": str(facts.planned_on),
        "days": days,
    }


def schooled_before_born(facts: BaselineFacts) -> Values | None:
    age = facts.screened_in - facts.birth_year
    if facts.education_years <= max(age - 4, 0):
        return None
    return {"years": f"{float(facts.education_years):g}", "age": age}


def ill_before_born(facts: BaselineFacts) -> Values | None:
    months = (facts.screened_in - facts.birth_year + 1) * 12
    if facts.illness_months is None or facts.illness_months <= months:
        return None
    return {"months": facts.illness_months, "age": facts.screened_in - facts.birth_year}


def bmi_unusual(facts: BaselineFacts) -> Values | None:
    if LOWEST_BMI <= facts.bmi_kg_m2 <= HIGHEST_BMI:
        return None
    return {"bmi": f"{facts.bmi_kg_m2:.1f}"}
