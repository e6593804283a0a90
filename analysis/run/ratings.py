"""Totals of scales by visit, and what endpoints make of them."""

import numpy as np
import pandas as pd

from analysis.plan import Endpoint, Scale, TimePoint


def totals(
    ratings: pd.DataFrame, scale: Scale, visits: tuple[str, ...]
) -> pd.DataFrame:
    """One row a participant, one column a visit, NaN where there is no total."""
    wide = _wide(ratings, scale.instrument, scale.measure, visits, "value")
    if scale.elsewhere is None:
        return wide
    other = _wide(ratings, *scale.elsewhere, visits, "value")
    return wide.combine_first(other).reindex(columns=list(visits)).sort_index()


def days(
    ratings: pd.DataFrame, scale: Scale, points: tuple[TimePoint, ...]
) -> pd.DataFrame:
    """Study days of the ratings, shaped as `totals`; the planned day where unknown."""
    visits = tuple(point.visit for point in points)
    wide = _wide(ratings, scale.instrument, scale.measure, visits, "study_day")
    return wide.fillna({point.visit: float(point.day) for point in points})


def _wide(
    ratings: pd.DataFrame,
    instrument: str,
    measure: str,
    visits: tuple[str, ...],
    column: str,
) -> pd.DataFrame:
    rows = ratings.loc[
        (ratings["instrument"] == instrument)
        & (ratings["kind"] == "total")
        & (ratings["measure"] == measure)
        & ratings["visit"].isin(visits)
    ]
    wide = rows.pivot(index="participant", columns="visit", values=column)
    return wide.reindex(columns=list(visits)).astype("float64").sort_index()


def reached(endpoint: Endpoint, wide: pd.DataFrame) -> pd.Series:
    """ "yes", "no", or None where a total that decides it is missing."""
    known, met = _met(endpoint, wide, endpoint.visit)
    return met.map({True: "yes", False: "no"}).astype("object").where(known, None)


def _met(
    endpoint: Endpoint, wide: pd.DataFrame, visit: str
) -> tuple[pd.Series, pd.Series]:
    value = wide[visit]
    if endpoint.rule == "at_most":
        return value.notna(), value <= endpoint.threshold
    start = wide[endpoint.from_visit]
    known = value.notna() & start.notna() & (start > 0)
    return known, start - value >= endpoint.threshold * start


def time_to(
    endpoint: Endpoint, wide: pd.DataFrame, on: pd.DataFrame, visits: tuple[str, ...]
) -> pd.DataFrame:
    """`days` to the first of `visits` that meets the rule, `event` 1; else the day of
    the last rating, `event` 0. NaN for who was never rated after the start."""
    pairs = [_met(endpoint, wide, visit) for visit in visits]
    known = np.column_stack([known.to_numpy() for known, _met_ in pairs])
    met = np.column_stack([met.to_numpy() for _known, met in pairs]) & known
    day = on.reindex(wide.index)[list(visits)].to_numpy()
    event = met.any(axis=1)
    last = known.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    place = np.where(event, met.argmax(axis=1), last)
    found = pd.DataFrame(index=wide.index)
    found["days"] = np.where(known.any(axis=1), day[np.arange(len(day)), place], np.nan)
    found["event"] = event.astype("int64")
    return found
