"""The bootstrap of an indirect effect, in bounded memory and without BLAS.

A resample counts for no more than its cross-products, and those are the cross-products
of each row weighted by how often the row was drawn. So a chunk of resamples is one
product of counts and rows; the estimates follow by eliminating one column after the
other, in all resamples of the chunk at once. numpy's own loops give the same bits on
any number of threads.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from analysis.statistics.result import Warned
from analysis.statistics.rows import FloatArray

Rows = NDArray[np.int32] | NDArray[np.int64]
# Small enough for a processor's cache.
CELLS_AT_ONCE = 1 << 16
# Where elimination leaves less than this share of a column, the others determine it.
SMALLEST_PIVOT = 1e-11


class BootstrapLimits(NamedTuple):
    se: float | None
    percentile: tuple[float | None, float | None]
    bias_corrected: tuple[float | None, float | None]
    warnings: tuple[Warned, ...]


def drawn_rows(n: int, resamples: int, seed: int) -> Iterator[Rows]:
    """Rows drawn with replacement, chunk by chunk, the same for the same seed."""
    if not isinstance(resamples, (int, np.integer)) or resamples < 1:
        raise ValueError(
            f"resamples is {resamples!r}; give a whole number of 1 or more, as 5000."
        )
    if not isinstance(seed, (int, np.integer)) or seed < 0:
        raise ValueError(f"seed is {seed!r}; give a whole number of 0 or more.")
    generator = np.random.default_rng(int(seed))
    return _drawn(generator, n, int(resamples))


def _drawn(generator: np.random.Generator, n: int, resamples: int) -> Iterator[Rows]:
    chunk = max(1, CELLS_AT_ONCE // n)
    for begun in range(0, resamples, chunk):
        size = min(chunk, resamples - begun), n
        yield generator.integers(0, n, size=size, dtype=np.int32)


def given_rows(indices: Sequence[Sequence[int]], n: int) -> Iterator[Rows]:
    """The caller's own resamples, checked, chunk by chunk."""
    widths = {len(row) for row in indices}
    if widths != {n}:
        found = ", ".join(str(width) for width in sorted(widths)) or "no rows at all"
        raise ValueError(
            f"indices must have {n} places in each resample, one for each row used; "
            f"found: {found}."
        )
    table = np.asarray(indices)
    if not np.issubdtype(table.dtype, np.integer):
        raise ValueError("indices must be whole numbers, the places of rows from 0.")
    if table.min() < 0 or table.max() >= n:
        off = int(table.min()) if table.min() < 0 else int(table.max())
        raise ValueError(
            f"indices holds {off}, but the rows used are numbered from 0 to {n - 1}."
        )
    chunk = max(1, CELLS_AT_ONCE // n)
    chunks: Iterable[int] = range(0, len(table), chunk)
    return (table[i : i + chunk].astype(np.int64) for i in chunks)


def indirect_effects(data: FloatArray, rows: Rows) -> FloatArray:
    """ab in each resample; NaN where it has no solution.

    `data` has the columns covariates, x, m, y; `rows` is resamples x rows.
    """
    n, k = data.shape
    centred = data - data[0]
    centred = centred - centred.mean(axis=0)
    scale = np.sqrt((centred**2).mean(axis=0))
    z = centred / scale
    flat = rows + n * np.arange(len(rows))[:, None]
    counts = np.bincount(flat.ravel(), minlength=n * len(rows)).reshape(len(rows), n)
    upper = np.triu_indices(k)
    parts = np.vstack([z.T, z.T[upper[0]] * z.T[upper[1]]])
    # Not @, whose order of summation depends on the number of threads.
    sums = np.einsum("bn,qn->bq", counts.astype(np.float64), parts)
    S = np.empty((k, k, len(rows)))
    S[upper] = (sums[:, k:] - sums[:, upper[0]] * sums[:, upper[1]] / n).T
    effects = _eliminated(S, n)
    return effects * float(scale[-1] / scale[-3])


def _eliminated(S: FloatArray, n: int) -> FloatArray:
    """ab from centred cross-products (upper triangles, k x k x resamples)."""
    k = len(S)
    x, m, y = k - 3, k - 2, k - 1
    solved = np.ones(S.shape[2], dtype=bool)
    slopes = {}
    for j in range(k - 1):
        solved &= S[j, j] > SMALLEST_PIVOT * n
        pivot = np.where(solved, S[j, j], 1.0)
        slopes[j] = {i: S[j, i] / pivot for i in range(j + 1, k)}
        for i in range(j + 1, k):
            S[i, i:] -= slopes[j][i] * S[j, i:]
    return np.where(solved, slopes[x][m] * slopes[m][y], np.nan)


def bootstrap_limits(
    effects: FloatArray, indirect: float, confidence: float
) -> BootstrapLimits:
    """Standard error and limits from the estimates that have a value."""
    found = np.sort(effects[np.isfinite(effects)])
    B, dropped = len(found), len(effects) - len(found)
    warned = []
    if dropped:
        message = f"{dropped} of {len(effects)} resamples have no solution; left out."
        warned.append(Warned("bootstrap_dropped", message))
    if B < 2:
        message = (
            f"The bootstrap's values are undefined: {B} resample(s) have a solution."
        )
        warned.append(Warned("bootstrap_degenerate", message))
        return BootstrapLimits(None, (None, None), (None, None), tuple(warned))
    alpha = 1 - confidence
    percentile = _ranked(found, alpha / 2), _ranked(found, 1 - alpha / 2, above=True)
    share = np.count_nonzero(found < indirect) / B
    corrected: tuple[float | None, float | None] = (None, None)
    if 0 < share < 1:
        z0, z = float(ndtri(share)), float(ndtri(1 - alpha / 2))
        corrected = (
            _ranked(found, float(ndtr(2 * z0 - z))),
            _ranked(found, float(ndtr(2 * z0 + z)), above=True),
        )
    else:
        message = (
            "The bias-corrected limits are undefined: the share of resampled effects "
            f"below the estimate is {share:g}."
        )
        warned.append(Warned("bootstrap_degenerate", message))
    se = float(found.std(ddof=1))
    return BootstrapLimits(se, percentile, corrected, tuple(warned))


def _ranked(found: FloatArray, q: float, *, above: bool = False) -> float:
    """The order statistic of a share; the one above it for upper limits."""
    rank = math.floor(len(found) * q + 1e-9) + (1 if above else 0)
    return float(found[min(max(rank, 1), len(found)) - 1])
