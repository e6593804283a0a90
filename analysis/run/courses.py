"""A scale over the visits, and the time to an endpoint."""

import math

import pandas as pd

from analysis.plan import Course, Population, Survival
from analysis.run.data import Data
from analysis.run.groups import GROUPS
from analysis.run.ratings import totals
from analysis.run.shape import Values, as_estimate, as_test, head, plain
from analysis.run.tables import mean_of
from analysis.statistics import cox, kaplan_meier, logrank

# More lines than this hide each other: a sample is drawn, and said.
MOST_LINES = 200


def course(data: Data, analysis: Course, population: Population) -> Values:
    """Means with t intervals by group and visit, and the lines of single people."""
    used = data.groups(population)
    visits = tuple(point.visit for point in analysis.points)
    wide = totals(data.frames["ratings"], analysis.scale, visits).reindex(used.index)
    if not wide.notna().to_numpy().any():
        raise ValueError(f"Nobody has a total of {analysis.scale.name} at any visit.")
    means = [
        {
            "group": group,
            "visit": point.visit,
            "day": point.day,
            **mean_of(wide.loc[used == group, point.visit], data.plan.confidence),
        }
        for group in GROUPS
        for point in analysis.points
    ]
    values = dict(zip(wide.index, wide.to_numpy().tolist(), strict=True))
    lines = [
        {
            "participant": one,
            "group": used[one],
            "values": [None if math.isnan(v) else v for v in values[one]],
        }
        for one in sample(list(used.index))
    ]
    return {
        "kind": "course",
        "confidence": data.plan.confidence,
        "days": [point.day for point in analysis.points],
        "means": means,
        "lines": lines,
        "lines_of": len(used),
        **plain("Means with t intervals", len(used)),
    }


def sample(participants: list[str], most: int = MOST_LINES) -> list[str]:
    """All of them, or `most` at even steps through the order of their ids."""
    n = len(participants)
    if n <= most:
        return participants
    return [participants[i * n // most] for i in range(most)]


def survival(data: Data, analysis: Survival, population: Population) -> Values:
    times = data.times(analysis.endpoint, population, analysis.points)
    starts = f"{analysis.endpoint.scale.code}_baseline"
    table = data.table(population, data.measures_in((starts,)))
    frame = table.assign(days=times["days"].to_numpy(), event=times["event"].to_numpy())
    frame = frame.loc[frame["days"].notna()]
    curves = kaplan_meier(
        frame,
        "days",
        "event",
        "group",
        horizon=analysis.horizon,
        confidence=data.plan.confidence,
    )
    test = logrank(frame, "days", "event", "group")
    found = head(curves)
    found["tests"] = [
        as_test("log-rank", "chi2", test.chi2, [test.df], test.p, analysis.family)
    ]
    if analysis.cox:
        _add_cox(found, analysis.cox, frame)
    return {
        "kind": "survival",
        "endpoint": analysis.endpoint.code,
        "curves": curves.to_dict(),
        "logrank": test.to_dict(),
        **found,
    }


def _add_cox(found: Values, formula: str, frame: pd.DataFrame) -> None:
    model = cox(formula, frame, "days", "event")
    whole = model.to_dict()
    found["cox"] = whole
    found["converged"] = found["converged"] and model.converged
    found["warnings"] += whole["warnings"]
    found["method"] += f"; log-rank; {model.method}"
    found["estimates"] = [
        {
            **as_estimate(row["term"], row),
            "estimate": row["hazard_ratio"],
            "lower": row["hazard_ratio_lower"],
            "upper": row["hazard_ratio_upper"],
            "scale": "hazard ratio",
        }
        for row in whole["coefficients"]
    ]
