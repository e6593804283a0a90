"""A cohort of 66 matched to the published summaries: counts exactly, means and SDs too.

It is made, not found: one of endlessly many cohorts that print as the paper does. What
depends on how columns go together within a person (a course, a correlation, a
regression) is arbitrary here, and nothing of that kind may be computed from it.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betaincinv, ndtri

from analysis.paper.prose import REMISSION_AT_MOST, RESPONSE_FALL
from analysis.paper.table1 import COUNTS, MEANS, N_GROUP, SCALES, Mean, count_row
from analysis.paper.table2 import CHANGES

FloatArray = npt.NDArray[np.float64]

GROUPS = ("no pain", "pain")
NO_YES = ("no", "yes")
# These two follow from the MADRS, by their definitions.
FROM_MADRS = ("response", "remission")
# MADRS at day 13 as a share of baseline: clearly inside each definition.
REMITTED, RESPONDED, NEITHER = 0.3, 0.45, 0.8


def matched_cohort() -> pd.DataFrame:
    """One row a patient; the same every time.

    Columns: `group` (no pain, pain); each row of Table 1 by its code, numbers in its
    unit, yes or no as categories; `madrs_day13`, `response`, `remission`;
    `ANALYTE_day13` and `ANALYTE_day26`, logarithms of pg/mL.
    """
    columns: dict[str, object] = {"group": _groups()}
    for row in MEANS:
        reach = (row.lowest, row.highest)
        columns[row.code] = np.concatenate(
            [
                _within(mean, *reach, f"{row.code} {group}")
                for group, mean in zip(GROUPS, (row.no_pain, row.pain), strict=True)
            ]
        )
    for scale in SCALES:
        pain = _within(scale.pain, 0, scale.highest, scale.code)
        columns[scale.code] = np.concatenate([np.zeros(N_GROUP), pain])
    for counted in COUNTS:
        if counted.code not in FROM_MADRS:
            shares = (counted.no_pain, counted.pain)
            flags = [_first(share.count, counted.code) for share in shares]
            columns[counted.code] = _yes_or_no(np.concatenate(flags))
    columns |= _outcome(np.asarray(columns["madrs_baseline"], dtype=np.float64))
    for day, analyte in dict.fromkeys((c.day, c.analyte) for c in CHANGES):
        parts = [
            _normal(Mean(c.mean, c.sd), f"{analyte} {day} {c.group}")
            for c in CHANGES
            if (c.day, c.analyte) == (day, analyte)
        ]
        columns[f"{analyte}_day{day}"] = np.concatenate(parts)
    return pd.DataFrame(columns)


def _groups() -> "pd.Categorical[str]":
    return pd.Categorical(np.repeat(GROUPS, N_GROUP), categories=list(GROUPS))


def _yes_or_no(flags: npt.NDArray[np.bool_]) -> "pd.Categorical[str]":
    return pd.Categorical.from_codes(flags.astype(np.int8), categories=pd.Index(NO_YES))


def _places() -> FloatArray:
    return (np.arange(N_GROUP) + 0.5) / N_GROUP


def _within(mean: Mean, lowest: float, highest: float, name: str) -> FloatArray:
    """Beta quantiles between two bounds, moved to exactly the printed mean and SD."""
    width = highest - lowest
    centre = (mean.mean.value - lowest) / width
    variance = (mean.sd.value / width) ** 2
    weight = centre * (1 - centre) / variance - 1
    shape = betaincinv(centre * weight, (1 - centre) * weight, _places())
    return _exact(shape, mean, name)


def _normal(mean: Mean, name: str) -> FloatArray:
    return _exact(ndtri(_places()), mean, name)


def _exact(shape: FloatArray, mean: Mean, name: str) -> FloatArray:
    scores = (shape - shape.mean()) / shape.std(ddof=1)
    return _shuffled(mean.mean.value + mean.sd.value * scores, name)


def _first(count: int, name: str) -> npt.NDArray[np.bool_]:
    return _order(name) < count


def _shuffled(values: FloatArray, name: str) -> FloatArray:
    return values[_order(name)]


def _order(name: str) -> npt.NDArray[np.int64]:
    """An order of its own for each column, so that none copies another."""
    return np.random.default_rng(list(name.encode())).permutation(N_GROUP)


def _outcome(baseline: FloatArray) -> dict[str, object]:
    """MADRS at day 13, so that as many respond and remit as were counted.

    Those with the lowest baselines remit, the next respond: any other choice of people
    would give the same counts.
    """
    shares = np.full(2 * N_GROUP, NEITHER)
    response, remission = count_row("response"), count_row("remission")
    counts = (
        (response.no_pain.count, remission.no_pain.count),
        (response.pain.count, remission.pain.count),
    )
    for half, (responded, remitted) in enumerate(counts):
        start = half * N_GROUP
        order = start + np.argsort(baseline[start : start + N_GROUP], kind="stable")
        shares[order[:responded]] = RESPONDED
        shares[order[:remitted]] = REMITTED
    day13 = baseline * shares
    return {
        "madrs_day13": day13,
        "response": _yes_or_no((baseline - day13) / baseline >= RESPONSE_FALL),
        "remission": _yes_or_no(day13 <= REMISSION_AT_MOST),
    }
