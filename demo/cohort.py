"""The people of the simulated trial: 33 patients with pain, 33 without, 60 controls.

Means, spreads and counts are those of Table 1 of the published trial
(ChiCTR-OOC-17012239); no value belongs to a real person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from demo.draws import chosen, following, shaped, stream
from trial.protocol import Arm

SEED = 17012239
SITES = ("01", "02")

Outcome = Literal["remission", "response", "none"]
Moments = tuple[float, float]
"""A mean and its SD."""


@dataclass(frozen=True)
class Illness:
    """What only patients have, at baseline. `outcome` is the one at day 13; `gain` is
    the hidden tendency to improve, to which the falls of pain and IL-6 are tied."""

    months: int
    psychiatric_comorbidity: bool
    family_history: bool
    antidepressant_dose_mg_day: int
    antipsychotic: bool
    mood_stabiliser: bool
    benzodiazepine: bool
    hamd17: int
    madrs: int
    vas_mm: int
    sensory: int
    affective: int
    ppi: int
    outcome: Outcome
    gain: float


@dataclass(frozen=True)
class Person:
    number: int
    site: str
    arm: Arm
    pain: bool
    sex: Literal["F", "M"]
    age_years: int
    education_years: int
    employed: bool
    height_cm: float
    weight_kg: float
    illness: Illness | None = None

    @property
    def subject_id(self) -> str:
        return f"{self.site}-{self.number:03}"

    @property
    def bmi_kg_m2(self) -> float:
        return self.weight_kg / (self.height_cm / 100) ** 2


@dataclass(frozen=True)
class Demography:
    """Counts out of `n`, means and SDs."""

    n: int
    male: int
    employed: int
    age: Moments
    education: Moments
    bmi: Moments


@dataclass(frozen=True)
class PatientGroup:
    """One column of Table 1."""

    pain: bool
    people: Demography
    illness_months: Moments
    antidepressant: Moments
    madrs: Moments
    comorbidity: int
    family_history: int
    antipsychotic: int
    mood_stabiliser: int
    benzodiazepine: int
    responders: int
    remitters: int


PAIN = PatientGroup(
    pain=True,
    people=Demography(33, 16, 13, (36.8, 11.8), (11.1, 3.4), (23.4, 3.4)),
    illness_months=(95.6, 84.5),
    antidepressant=(43.4, 21.2),
    madrs=(32.1, 6.4),
    comorbidity=3,
    family_history=10,
    antipsychotic=18,
    mood_stabiliser=6,
    benzodiazepine=15,
    responders=24,
    remitters=17,
)
NO_PAIN = PatientGroup(
    pain=False,
    people=Demography(33, 13, 18, (34.8, 11.5), (13.2, 2.9), (22.0, 3.6)),
    illness_months=(77.9, 67.9),
    antidepressant=(36.8, 21.4),
    madrs=(31.2, 8.8),
    comorbidity=8,
    family_history=10,
    antipsychotic=21,
    mood_stabiliser=8,
    benzodiazepine=12,
    responders=16,
    remitters=9,
)
# The paper gives no table of its controls but that they match by age and sex.
CONTROLS = Demography(60, 26, 44, (35.8, 11.6), (14.0, 2.8), (22.0, 2.6))
LATER = 6

VAS_MM: Moments = (48, 22)
SENSORY: Moments = (4.5, 3.8)
AFFECTIVE: Moments = (4.3, 3.1)
PPI: Moments = (2.3, 1.1)


def patients(seed: int = SEED) -> tuple[Person, ...]:
    """The 66, those with pain and those without in mixed order."""
    groups = (*_patients(PAIN, seed), *_patients(NO_PAIN, seed))
    return _numbered(groups, stream(seed, 3), first=1)


def controls(seed: int = SEED) -> tuple[Person, ...]:
    """60 healthy controls of the patients' age and sex."""
    rng = stream(seed, 4)
    people = _people(rng, "control", False, CONTROLS, [None] * CONTROLS.n)
    return _numbered(people, rng, first=101)


def later(seed: int = SEED) -> tuple[Person, ...]:
    """Six more patients, like the 66, for whom the trial is still running."""
    return tuple(
        replace(person, number=67 + place)
        for place, person in enumerate(patients(seed + 1)[:LATER])
    )


def _numbered(
    people: Sequence[Person], rng: np.random.Generator, first: int
) -> tuple[Person, ...]:
    order = rng.permutation(len(people))
    return tuple(
        replace(people[place], number=number, site=SITES[number % len(SITES) - 1])
        for number, place in enumerate(order, first)
    )


