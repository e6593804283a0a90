"""The simulated trial as the frames of a data cut: no database, of any size.

For measuring the analysis and for its tests; the columns are those of
`analysis.columns`, which the frames of a true cut have too.
"""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from analysis.columns import COLUMNS
from assessments.instruments import INSTRUMENTS, score
from demo.cohort import SEED
from demo.course import Course
from demo.cytokines import CYTOKINES, specimens
from demo.study import simulate

TODAY = date(2026, 11, 24)
PLATES = 7
Row = dict[str, object]


def cut_frames(copies: int = 1, seed: int = SEED) -> dict[str, pd.DataFrame]:
    """66 patients and 60 controls, `copies` times over with fresh draws each."""
    rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    for copy in range(copies):
        _add(rows, f"{copy:03}-" if copy else "", seed + copy)
    return {
        name: pd.DataFrame(rows[name], columns=list(columns))
        for name, columns in COLUMNS.items()
    }


def _add(rows: dict[str, list[Row]], prefix: str, seed: int) -> None:
    study = simulate(TODAY, seed)
    for course in (*study.patients, *study.controls):
        own = prefix + course.person.subject_id
        rows["participants"].append(_participant(own, course))
        rows["baseline"].append(_form(own, course))
        rows["ratings"] += _ratings(own, course)
    for place, tube in enumerate(specimens(study, seed)):
        own = prefix + tube.person.subject_id
        for cytokine, level in zip(CYTOKINES, tube.log10_pg_ml, strict=True):
            rows["cytokines"].append(
                {
                    "participant": own,
                    "visit": tube.visit,
                    "analyte": cytokine.code,
                    "concentration_pg_ml": 10**level,
                    "range_flag": "in_range",
                    "plate": f"{prefix}plate {place % PLATES + 1}",
                    "n_wells": 2,
                    "version": 1,
                    "lloq_pg_ml": cytokine.top_pg_ml / 4**6,
                }
            )


def _participant(own: str, course: Course) -> Row:
    return {
        "participant": own,
        "site": course.person.site,
        "arm": course.person.arm,
        "state": "completed",
        "enrolled_on": pd.Timestamp(course.enrolled_on or course.screened_on),
        "infusions_started": sum(i.started_at is not None for i in course.infusions),
    }


def _form(own: str, course: Course) -> Row:
    person, ill = course.person, course.person.illness
    on = course.enrolled_on or course.screened_on
    return {
        "participant": own,
        "birth_year": on.year - person.age_years,
        "sex": person.sex,
        "education_years": person.education_years,
        "employed": person.employed,
        "height_cm": person.height_cm,
        "weight_kg": person.weight_kg,
        "illness_months": ill and ill.months,
        "psychiatric_comorbidity": ill and ill.psychiatric_comorbidity,
        "family_history": ill and ill.family_history,
        "antidepressant_dose_mg_day": ill and ill.antidepressant_dose_mg_day,
        "antipsychotic": ill and ill.antipsychotic,
        "mood_stabiliser": ill and ill.mood_stabiliser,
        "benzodiazepine": ill and ill.benzodiazepine,
    }


def _ratings(own: str, course: Course) -> Iterator[Row]:
    first = course.infusions[0].started_at if course.infusions else None
    for visit in course.visits:
        on = visit.attended_at.date()
        day = None if first is None else (on - first.date()).days + 1
        for code, sheet in visit.sheets.items():
            head: Row = {"participant": own, "visit": visit.code, "instrument": code}
            head |= {"study_day": day and max(day, 1)}
            for item, value in sheet.items():
                yield {**head, "kind": "item", "measure": item, "value": value}
            for total in score(INSTRUMENTS[code], sheet).totals:
                measured = {"measure": total.code, "value": total.value}
                yield {**head, "kind": "total", **measured}
