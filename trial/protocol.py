"""What a protocol is: arms, visits with their windows, the infusion, who takes part.

Plain frozen values. A version of the protocol is one file in `trial/protocols/`; when
something is due is computed from it in `trial/due.py`. `draft` marks what the principal
investigator still has to sign: it is shown so, and never stands as a constant in code.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Arm = Literal["patient", "control"]
ARMS: tuple[Arm, ...] = ("patient", "control")


@dataclass(frozen=True)
class Anchor:
    """What a visit is counted from: screening, enrolment, or the infusion `number`."""

    event: Literal["screening", "enrolment", "infusion"]
    number: int = 0


@dataclass(frozen=True)
class VisitType:
    """A planned visit. `offset`, `before` and `after` count hours from the start of
    the anchor where `unit` is hours, else local days; both ends are inside. A visit
    that `ends_at_anchor` is over when its anchor starts."""

    code: str
    label: str
    arm: Arm
    anchor: Anchor
    unit: Literal["hours", "days"]
    offset: int
    before: int
    after: int
    instruments: tuple[str, ...] = ()
    specimens: tuple[str, ...] = ()
    infusion: int | None = None
    ends_at_anchor: bool = False
    draft: bool = False


@dataclass(frozen=True)
class Criterion:
    """One line of the eligibility form. `computed_from` names the number that decides
    it (age, HAMD-17 total), None where a person answers."""

    code: str
    words: str
    kind: Literal["inclusion", "exclusion"]
    arms: tuple[Arm, ...] = ARMS
    draft: bool = False
    computed_from: Literal["age_years", "hamd17_total"] | None = None
    lowest: int | None = None
    highest: int | None = None

    def met_by(self, value: float) -> bool:
        """Whether a number lies inside the bounds, both included."""
        above = self.lowest is None or value >= self.lowest
        return above and (self.highest is None or value <= self.highest)


@dataclass(frozen=True)
class Limit:
    """A reading that forbids the start, or stops the pump.

    Passed at `at_least` or more, at `at_most` or less. `times` readings that pass it,
    `apart_minutes` from each other, are needed before the pump is stopped.
    """

    action: Literal["no_start", "stop"]
    reading: str
    words: str
    at_least: float | None = None
    at_most: float | None = None
    times: int = 1
    apart_minutes: int = 0
    draft: bool = True

    def passed_by(self, value: float) -> bool:
        too_high = self.at_least is not None and value >= self.at_least
        return too_high or (self.at_most is not None and value <= self.at_most)


@dataclass(frozen=True)
class Requirement:
    """One line of the gate before an infusion, of what stops it, or of the discharge
    after it, which a person confirms."""

    code: str
    words: str
    draft: bool = False


@dataclass(frozen=True)
class Bedside:
    """The numbers of the gate, the run sheet and the discharge. All are drafts but the
    dose and the number of infusions.

    `child_bearing_to_years` says up to which age a woman has a pregnancy test.
    A reading is late `tolerance_minutes` after it was due. The screen of the run sheet
    locks after `lock_after_minutes` without a touch.
    """

    most_mg_per_kg: Decimal
    most_infusions: int
    weight_days: int
    solids_hours: int
    clear_fluids_hours: int
    child_bearing_to_years: int
    tolerance_minutes: int
    discharge_minutes: int
    discharge_pressure_percent: int
    discharge_moaas: int
    lock_after_minutes: int
    symptoms: tuple[Requirement, ...]


@dataclass(frozen=True)
class InfusionPlan:
    """How ketamine is given: the dose, the clock in minutes from the start, limits.

    Each infusion has a window in days, from its study day to `most_days_late` after.
    """

    study_days: tuple[int, ...]
    least_days_between: int
    most_days_late: int
    dose_mg_per_kg: Decimal
    minutes: int
    clock_minutes: tuple[int, ...]
    readings: tuple[str, ...]
    cadss_minutes: tuple[int, ...]
    gate: tuple[Requirement, ...]
    limits: tuple[Limit, ...]
    stop_signs: tuple[Requirement, ...]
    rescue: tuple[Requirement, ...]
    discharge: tuple[Requirement, ...]
    no_further: tuple[Requirement, ...]
    bedside: Bedside


@dataclass(frozen=True)
class BloodLimit:
    """A limit of handling blood, both ends inside, with where it comes from."""

    code: str
    words: str
    source: str
    at_least: float | None = None
    at_most: float | None = None
    draft: bool = False

    def passed_by(self, value: float) -> bool:
        too_low = self.at_least is not None and value < self.at_least
        return too_low or (self.at_most is not None and value > self.at_most)


@dataclass(frozen=True)
class Protocol:
    version: str
    title: str
    visit_types: tuple[VisitType, ...]
    criteria: tuple[Criterion, ...]
    infusion: InfusionPlan
    serious_event_hours: int
    alert_response_hours: int
    blinded_rating: bool
    blood: tuple[BloodLimit, ...] = ()

    def visit_type(self, code: str) -> VisitType:
        """The visit of that code; KeyError names a code that the protocol has not."""
        for visit_type in self.visit_types:
            if visit_type.code == code:
                return visit_type
        raise KeyError(f"protocol {self.version} has no visit {code}")

    def visits_of(self, arm: Arm) -> tuple[VisitType, ...]:
        return tuple(visit for visit in self.visit_types if visit.arm == arm)

    def criteria_of(self, arm: Arm) -> tuple[Criterion, ...]:
        return tuple(line for line in self.criteria if arm in line.arms)


def study_day(on: date, first_infusion_on: date) -> int:
    """Day 1 is the date of infusion 1, the day before it is day -1: no day 0."""
    days = (on - first_infusion_on).days
    return days + 1 if days >= 0 else days


def limits_passed(
    plan: InfusionPlan, action: Literal["no_start", "stop"], reading: str, value: float
) -> tuple[Limit, ...]:
    """The limits of that action which one reading passes."""
    return tuple(
        limit
        for limit in plan.limits
        if (limit.action, limit.reading) == (action, reading) and limit.passed_by(value)
    )
