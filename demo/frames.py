"""The simulated trial as the frames that an analysis would see: complete and plain.

For notebooks, documentation and tests of the statistics; nothing of it comes from the
database.
"""

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np
import pandas as pd

from assessments.instruments import INSTRUMENTS, score
from demo.cohort import SEED
from demo.course import Course, Visit
from demo.cytokines import BLOOD_VISITS, CYTOKINES, specimens
from demo.study import Study, simulate
from demo.totals import RATINGS

TODAY = date(2026, 11, 24)
GROUPS = ("non_pain", "pain")
# The pain line stands on a sheet of its own, but on three days in the SF-MPQ.
_PAIN_LINES = {"vas": "PAINVAS", "sfmpq": "SFMP117"}


def ratings(today: date = TODAY, seed: int = SEED) -> pd.DataFrame:
    """A row for each of the 8 ratings of 66 patients.

    Columns: `subject`; `group` (non_pain, pain); `visit`, its categories in the order
    of time; `day` since the first infusion (0 at baseline); `madrs` (0 to 60); `vas`
    (pain, 0 to 10 cm); `madrs_base`, the total at baseline.
    """
    rows = [row for course in simulate(today, seed).patients for row in _rated(course)]
    frame = pd.DataFrame(rows)
    frame["group"] = pd.Categorical(frame["group"], categories=GROUPS)
    frame["visit"] = pd.Categorical(frame["visit"], categories=RATINGS)
    return frame


def patients(today: date = TODAY, seed: int = SEED) -> pd.DataFrame:
    """A row for each of 66 patients.

    Columns: `subject`, `group`, `site`, `sex`, `age` (years), `bmi` (kg/m²);
    `madrs_base`, `madrs_day13`, `vas_base`, `vas_day13` (the day after the last
    infusion); `responded`, whether MADRS ever fell to half of its baseline, and
    `days`, when it first did, else the day of the last rating; `remission` ("yes" for
    MADRS at most 10 on day 13).
    """
    study = simulate(today, seed)
    frame = pd.DataFrame([_described(course) for course in study.patients])
    by_visit = ratings(today, seed).pivot(index="subject", columns="visit")
    by_visit = by_visit.loc[frame["subject"]]
    frame["group"] = pd.Categorical(frame["group"], categories=GROUPS)
    for name in ("madrs", "vas"):
        for visit, suffix in (("baseline", "base"), ("day13", "day13")):
            frame[f"{name}_{suffix}"] = by_visit[name, visit].to_numpy()
    madrs, days = by_visit["madrs"].to_numpy(), by_visit["day"].to_numpy()
    halved = np.asarray(madrs <= madrs[:, :1] / 2)
    responded = halved.any(axis=1)
    first = np.where(responded, halved.argmax(axis=1), len(RATINGS) - 1)
    frame["responded"] = pd.Series(responded)
    frame["days"] = days[np.arange(len(frame)), first]
    frame["remission"] = np.where(frame["madrs_day13"] <= 10, "yes", "no")
    return frame


def cytokines(today: date = TODAY, seed: int = SEED) -> pd.DataFrame:
    """A row for each of 66 patients, a column for each cytokine and visit.

    Columns: `subject`, `group`, and log10 of pg/mL under the CDISC code of the analyte
    and the visit: `INTLK6_baseline`, `INTLK6_day13`, `INTLK6_day26`. Missing where no
    blood was drawn.
    """
    study = simulate(today, seed)
    frame = pd.DataFrame(
        {"subject": c.person.subject_id, "group": _group(c)} for c in study.patients
    )
    frame["group"] = pd.Categorical(frame["group"], categories=GROUPS)
    levels = _levels(study, seed)
    for place, cytokine in enumerate(CYTOKINES):
        for visit in BLOOD_VISITS:
            frame[f"{cytokine.code}_{visit}"] = [
                levels[subject, visit][place] if (subject, visit) in levels else np.nan
                for subject in frame["subject"]
            ]
    return frame


def _levels(study: Study, seed: int) -> dict[tuple[str, str], tuple[float, ...]]:
    return {
        (tube.person.subject_id, tube.visit): tube.log10_pg_ml
        for tube in specimens(study, seed)
    }


def _group(course: Course) -> str:
    return GROUPS[course.person.pain]


def _rated(course: Course) -> Iterator[dict[str, object]]:
    totals = {code: _totals(course.visit(code)) for code in RATINGS}
    start = course.infusions[0].started_at
    assert start is not None
    for code, (madrs, vas) in totals.items():
        yield {
            "subject": course.person.subject_id,
            "group": _group(course),
            "visit": code,
            "day": _day(course.visit(code), start),
            "madrs": madrs,
            "vas": vas,
            "madrs_base": totals["baseline"][0],
        }


def _day(visit: Visit, start: datetime) -> int:
    return max(0, (visit.attended_at.date() - start.date()).days)


def _totals(visit: Visit) -> tuple[float, float]:
    """The MADRS total and the pain line in cm."""
    madrs = score(INSTRUMENTS["madrs"], visit.sheets["madrs"]).value("MADRS111")
    (line,) = [name for name in _PAIN_LINES if name in visit.sheets]
    sheet = score(INSTRUMENTS[line], visit.sheets[line])
    vas = sheet.value(_PAIN_LINES[line])
    assert madrs is not None
    assert vas is not None
    return madrs, vas


def _described(course: Course) -> dict[str, object]:
    person = course.person
    return {
        "subject": person.subject_id,
        "group": _group(course),
        "site": person.site,
        "sex": person.sex,
        "age": person.age_years,
        "bmi": person.weight_kg / (person.height_cm / 100) ** 2,
    }
