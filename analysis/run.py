"""One analysis of a plan over the frames of a cut: plain values that JSON can hold.

Pure, and the same bytes for the same cut and plan: rows are taken in the order of the
participants' ids, and nothing depends on a clock, a place or the number of threads.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from scipy.special import stdtrit

from analysis.plan import ByPainGroup, Course, Endpoint, PainSource, Plan, Scale
from analysis.statistics import contingency
from trial.eligibility import pain_group

Frames = Mapping[str, pd.DataFrame]
Values = dict[str, Any]

GROUPS = ("no-pain", "pain")
# More lines than this hide each other: a sample is drawn, and said.
MOST_LINES = 200


def analyse(plan: Plan, code: str, frames: Frames) -> Values:
    """The result of the plan's analysis `code`.

    Raises ValueError, in a statistician's words, where it cannot be done with these
    rows, and KeyError for a code that the plan has not.
    """
    analysis = plan.analysis(code)
    people = population(plan, frames)
    match analysis:
        case ByPainGroup():
            result = by_pain_group(plan, analysis, people, frames["ratings"])
        case Course():
            result = course(plan, analysis, people, frames["ratings"])
    return {"population": population_facts(plan, people), **result}


def as_bytes(result: Values) -> bytes:
    """The result as it is hashed: sorted keys, no spaces, no NaN."""
    text = json.dumps(
        result,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return text.encode()


def sha256_of(result: Values) -> str:
    return hashlib.sha256(as_bytes(result)).hexdigest()


def population(plan: Plan, frames: Frames) -> pd.DataFrame:
    """Participants of the plan's arm: `participant`, `enough` infusions, `group`.

    `group` is pain, no-pain, or None where the baseline answers do not decide it.
    """
    everybody = frames["participants"]
    people = everybody.loc[everybody["arm"] == plan.population.arm]
    people = people.sort_values("participant", ignore_index=True)
    groups = pain_groups(plan.pain, frames["ratings"])
    return pd.DataFrame(
        {
            "participant": people["participant"],
            "enough": people["infusions_started"] >= plan.population.least_infusions,
            "group": [groups.get(one) for one in people["participant"]],
        }
    )


def pain_groups(source: PainSource, ratings: pd.DataFrame) -> dict[str, str | None]:
    """The pain group of each participant who has the sheet that decides it."""
    sheet = ratings.loc[
        (ratings["visit"] == source.visit)
        & (ratings["instrument"] == source.instrument)
        & (ratings["kind"] == "item")
    ]
    found: dict[str, str | None] = {}
    for participant, rows in sheet.groupby("participant"):
        values = {
            item: None if math.isnan(value) else int(value)
            for item, value in zip(rows["measure"], rows["value"], strict=True)
        }
        pain = pain_group(
            source.rule,
            vas_mm=values.get(source.vas_mm),
            ppi=values.get(source.ppi),
            descriptors=[values.get(code) for code in source.descriptors],
        ).pain
        found[str(participant)] = None if pain is None else GROUPS[pain]
    return found


def population_facts(plan: Plan, people: pd.DataFrame) -> Values:
    """How many there are, and who of the cut's arm is not, by reason."""
    used = analysed(people)
    few = int((~people["enough"]).sum())
    no_group = int((people["enough"] & people["group"].isna()).sum())
    return {
        "code": plan.population.code,
        "n": len(used),
        "groups": {group: int((used["group"] == group).sum()) for group in GROUPS},
        "excluded": [
            {"reason": reason, "n": n}
            for reason, n in (("too few infusions", few), ("no pain group", no_group))
            if n
        ],
    }


def analysed(people: pd.DataFrame) -> pd.DataFrame:
    return people.loc[people["enough"] & people["group"].notna()]


def totals(
    ratings: pd.DataFrame, scale: Scale, visits: tuple[str, ...]
) -> pd.DataFrame:
    """One row a participant, one column a visit, NaN where there is no total."""
    rows = ratings.loc[
        (ratings["instrument"] == scale.instrument)
        & (ratings["kind"] == "total")
        & (ratings["measure"] == scale.measure)
        & ratings["visit"].isin(visits)
    ]
    wide = rows.pivot(index="participant", columns="visit", values="value")
    return wide.reindex(columns=list(visits)).sort_index()