def _patients(group: PatientGroup, seed: int) -> tuple[Person, ...]:
    rng = stream(seed, 1, int(group.pain))
    illnesses = _illnesses(group, rng)
    return _people(rng, "patient", group.pain, group.people, illnesses)


def _people(
    rng: np.random.Generator,
    arm: Arm,
    pain: bool,
    like: Demography,
    illnesses: Sequence[Illness | None],
) -> tuple[Person, ...]:
    male = chosen(rng, like.n, like.male)
    employed = chosen(rng, like.n, like.employed)
    ages = shaped(rng, *like.age, like.n, low=18, high=65)
    months = np.asarray([illness.months if illness else 0 for illness in illnesses])
    # Nobody has been ill for longer than since childhood.
    ages = following(rng, ages, months.astype(float), scatter=0.3)
    education = shaped(rng, *like.education, like.n, low=3, high=20)
    bmi = shaped(rng, *like.bmi, like.n, low=16, high=34, step=0.1)
    heights = np.round(rng.normal(np.where(male, 172, 160), 6), 1)
    weights = np.round(bmi * (heights / 100) ** 2, 1)
    return tuple(
        Person(
            number=0,
            site="",
            arm=arm,
            pain=pain,
            sex="M" if male[place] else "F",
            age_years=int(ages[place]),
            education_years=int(education[place]),
            employed=bool(employed[place]),
            height_cm=float(heights[place]),
            weight_kg=float(weights[place]),
            illness=illness,
        )
        for place, illness in enumerate(illnesses)
    )


def _illnesses(group: PatientGroup, rng: np.random.Generator) -> list[Illness]:
    n = group.people.n
    months = shaped(rng, *group.illness_months, n, low=3, high=400)
    doses = shaped(rng, *group.antidepressant, n, low=0, high=100)
    madrs = shaped(rng, *group.madrs, n, low=14, high=54)
    hamd17 = np.clip(np.round(madrs * 0.55 + rng.normal(7, 2, n)), 17, 44)
    gains = rng.normal(size=n)
    outcomes = _outcomes(group, gains, madrs)
    comorbid = chosen(rng, n, group.comorbidity)
    family = chosen(rng, n, group.family_history)
    antipsychotic = chosen(rng, n, group.antipsychotic)
    stabiliser = chosen(rng, n, group.mood_stabiliser)
    benzodiazepine = chosen(rng, n, group.benzodiazepine)
    pain = _pain_scales(rng, n) if group.pain else np.zeros((n, 4))
    return [
        Illness(
            months=int(months[place]),
            psychiatric_comorbidity=bool(comorbid[place]),
            family_history=bool(family[place]),
            antidepressant_dose_mg_day=int(doses[place]),
            antipsychotic=bool(antipsychotic[place]),
            mood_stabiliser=bool(stabiliser[place]),
            benzodiazepine=bool(benzodiazepine[place]),
            hamd17=int(hamd17[place]),
            madrs=int(madrs[place]),
            vas_mm=int(pain[place, 0]),
            sensory=int(pain[place, 1]),
            affective=int(pain[place, 2]),
            ppi=int(pain[place, 3]),
            outcome=outcomes[place],
            gain=float(gains[place]),
        )
        for place in range(n)
    ]


def _pain_scales(
    rng: np.random.Generator, n: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """VAS, sensory, affective and PPI of the pain group: those with much pain on one
    scale tend to have much on the others, so each column follows one hidden rank."""
    hidden = rng.normal(size=n)
    columns = (
        shaped(rng, *VAS_MM, n, low=3, high=96),
        shaped(rng, *SENSORY, n, low=0, high=20),
        shaped(rng, *AFFECTIVE, n, low=0, high=12),
        shaped(rng, *PPI, n, low=1, high=5),
    )
    scales = np.empty((n, len(columns)))
    for place, values in enumerate(columns):
        scales[:, place] = following(rng, values, hidden, scatter=0.8)
    return scales


def _outcomes(
    group: PatientGroup,
    gains: np.ndarray[tuple[int], np.dtype[np.float64]],
    madrs: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> list[Outcome]:
    """Who responds and who remits: the highest gains. Half of a baseline under 24 is
    so near the limit of remission that these responders remit."""
    by_gain = [int(place) for place in np.argsort(-gains)]
    responders = by_gain[: group.responders]
    near = sorted(responders, key=lambda place: madrs[place] >= 24)
    remitters = set(near[: group.remitters])
    outcomes: list[Outcome] = ["none"] * len(gains)
    for place in responders:
        outcomes[place] = "remission" if place in remitters else "response"
    return outcomes
