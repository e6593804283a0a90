"""One participant's way through the trial: infusions, ratings, blood, with times.

A course stops at a moment: what lies after it has not happened yet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np

from demo import answers, totals
from demo.answers import Sheet
from demo.cohort import SEED, Person
from demo.draws import stream
from demo.run_sheet import Reading, Symptom, readings, symptoms
from trial.dose import dose_mg
from trial.due import planned_infusion_dates
from trial.protocols import CURRENT

TIME_ZONE = ZoneInfo("Asia/Shanghai")
PLAN = CURRENT.infusion


@dataclass(frozen=True)
class Infusion:
    """`started_at` is None while the infusion is planned."""

    number: int
    planned_on: date
    weight_kg: Decimal
    dose_mg: Decimal
    started_at: datetime | None = None
    stopped_at: datetime | None = None
    pain_reported: bool = False
    readings: tuple[Reading, ...] = ()
    symptoms: tuple[Symptom, ...] = ()


@dataclass(frozen=True)
class Visit:
    """A visit that took place. `drawn_at` is the time of its blood, `blood_missing`
    the reason why blood that was due is not there."""

    code: str
    attended_at: datetime
    sheets: dict[str, Sheet]
    drawn_at: datetime | None = None
    blood_missing: str = ""


@dataclass(frozen=True)
class Course:
    person: Person
    screened_on: date
    enrolled_on: date | None
    infusions: tuple[Infusion, ...]
    visits: tuple[Visit, ...]

    def visit(self, code: str) -> Visit:
        for visit in self.visits:
            if visit.code == code:
                return visit
        raise KeyError(f"{self.person.subject_id} had no visit {code}")


def patient_course(
    person: Person,
    first_infusion_on: date,
    *,
    until: datetime,
    painful: Sequence[int] = (),
    blood_missing: str = "",
    holidays: frozenset[date] = frozenset(),
    planned_on: Sequence[date] | None = None,
    seed: int = SEED,
) -> Course:
    """The course of a patient up to `until`. `painful` are the numbers of the
    infusions in which pain was reported; `blood_missing` says why there is no blood
    on day 26, where there is none."""
    rng = stream(seed, 10, person.number)
    planned = planned_on or planned_infusion_dates(PLAN, first_infusion_on, holidays)
    infusions = tuple(
        _infusion(person, number, on, until, number in painful, rng)
        for number, on in enumerate(planned, 1)
    )
    screened_on = first_infusion_on - timedelta(days=int(rng.integers(5, 12)))
    enrolled_on = first_infusion_on - timedelta(days=3)
    visits = tuple(
        visit
        for visit in _visits(person, screened_on, infusions, blood_missing, rng)
        if visit.attended_at <= until
    )
    if enrolled_on > until.date():
        return Course(person, screened_on, None, (), visits)
    return Course(person, screened_on, enrolled_on, infusions, visits)


def control_course(person: Person, on: date, seed: int = SEED) -> Course:
    """A healthy control: one morning, one tube."""
    rng = stream(seed, 11, person.number)
    drawn_at = _at(on, 8, int(rng.integers(0, 119)))
    visit = Visit("control", drawn_at, {}, drawn_at)
    return Course(person, on - timedelta(days=3), on, (), (visit,))


def _infusion(
    person: Person,
    number: int,
    on: date,
    until: datetime,
    painful: bool,
    rng: np.random.Generator,
) -> Infusion:
    """Draws its numbers whether it was given or not, so that the moment at which a
    course stops changes nothing before it."""
    wobble = Decimal(int(rng.integers(-6, 7))) / 10
    weight = Decimal(str(person.weight_kg)) + wobble
    started_at = _at(on, 10, int(rng.integers(0, 55)))
    watched = readings(person, started_at, rng)
    felt = symptoms(started_at, painful, rng)
    planned = Infusion(number, on, weight, dose_mg(PLAN.dose_mg_per_kg, weight))
    if started_at + timedelta(hours=2) > until:
        return planned
    return Infusion(
        number=number,
        planned_on=on,
        weight_kg=weight,
        dose_mg=planned.dose_mg,
        started_at=started_at,
        stopped_at=started_at + timedelta(minutes=PLAN.minutes),
        pain_reported=painful,
        readings=watched,
        symptoms=felt,
    )


def _visits(
    person: Person,
    screened_on: date,
    infusions: Sequence[Infusion],
    blood_missing: str,
    rng: np.random.Generator,
) -> Iterator[Visit]:
    illness = person.illness
    assert illness is not None
    at_screening = {"hamd17": answers.hamd17(illness.hamd17, rng)}
    yield Visit("screening", _at(screened_on, 14, 10), at_screening)
    ratings = _ratings(person, rng)
    first_on = infusions[0].planned_on
    before = first_on - timedelta(days=3 if first_on.weekday() == 0 else 1)
    drawn_at = _at(before, 8, int(rng.integers(0, 60)))
    rated_at = drawn_at + timedelta(minutes=40)
    yield Visit("baseline", rated_at, ratings["baseline"], drawn_at)
    for infusion, day in zip(infusions, PLAN.study_days, strict=True):
        if infusion.started_at is None:
            return
        code = f"day{day + 1}"
        next_day = infusion.started_at + timedelta(
            minutes=int(rng.integers(1330, 1500))
        )
        morning = _at(next_day.date(), 8, int(rng.integers(0, 90)))
        drawn = morning if code == "day13" else None
        yield Visit(code, next_day, ratings[code], drawn)
    on = infusions[-1].planned_on + timedelta(days=14 + int(rng.integers(-1, 2)))
    drawn_at = _at(on, 8, int(rng.integers(0, 90)))
    yield Visit(
        "day26",
        drawn_at + timedelta(minutes=35),
        ratings["day26"],
        None if blood_missing else drawn_at,
        blood_missing,
    )


def _ratings(person: Person, rng: np.random.Generator) -> dict[str, dict[str, Sheet]]:
    """The sheets of the eight ratings."""
    depression = totals.madrs_totals(person, rng)
    left = totals.pain_left(person, rng)
    found: dict[str, dict[str, Sheet]] = {}
    first: dict[str, Sheet] = {}
    for visit in totals.RATINGS:
        pain = totals.pain_totals(person, left[visit], rng)
        sheets = {"madrs": answers.madrs(depression[visit], rng, first.get("madrs"))}
        found[visit] = sheets
        if visit not in totals.SFMPQ_VISITS:
            sheets["vas"] = answers.vas(pain.vas_mm)
            continue
        sheets["sfmpq"] = answers.sfmpq(pain, rng, first.get("sfmpq"))
        if visit == "baseline":
            first = sheets
    return found


def _at(on: date, hour: int, minute: int) -> datetime:
    time = datetime(on.year, on.month, on.day, hour, tzinfo=TIME_ZONE)
    return time + timedelta(minutes=minute)