def reached(endpoint: Endpoint, wide: pd.DataFrame) -> pd.Series:
    """ "yes", "no", or None where a total that decides it is missing."""
    value = wide[endpoint.visit]
    if endpoint.rule == "at_most":
        known, met = value.notna(), value <= endpoint.threshold
    else:
        start = wide[endpoint.from_visit]
        known = value.notna() & start.notna() & (start > 0)
        met = start - value >= endpoint.threshold * start
    return met.map({True: "yes", False: "no"}).astype("object").where(known, None)


def by_pain_group(
    plan: Plan, analysis: ByPainGroup, people: pd.DataFrame, ratings: pd.DataFrame
) -> Values:
    endpoint = analysis.endpoint
    visits = tuple(v for v in (endpoint.from_visit, endpoint.visit) if v)
    outcome = reached(endpoint, totals(ratings, endpoint.scale, visits))
    rows = analysed(people).merge(
        outcome.rename("event"), left_on="participant", right_index=True, how="left"
    )
    frame = pd.DataFrame(
        {
            "group": pd.Categorical(rows["group"], categories=list(GROUPS)),
            "event": pd.Categorical(rows["event"], categories=["no", "yes"]),
        }
    )
    test = contingency(frame, "group", "event", confidence=plan.confidence)
    return {
        "kind": "by_pain_group",
        "endpoint": endpoint.code,
        "groups": [counted(frame, group) for group in GROUPS],
        "test": test.to_dict(),
    }


def counted(frame: pd.DataFrame, group: str) -> Values:
    known = frame.loc[(frame["group"] == group) & frame["event"].notna()]
    events = int((known["event"] == "yes").sum())
    return {
        "group": group,
        "n": len(known),
        "events": events,
        "percent": 100 * events / len(known) if len(known) else None,
        "missing": int((frame["group"] == group).sum()) - len(known),
    }


def course(
    plan: Plan, analysis: Course, people: pd.DataFrame, ratings: pd.DataFrame
) -> Values:
    """Means with t intervals by group and visit, and the lines of single people."""
    used = analysed(people).set_index("participant")["group"]
    visits = tuple(point.visit for point in analysis.points)
    wide = totals(ratings, analysis.scale, visits).reindex(used.index)
    if not wide.notna().to_numpy().any():
        raise ValueError(f"Nobody has a total of {analysis.scale.name} at any visit.")
    means = [
        {
            "group": group,
            "visit": point.visit,
            "day": point.day,
            **mean_of(wide.loc[used == group, point.visit], plan.confidence),
        }
        for group in GROUPS
        for point in analysis.points
    ]
    values = dict(zip(wide.index, wide.to_numpy().tolist(), strict=True))
    shown = sample(list(used.index))
    lines = [
        {
            "group": used[one],
            "values": [None if math.isnan(v) else v for v in values[one]],
        }
        for one in shown
    ]
    return {
        "kind": "course",
        "confidence": plan.confidence,
        "days": [point.day for point in analysis.points],
        "means": means,
        "lines": lines,
        "lines_of": len(used),
    }


def mean_of(values: pd.Series, confidence: float) -> Values:
    """n, mean, SD and t interval; None for what so few values do not give."""
    known = sorted(values.dropna().tolist())
    n = len(known)
    mean = math.fsum(known) / n if n else None
    if mean is None or n < 2:
        return {"n": n, "mean": mean, "sd": None, "lower": None, "upper": None}
    sd = math.sqrt(math.fsum((v - mean) ** 2 for v in known) / (n - 1))
    reach = float(stdtrit(n - 1, (1 + confidence) / 2)) * sd / math.sqrt(n)
    return {
        "n": n,
        "mean": mean,
        "sd": sd,
        "lower": mean - reach,
        "upper": mean + reach,
    }


def sample(participants: list[str], most: int = MOST_LINES) -> list[str]:
    """All of them, or `most` at even steps through the order of their ids."""
    n = len(participants)
    if n <= most:
        return participants
    return [participants[i * n // most] for i in range(most)]
