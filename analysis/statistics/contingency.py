"""Tables of counts: tests of independence, and measures of a two by two table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.statistics.arguments import is_number, refuse_confidence
from analysis.statistics.fisher import fisher_p
from analysis.statistics.result import Result, Warned
from analysis.statistics.rows import FloatArray, used_rows
from analysis.statistics.tails import chi2_p
from analysis.statistics.two_by_two import Interval, Measures, measures

SMALL = 5


class CountedCell(NamedTuple):
    row: str
    column: str
    count: int  # type: ignore[assignment]  # the contract's name, over tuple.count
    expected: float


@dataclass(frozen=True, kw_only=True)
class Contingency(Result):
    """The fields from `yates_chi2` on belong to two by two tables, else absent."""

    chi2: float
    df: int
    p: float
    likelihood_ratio: float
    likelihood_ratio_p: float
    fisher_p: float | None
    cramers_v: float
    cells: tuple[CountedCell, ...]


@dataclass(frozen=True, kw_only=True)
class TwoByTwo(Contingency):
    """The second column is the event; the second row is compared with the first."""

    yates_chi2: float
    yates_p: float
    odds_ratio: float | None
    risk_ratio: float | None
    risk_difference: float
    intervals: tuple[Interval, ...]


def contingency(
    frame: pd.DataFrame, row: str, column: str, confidence: float = 0.95
) -> Contingency:
    """Cross two columns of a frame and test their independence.

    Model: counts n_ij of a multinomial with pi_ij = pi_i pi_j under independence.
    Columns in: `row` and `column`, read as factors. Rows with either missing are left
    out and counted. chi2 is Pearson's, uncorrected; `likelihood_ratio` is 2 sum n
    ln(n / expected); `fisher_p` sums the tables at most as probable as the one seen
    (Freeman and Halton 1951). A two by two table has also Yates's correction and the
    measures of `two_by_two.measures`, at the level `confidence`.

    Refused: a factor with one level left. See also `contingency_from_counts`.
    """
    refuse_confidence(confidence)
    used = used_rows(frame, (row, column))
    rows, columns = used.factor(row), used.factor(column)
    counts = np.zeros((len(rows.levels), len(columns.levels)), dtype=np.int64)
    np.add.at(counts, (rows.codes, columns.codes), 1)
    result = _tested(counts, rows.levels, columns.levels, confidence)
    return replace(result, n_left_out=used.n_left_out, left_out=used.left_out)


def contingency_from_counts(
    counts: Sequence[Sequence[int]],
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> Contingency:
    """The same from counts, a list for each row; labels are "1", "2", ... by default.

    Refused: fewer than two rows or columns, rows of unequal length, a negative or
    fractional count, a row or column of nobody, labels that do not fit.
    """
    refuse_confidence(confidence)
    checked = _checked(counts)
    row_names = _labels(rows, len(checked), "rows")
    column_names = _labels(columns, len(checked[0]), "columns")
    table = np.array(checked, dtype=np.int64)
    for names, sums, what in (
        (row_names, table.sum(axis=1), "row"),
        (column_names, table.sum(axis=0), "column"),
    ):
        for name, total in zip(names, sums.tolist(), strict=True):
            if total == 0:
                raise ValueError(
                    f"counts has nobody in the {what} '{name}' (all its counts are 0); "
                    f"leave that {what} out."
                )
    return _tested(table, row_names, column_names, confidence)


def _checked(counts: Sequence[Sequence[int]]) -> list[list[int]]:
    lists = [list(line) for line in counts]
    widths = {len(line) for line in lists}
    if len(lists) < 2 or len(widths) != 1 or widths.pop() < 2:
        raise ValueError(
            "counts must have two or more rows of the same length, two or more; "
            f"it has rows of length {', '.join(str(len(line)) for line in lists)}."
        )
    for value in (value for line in lists for value in line):
        if not is_number(value) or not math.isfinite(value):
            raise ValueError(f"counts holds {value!r}; every count is a whole number.")
        if value < 0:
            raise ValueError(
                f"counts holds {value}, a negative count; a count is 0 or more."
            )
        if value != int(value):
            raise ValueError(
                f"counts holds {value}, a fractional count; give numbers of people."
            )
    return [[int(value) for value in line] for line in lists]


def _labels(given: Sequence[str] | None, n: int, argument: str) -> tuple[str, ...]:
    if given is None:
        return tuple(str(i + 1) for i in range(n))
    names = tuple(str(name) for name in given)
    if len(names) != n or len(set(names)) != n:
        raise ValueError(
            f"{argument} has the labels {', '.join(names)}, but counts has {n} "
            f"{argument}; give {n} different labels."
        )
    return names


def _tested(
    counts: np.ndarray[tuple[int, int], np.dtype[np.int64]],
    rows: Sequence[str],
    columns: Sequence[str],
    confidence: float,
) -> Contingency:
    n = int(counts.sum())
    margins = counts.sum(axis=1), counts.sum(axis=0)
    expected = margins[0][:, None] * margins[1][None, :] / n
    chi2 = _pearson(counts, expected, 0.0)
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    ratio = _likelihood_ratio(counts, expected)
    fisher = fisher_p(counts)
    warned: list[Warned] = []
    if fisher is None:
        message = "fisher_p is undefined: too many tables share these margins to count."
        warned.append(Warned("exact_not_feasible", message))
    if expected.min() < SMALL:
        message = (
            f"The smallest expected count is {expected.min():.3g}, below {SMALL}: the "
            "chi-squared p-values are approximate; see fisher_p."
        )
        warned.append(Warned("small_expected_count", message))
    cells = tuple(
        CountedCell(r, c, int(counts[i, j]), float(expected[i, j]))
        for i, r in enumerate(rows)
        for j, c in enumerate(columns)
    )
    result = Contingency(
        method="Contingency table, tests of independence",
        n_observations=n,
        n_left_out=0,
        chi2=chi2,
        df=df,
        p=chi2_p(chi2, df),
        likelihood_ratio=ratio,
        likelihood_ratio_p=chi2_p(ratio, df),
        fisher_p=fisher,
        cramers_v=math.sqrt(chi2 / (n * (min(counts.shape) - 1))),
        cells=cells,
        warnings=tuple(warned),
    )
    if counts.shape != (2, 2):
        return result
    return _two_by_two(result, counts, expected, confidence)


def _two_by_two(
    result: Contingency,
    counts: np.ndarray[tuple[int, int], np.dtype[np.int64]],
    expected: FloatArray,
    confidence: float,
) -> TwoByTwo:
    found: Measures = measures(counts.tolist(), confidence)
    yates = _pearson(counts, expected, 0.5)
    return TwoByTwo(
        **{**vars(result), "warnings": (*result.warnings, *found.warnings)},
        yates_chi2=yates,
        yates_p=chi2_p(yates, 1),
        odds_ratio=found.odds_ratio,
        risk_ratio=found.risk_ratio,
        risk_difference=found.risk_difference,
        intervals=found.intervals,
    )


def _pearson(
    counts: np.ndarray[tuple[int, int], np.dtype[np.int64]],
    expected: FloatArray,
    correction: float,
) -> float:
    """Pearson's chi squared; Yates's correction never turns a deviation round."""
    off = np.maximum(np.abs(counts - expected) - correction, 0.0)
    return float((off**2 / expected).sum())


def _likelihood_ratio(
    counts: np.ndarray[tuple[int, int], np.dtype[np.int64]], expected: FloatArray
) -> float:
    seen = counts > 0
    terms = counts[seen] * np.log(counts[seen] / expected[seen])
    return max(0.0, 2 * math.fsum(terms.tolist()))
