"""Totals by visit: how depression and pain fall over the course, and for whom."""

import numpy as np

from demo.answers import PainTotals
from demo.cohort import Illness, Person

RATINGS = (
    "baseline",
    "day2",
    "day4",
    "day6",
    "day9",
    "day11",
    "day13",
    "day26",
)
SFMPQ_VISITS = ("baseline", "day13", "day26")

# Share of the whole fall of MADRS reached 24 h after each infusion. Patients with pain
# are ahead most after the third, where the paper has its largest difference.
_FALLEN = {
    True: (0.0, 0.41, 0.55, 0.73, 0.84, 0.92, 1.0),
    False: (0.0, 0.40, 0.51, 0.64, 0.77, 0.90, 1.0),
}
# Share of the baseline's pain that is left at each rating.
_PAIN_LEFT = (1.0, 0.45, 0.36, 0.30, 0.25, 0.20, 0.10, 0.16)


def madrs_totals(person: Person, rng: np.random.Generator) -> dict[str, int]:
    """The MADRS total at each rating; day 13 keeps the person's outcome exactly."""
    illness = _of(person)
    last = _madrs_day_13(illness, rng)
    fall = illness.madrs - last
    totals = [illness.madrs]
    for share in _FALLEN[person.pain][1:-1]:
        wobble = rng.normal(scale=2.2)
        totals.append(round(illness.madrs - share * fall + wobble))
    totals += [last, round(last + rng.normal(1.5, 3.5))]
    return {
        visit: int(np.clip(total, 0, 60))
        for visit, total in zip(RATINGS, totals, strict=True)
    }


def pain_left(person: Person, rng: np.random.Generator) -> dict[str, float]:
    """Share of the baseline's pain left at each rating: less, the greater the gain."""
    slope = np.exp(-0.5 * _of(person).gain)
    shares = [1.0]
    for share in _PAIN_LEFT[1:]:
        shares.append(float(share * slope * np.exp(rng.normal(scale=0.35))))
    return {
        visit: min(share, 1.2) for visit, share in zip(RATINGS, shares, strict=True)
    }


def pain_totals(person: Person, left: float, rng: np.random.Generator) -> PainTotals:
    """The pain scales with that share of the baseline left. Without pain at baseline
    a faint line is drawn now and then, and no word is chosen for it."""
    illness = _of(person)
    if not person.pain:
        faint = left < 1 and rng.random() < 0.08
        return PainTotals(0, 0, 0, int(rng.integers(1, 7)) if faint else 0)
    mm = min(100, round(illness.vas_mm * left))
    if mm == 0:
        return PainTotals(0, 0, 0, 0)
    return PainTotals(
        sensory=round(illness.sensory * left),
        affective=min(12, round(illness.affective * left)),
        ppi=min(5, round(illness.ppi * left**0.5)),
        vas_mm=mm,
    )


def _madrs_day_13(illness: Illness, rng: np.random.Generator) -> int:
    """A total inside what the outcome means: at most half of the baseline is a
    response, at most 10 a remission."""
    half = illness.madrs // 2
    if illness.outcome == "remission":
        return int(rng.integers(2, min(10, half) + 1))
    if illness.outcome == "response":
        return int(rng.integers(11, half + 1))
    least = max(11, half + 1)
    most = max(least, round(illness.madrs * 0.92))
    return int(rng.integers(least, most + 1))


def _of(person: Person) -> Illness:
    if person.illness is None:
        raise ValueError(f"{person.subject_id} is a control and has no course")
    return person.illness
