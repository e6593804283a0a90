"""The matched cohort as the frames of a data cut, so that the whole plan can run on it.

What the paper prints is exact (`matched_cohort`). What it does not print, courses
between baseline and day 13, levels at baseline and the controls, is filled in plainly:
every number that rests on it shows that the plan runs, and nothing of the trial.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.columns import COLUMNS
from analysis.paper.cohort import matched_cohort
from analysis.paper.table2 import CHANGES
from analysis.plan import Scale
from analysis.plans.parts import ANALYTES, PAIN, SCALES, points_of

Row = dict[str, object]
N_CONTROLS = 60
ENROLLED = pd.Timestamp("2017-01-01")
YES_NO = (
    "employed",
    "psychiatric_comorbidity",
    "family_history",
    "antipsychotic",
    "mood_stabiliser",
    "benzodiazepine",
)
# A person of 160 cm has the BMI that the cohort says.
HEIGHT_CM = 160.0


def matched_frames() -> dict[str, pd.DataFrame]:
    """The same every time."""
    cohort = matched_cohort()
    cohort["participant"] = [f"M-{place:02}" for place in range(1, len(cohort) + 1)]
    rng = np.random.default_rng(17012239)
    rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    for _place, person in cohort.iterrows():
        rows["participants"].append(_participant(person["participant"], "patient", 6))
        rows["baseline"].append(_form(person))
        for scale in SCALES:
            rows["ratings"] += _ratings(person, scale, rng)
        rows["ratings"] += _sheet(person)
        rows["cytokines"] += _levels(person, rng)
    for place in range(N_CONTROLS):
        own = f"C-{place:02}"
        rows["participants"].append(_participant(own, "control", 0))
        rows["baseline"].append(_control(own, cohort.iloc[place]))
        for code, _name in ANALYTES:
            rows["cytokines"].append(_level(own, "control", code, rng.normal()))
    return {
        name: pd.DataFrame(rows[name], columns=list(columns))
        for name, columns in COLUMNS.items()
    }


def _participant(own: str, arm: str, infusions: int) -> Row:
    return {
        "participant": own,
        "arm": arm,
        "state": "completed",
        "enrolled_on": ENROLLED,
        "infusions_started": infusions,
    }


def _form(person: pd.Series) -> Row:
    return {
        "participant": person["participant"],
        "birth_year": ENROLLED.year - person["age_years"],
        "sex": "M" if person["male"] == "yes" else "F",
        "education_years": person["education_years"],
        "height_cm": HEIGHT_CM,
        "weight_kg": person["bmi_kg_m2"] * (HEIGHT_CM / 100) ** 2,
        "illness_months": person["illness_months"],
        "antidepressant_dose_mg_day": person["antidepressant_mg_day"],
        **{name: person[name] == "yes" for name in YES_NO},
    }


def _control(own: str, like: pd.Series) -> Row:
    """Controls were matched by age and sex; the paper prints nothing else of them."""
    return {**_form(like), "participant": own, "employed": True}


def _ratings(
    person: pd.Series, scale: Scale, rng: np.random.Generator
) -> Iterator[Row]:
    """Straight from baseline to the last visit that is printed, with some noise."""
    start = float(person[f"{scale.code}_baseline"])
    end = float(person.get(f"{scale.code}_day13", start / 2))
    for point in points_of(scale):
        share = min(point.day, 13) / 13
        value = start + (end - start) * share + rng.normal(scale=0.2)
        if point.visit == "baseline":
            value = start
        elif point.visit == "day13" and scale.code == "madrs":
            value = end
        yield {
            "participant": person["participant"],
            "visit": point.visit,
            "instrument": scale.instrument,
            "kind": "total",
            "measure": scale.measure,
            "value": value,
        }


def _sheet(person: pd.Series) -> Iterator[Row]:
    """Answers that put everybody into the group that the cohort has them in."""
    vas = 40.0 if person["group"] == "pain" else 0.0
    items = {PAIN.vas_mm: vas, PAIN.ppi: 0.0, **dict.fromkeys(PAIN.descriptors, 0.0)}
    for item, value in items.items():
        yield {
            "participant": person["participant"],
            "visit": PAIN.visit,
            "instrument": PAIN.instrument,
            "kind": "item",
            "measure": item,
            "value": value,
        }


def _levels(person: pd.Series, rng: np.random.Generator) -> Iterator[Row]:
    printed = dict.fromkeys(change.analyte for change in CHANGES)
    for (code, _name), analyte in zip(ANALYTES, printed, strict=True):
        own = person["participant"]
        for day in (13, 26):
            yield _level(own, f"day{day}", code, float(person[f"{analyte}_day{day}"]))
        first = float(person[f"{analyte}_day13"]) + rng.normal(scale=0.1)
        yield _level(own, "baseline", code, first)


def _level(own: str, visit: str, code: str, log_level: float) -> Row:
    return {
        "participant": own,
        "visit": visit,
        "analyte": code,
        "concentration_pg_ml": float(np.exp(log_level)),
        "range_flag": "in_range",
        "plate": "none",
    }
