"""Levels of cytokines as a plan reads them: below the limit, transformed, filled in."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.plan import Assay
from analysis.run.groups import GROUPS
from analysis.statistics import em_normal

# Controls give blood once; their one visit stands beside the patients' baseline.
CONTROL_VISIT = {"control": "baseline"}


@dataclass(frozen=True)
class Levels:
    """One analyte. `values`: a row a participant, a column a visit, transformed.

    `below` says where a level stood below `lloq`, the study's one limit (None where no
    plate has one). `filled` are the places (participant, visit) that EM filled in.
    """

    values: pd.DataFrame
    below: pd.DataFrame
    plates: pd.DataFrame
    lloq: float | None
    filled: tuple[tuple[str, str], ...] = ()


def levels_of(assay: Assay, code: str, cytokines: pd.DataFrame) -> Levels:
    """The levels of one analyte of everybody in the cut.

    ValueError for a level of 0 or less that no limit stands for: it has no logarithm.
    """
    rows = cytokines.loc[cytokines["analyte"] == code].copy()
    rows["visit"] = rows["visit"].replace(CONTROL_VISIT)
    limits = rows["lloq_pg_ml"].dropna()
    lloq = float(limits.max()) if len(limits) else None
    level = rows["concentration_pg_ml"].astype("float64")
    level = level.where(
        level.notna() | (rows["range_flag"] != "above"), rows["uloq_pg_ml"]
    )
    below = rows["range_flag"] == "below"
    if lloq is not None:
        below |= level < lloq
        level = level.mask(below, lloq / math.sqrt(2))
    _refuse_nothing(level, rows, code)
    rows["level"] = np.log(level) if assay.transform == "log" else np.log10(level)
    rows["below"] = below.astype("float64")
    return Levels(
        values=_wide(rows, "level", assay.visits),
        below=_wide(rows, "below", assay.visits),
        plates=_wide(rows, "plate", assay.visits),
        lloq=lloq,
    )


def _refuse_nothing(level: pd.Series, rows: pd.DataFrame, code: str) -> None:
    none = rows.loc[level <= 0]
    if len(none):
        first = none.iloc[0]
        raise ValueError(
            f"{code} of {first['participant']} at {first['visit']} is "
            f"{first['concentration_pg_ml']:g} pg/mL and no plate has a limit: the "
            "logarithm of 0 is refused."
        )


def _wide(rows: pd.DataFrame, column: str, visits: tuple[str, ...]) -> pd.DataFrame:
    wide = rows.pivot(index="participant", columns="visit", values=column)
    return wide.reindex(columns=list(visits)).sort_index()


def filled_in(levels: Levels, groups: pd.Series) -> Levels:
    """Missing levels of the participants in `groups`, by EM on the visits and group."""
    visits = list(levels.values.columns)
    frame = levels.values.reindex(groups.index)
    missing = frame.isna()
    if not missing.to_numpy().any():
        return levels
    frame["group"] = (groups == GROUPS[1]).astype("float64")
    places: list[tuple[str, str]] = []
    for row in em_normal(frame.reset_index(drop=True), [*visits, "group"]).completed:
        who = str(groups.index[row.row])
        frame.loc[who, row.variable] = row.value
        places.append((who, row.variable))
    values = frame[visits].combine_first(levels.values)[visits]
    return Levels(values, levels.below, levels.plates, levels.lloq, tuple(places))
