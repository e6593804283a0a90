"""Fisher's exact test of a table of any shape (Freeman and Halton 1951).

With the margins held, a table has the probability prod(margins!) / (N! prod(cells!)).
Its columns are split into two halves. Both halves are listed in full; a left half fits
the right halves with the rest of the row sums, and of those the ones that make the
table at most as probable as the one seen are found by bisection. So the work grows with
the number of half tables, about the square root of the number of tables.
"""

import math
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from analysis.statistics.rows import FloatArray

Counts = NDArray[np.int64]
MOST_HALF_TABLES = 8_000_000
MOST_COLUMNS = 16
TIE = 1e-7


def fisher_p(counts: Counts) -> float | None:
    """The sum over tables at most as probable as `counts`; None if they are too many.

    Ties count to a relative 1e-7, as in R.
    """
    table = counts if counts.shape[0] <= counts.shape[1] else counts.T
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    left = _left_columns(columns, rows)
    if left is None:
        return None
    right = [j for j in range(len(columns)) if j not in left]
    seen = -float(gammaln(table + 1.0).sum())
    constant = float(
        gammaln(rows + 1.0).sum()
        + gammaln(columns + 1.0).sum()
        - gammaln(int(rows.sum()) + 1.0)
    )
    limit = seen + math.log1p(TIE)
    lefts = _halves(columns[list(left)], rows)
    rights = _halves(columns[right], rows)
    # The right half must hold what the left half leaves of each row.
    whole = int((rows * _places(rows)).sum())
    log_sum = _log_sum_below(lefts, (whole - rights[0], rights[1]), limit)
    return min(1.0, math.exp(log_sum + constant))


def _left_columns(columns: Counts, rows: Counts) -> tuple[int, ...] | None:
    """The columns of one half such that neither half has too many tables."""
    if len(columns) > MOST_COLUMNS:
        return None
    ways = [_n_compositions(int(total), rows) for total in columns]
    total = math.prod(ways)
    best: tuple[int, tuple[int, ...]] | None = None
    for size in range(1, len(columns) // 2 + 1):
        for chosen in combinations(range(len(columns)), size):
            one = math.prod(ways[j] for j in chosen)
            larger = max(one, total // one)
            if best is None or larger < best[0]:
                best = larger, chosen
    return best[1] if best is not None and best[0] <= MOST_HALF_TABLES else None


def _n_compositions(total: int, rows: Counts) -> int:
    """How many splits of `total` over the rows there are, none above its row."""
    # What a split leaves is a split too; up to the middle the numbers only rise, so
    # that the differences below keep their digits.
    total = min(total, int(rows.sum()) - total)
    ways = np.zeros(total + 1)
    ways[0] = 1.0
    for bound in rows.tolist():
        ways = ways.cumsum()
        if bound < total:
            ways[bound + 1 :] -= ways[: total - bound].copy()
    return round(float(ways[total]))


def _places(rows: Counts) -> Counts:
    """Weights that write the sums of the rows as one whole number."""
    weights = [math.prod((rows[:i] + 1).tolist()) for i in range(len(rows))]
    return np.array(weights, dtype=np.int64)


def _halves(columns: Counts, rows: Counts) -> tuple[Counts, FloatArray]:
    """Every way to fill these columns: its row sums as a number, and its log weight."""
    sums = np.zeros((1, len(rows)), dtype=np.int64)
    weights = np.zeros(1)
    for total in columns.tolist():
        ways = _compositions(int(total), np.minimum(rows, total))
        own = -gammaln(ways + 1.0).sum(axis=1)
        sums = (sums[:, None, :] + ways[None, :, :]).reshape(-1, len(rows))
        weights = (weights[:, None] + own[None, :]).ravel()
        fits = (sums <= rows).all(axis=1)
        sums, weights = sums[fits], weights[fits]
    keys: Counts = (sums * _places(rows)).sum(axis=1)
    return keys, weights


def _compositions(total: int, most: Counts) -> Counts:
    """Every split of `total` over the rows, none above its `most`."""
    partial = np.zeros((1, 0), dtype=np.int64)
    for bound in most[:-1].tolist():
        values = np.arange(int(bound) + 1)
        partial = np.column_stack(
            [np.repeat(partial, len(values), axis=0), np.tile(values, len(partial))]
        )
        partial = partial[partial.sum(axis=1) <= total]
    last = total - partial.sum(axis=1)
    ways: Counts = np.column_stack([partial, last])[last <= most[-1]]
    return ways


def _log_sum_below(
    left: tuple[Counts, FloatArray], right: tuple[Counts, FloatArray], limit: float
) -> float:
    """Log of the sum of exp(l + r) over fitting pairs with l + r at most `limit`."""
    left_keys, left_starts, lefts = _grouped(*left)
    right_keys, right_starts, rights = _grouped(*right)
    if len(lefts) == len(left_keys) and len(rights) == len(right_keys):
        return _log_sum_of_pairs(left_keys, lefts, right_keys, rights, limit)
    found = np.searchsorted(right_keys, left_keys)
    logs: list[float] = []
    for i, (key, j) in enumerate(zip(left_keys, found, strict=True)):
        if j == len(right_keys) or right_keys[j] != key:
            continue
        r = rights[right_starts[j] : right_starts[j + 1]]
        own = lefts[left_starts[i] : left_starts[i + 1]]
        # From the smallest up, so that a tail of 1e-80 keeps its digits.
        below = _accumulated(r)
        n_below = np.searchsorted(r, limit - own, side="right")
        some = n_below > 0
        if some.any():
            terms = own[some] + below[n_below[some] - 1]
            top = float(terms.max())
            logs.append(top + math.log(float(np.exp(terms - top).sum())))
    top = max(logs)
    return top + math.log(math.fsum(math.exp(value - top) for value in logs))


def _log_sum_of_pairs(
    left_keys: Counts,
    lefts: FloatArray,
    right_keys: Counts,
    rights: FloatArray,
    limit: float,
) -> float:
    """The same where each key has one half table on either side (two columns)."""
    _, at_left, at_right = np.intersect1d(
        left_keys, right_keys, assume_unique=True, return_indices=True
    )
    terms = lefts[at_left] + rights[at_right]
    terms = terms[terms <= limit]
    top = float(terms.max())
    return top + math.log(math.fsum(np.exp(terms - top).tolist()))


def _accumulated(logs: FloatArray) -> FloatArray:
    """Logs of the running sums of exp(logs), which rise."""
    lowest, span = float(logs[0]), float(logs[-1] - logs[0])
    sums: FloatArray
    if span > 600:  # exp would leave the range of floats
        sums = np.logaddexp.accumulate(logs)
    else:
        sums = np.log(np.cumsum(np.exp(logs - lowest))) + lowest
    return sums


def _grouped(
    keys: Counts, weights: FloatArray
) -> tuple[Counts, NDArray[np.intp], FloatArray]:
    """Distinct keys, where each begins, and the weights sorted inside each."""
    order = np.lexsort((weights, keys))
    distinct, starts = np.unique(keys[order], return_index=True)
    return distinct, np.append(starts, len(keys)), weights[order]
