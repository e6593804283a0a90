"""The whole simulated trial on a given day: 66 finished, 60 controls, six under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from demo.cohort import SEED, Person, controls, later, patients
from demo.course import TIME_ZONE, Course, control_course, patient_course
from demo.draws import stream

Situation = Literal[
    "in screening",
    "infusion today",
    "rating due today",
    "rating late",
    "form unsigned",
    "queries open",
]

# Days from today on which the six infusions of each fall, first to sixth. Nobody's
# course asks whether today is a Sunday: the demo has to have work on any day.
_UNDER_WAY: dict[Situation, tuple[int, ...]] = {
    "in screening": (6, 8, 10, 13, 15, 17),
    "infusion today": (-4, -2, 0, 3, 5, 7),
    "rating due today": (-1, 1, 3, 6, 8, 10),
    "rating late": (-2, 1, 3, 5, 8, 10),
    "form unsigned": (-13, -11, -9, -6, -4, -2),
    "queries open": (-17, -15, -13, -10, -8, -6),
}

_PAINFUL_INFUSIONS = {True: 53, False: 23}
_NO_BLOOD = {
    True: ("the vein could not be found", "declined the draw"),
    False: (
        "declined the draw",
        "came after breakfast",
        "the tube broke in the centrifuge",
    ),
}


@dataclass(frozen=True)
class UnderWay:
    """One of the six beside the 66, and the work that waits there."""

    situation: Situation
    course: Course


@dataclass(frozen=True)
class Study:
    today: date
    patients: tuple[Course, ...]
    controls: tuple[Course, ...]
    under_way: tuple[UnderWay, ...]


def simulate(today: date, seed: int = SEED) -> Study:
    """The trial as it stands on the morning of `today`; the same for the same seed."""
    return Study(
        today=today,
        patients=_finished(today, seed),
        controls=tuple(
            control_course(person, _control_on(today, place), seed)
            for place, person in enumerate(controls(seed))
        ),
        under_way=_under_way(today, seed),
    )


def _finished(today: date, seed: int) -> tuple[Course, ...]:
    people = patients(seed)
    rng = stream(seed, 20)
    painful: dict[int, list[int]] = {}
    no_blood: dict[int, str] = {}
    for pain, count in _PAINFUL_INFUSIONS.items():
        members = [person.number for person in people if person.pain is pain]
        slots = [(number, infusion) for number in members for infusion in range(1, 7)]
        for place in rng.choice(len(slots), size=count, replace=False):
            number, infusion = slots[place]
            painful.setdefault(number, []).append(infusion)
        without = rng.choice(members, size=len(_NO_BLOOD[pain]), replace=False)
        no_blood |= dict(zip(map(int, without), _NO_BLOOD[pain], strict=True))
    return tuple(
        patient_course(
            person,
            _first_infusion_on(today, place, len(people)),
            until=datetime.combine(today, time(), TIME_ZONE),
            painful=painful.get(person.number, ()),
            blood_missing=no_blood.get(person.number, ""),
            seed=seed,
        )
        for place, person in enumerate(people)
    )


def _first_infusion_on(today: date, place: int, n: int) -> date:
    """Three new patients a week, on its first three days, the last of them so long
    ago that day 26 is over."""
    last_monday = today - timedelta(days=today.weekday() + 49)
    weeks = (n - 1 - place) // 3
    return last_monday - timedelta(weeks=weeks) + timedelta(days=place % 3)


def _control_on(today: date, place: int) -> date:
    monday = today - timedelta(days=today.weekday() + 28)
    return monday - timedelta(weeks=place // 3) + timedelta(days=place % 3)


def _under_way(today: date, seed: int) -> tuple[UnderWay, ...]:
    return tuple(
        UnderWay(situation, _course_of(situation, person, days, today, seed))
        for (situation, days), person in zip(
            _UNDER_WAY.items(), later(seed), strict=True
        )
    )


def _course_of(
    situation: Situation,
    person: Person,
    days: Sequence[int],
    today: date,
    seed: int,
) -> Course:
    """The course until this morning. The late rating was due yesterday and nobody
    came: that course stops a day earlier."""
    planned = [today + timedelta(days=day) for day in days]
    morning = datetime.combine(today, time(7), TIME_ZONE)
    if situation == "rating late":
        morning -= timedelta(days=1)
    return patient_course(
        person, planned[0], until=morning, planned_on=planned, seed=seed
    )
