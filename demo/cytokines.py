"""True concentrations of 19 cytokines in each specimen of the simulated trial.

Means and SDs by group and visit are those of Table 2 of the published trial; baselines
follow from its t values. They are read as log10 of pg/mL, which the paper leaves open.
They stand in cytokines.csv beside this file.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from demo.cohort import SEED, Person
from demo.course import Course
from demo.draws import Floats, stream
from demo.study import Study

BLOOD_VISITS = ("baseline", "day13", "day26")


@dataclass(frozen=True)
class Levels:
    """Mean log10 level at baseline, day 13, day 26, and the SD of a visit."""

    means: tuple[float, float, float]
    sd: float


@dataclass(frozen=True)
class Cytokine:
    """`code` is the CDISC LBTESTCD, `name` the spelling in the instrument's files.

    `top_pg_ml` is the highest standard and `bead` the region: both are made up, since
    the kit's booklet is not public.
    """

    code: str
    name: str
    no_pain: Levels
    pain: Levels
    control: float
    top_pg_ml: float
    bead: int

    def levels_of(self, person: Person) -> Levels:
        if person.arm == "control":
            return Levels((self.control,) * 3, self.no_pain.sd)
        return self.pain if person.pain else self.no_pain


@dataclass(frozen=True)
class Specimen:
    """One tube of plasma; `log10_pg_ml` holds the cytokines in the order of
    CYTOKINES."""

    code: str
    person: Person
    visit: str
    log10_pg_ml: tuple[float, ...]


def _levels_in(row: Mapping[str, str], group: str) -> Levels:
    baseline, day13, day26 = (float(row[f"{group}_{day}"]) for day in BLOOD_VISITS)
    return Levels((baseline, day13, day26), float(row[f"{group}_sd"]))


def _read_table() -> tuple[Cytokine, ...]:
    table = Path(__file__).with_suffix(".csv").read_text(encoding="ascii")
    return tuple(
        Cytokine(
            code=row["code"],
            name=row["name"],
            no_pain=_levels_in(row, "no_pain"),
            pain=_levels_in(row, "pain"),
            control=float(row["control"]),
            top_pg_ml=float(row["top_pg_ml"]),
            bead=int(row["bead"]),
        )
        for row in csv.DictReader(table.splitlines())
    )


CYTOKINES = _read_table()
_IL6 = [cytokine.name for cytokine in CYTOKINES].index("IL-6")

# How a level varies inside its group: half of it between people, a third of that for
# all cytokines alike, the rest from visit to visit.
_ALL_ALIKE, _OF_ONE, _OF_VISIT = 0.52, 0.70, 0.49


def specimens(study: Study, seed: int = SEED) -> tuple[Specimen, ...]:
    """The 253 tubes of the finished courses, with what is truly in them."""
    codes = bar_codes(study, seed)
    found: list[Specimen] = []
    for group in (
        [course for course in study.patients if course.person.pain],
        [course for course in study.patients if not course.person.pain],
        list(study.controls),
    ):
        levels = _levels(group, stream(seed, 30, len(found)))
        for place, course in enumerate(group):
            for visit in course.visits:
                if visit.drawn_at is None:
                    continue
                code = codes[course.person.subject_id, visit.code]
                day = _day(visit.code)
                true = tuple(float(level) for level in levels[place, day])
                found.append(Specimen(code, course.person, visit.code, true))
    return tuple(found)


def bar_codes(study: Study, seed: int = SEED) -> dict[tuple[str, str], str]:
    """The code on each tube drawn, by participant and visit. Codes are in random
    order: they tell the laboratory neither person, group nor visit."""
    courses = (
        *study.patients,
        *study.controls,
        *(under_way.course for under_way in study.under_way),
    )
    drawn = [
        (course.person.subject_id, visit.code)
        for course in courses
        for visit in course.visits
        if visit.drawn_at is not None
    ]
    numbers = stream(seed, 31).permutation(len(drawn))
    return {
        key: f"SX{number + 1:04}" for key, number in zip(drawn, numbers, strict=True)
    }


def _day(visit: str) -> int:
    return BLOOD_VISITS.index(visit) if visit in BLOOD_VISITS else 0


def _levels(group: list[Course], rng: np.random.Generator) -> Floats:
    """Log10 levels, person x visit x cytokine, whose means and SDs by visit are
    exactly those wanted. In the pain group IL-6 falls further, the greater the
    person's gain."""
    n, visits, analytes = len(group), len(BLOOD_VISITS), len(CYTOKINES)
    alike = rng.normal(size=(n, 1, 1))
    of_one = rng.normal(size=(n, 1, analytes))
    of_visit = rng.normal(size=(n, visits, analytes))
    first = group[0].person
    if first.pain:
        illnesses = [course.person.illness for course in group]
        gains = np.asarray([illness.gain for illness in illnesses if illness])
        of_visit[:, 1:, _IL6] = of_visit[:, 1:, _IL6] * 0.7 - gains[:, None] * 0.9
    drawn = _ALL_ALIKE * alike + _OF_ONE * of_one + _OF_VISIT * of_visit
    drawn -= drawn.mean(axis=0)
    drawn /= drawn.std(axis=0, ddof=1)
    wanted = [cytokine.levels_of(first) for cytokine in CYTOKINES]
    means = np.asarray([levels.means for levels in wanted]).T
    sds = np.asarray([levels.sd for levels in wanted])
    levels: Floats = means + sds * drawn
    return levels
