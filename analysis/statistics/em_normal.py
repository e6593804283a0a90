"""Maximum likelihood for a multivariate normal with values missing at random."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.statistics.result import LeftOut, Matrix, Result, Warned
from analysis.statistics.rows import (
    FloatArray,
    IntArray,
    column_numbers,
    refuse_constant,
    used_rows,
)

MOST_ITERATIONS = 200_000
STOP = 1e-10
# The share of a variable's variance that must be left when the others are known.
SINGULAR = 1e-10


class MeanRow(NamedTuple):
    """The mean of one variable."""

    variable: str
    value: float


class CompletedRow(NamedTuple):
    """A value filled in; `row` is the position in the frame, from 0."""

    row: int
    variable: str
    value: float


@dataclass(frozen=True, kw_only=True)
class EmNormal(Result):
    """Means, covariance (divisor n) and the values filled in."""

    log_likelihood: float | None
    iterations: int
    mean: tuple[MeanRow, ...]
    covariance: Matrix
    completed: tuple[CompletedRow, ...]


@dataclass(frozen=True)
class Pattern:
    """The rows with the same values present: their number, sums and cross-products."""

    seen: IntArray
    lost: IntArray
    rows: IntArray
    n: int
    mean: FloatArray
    cross: FloatArray


def em_normal(frame: pd.DataFrame, columns: Sequence[str]) -> EmNormal:
    """The maximum of sum_i log N(y_i,obs; mu_obs, Sigma_obs), found by EM.

    `columns` are numeric, in any units; every row with at least one value is used, rows
    with none are left out and counted. The covariance has divisor n. `completed` has
    the mean of each missing value given the values of its row. Iterations stop when no
    parameter moves by more than 1e-10, in standard deviations of the variables
    (relative to its size where it is larger). Each iteration works on cross-products by
    pattern of missingness, so that it costs the same for any number of rows of a
    pattern.

    Raises ValueError for a column without values or variance, two columns never
    observed together, fewer rows than variables need, and columns that are exact
    combinations. A covariance that becomes singular on the way is warned of
    (`singular_fit`): the likelihood has no maximum and is None. Source: Dempster, Laird
    and Rubin 1977, JRSS B 39, 1; Little and Rubin 2019, section 11.2.
    """
    names = list(columns)
    used, left_out, n_left_out = _rows(frame, names)
    values = np.column_stack([column_numbers(frame, name) for name in names])[used]
    present = ~np.isnan(values)
    _refuse_unestimable(values, present, names)
    centre = np.array([values[p, j].mean() for j, p in enumerate(present.T)])
    scale = np.array([values[p, j].std() for j, p in enumerate(present.T)])
    y = (values - centre) / scale
    patterns = _patterns(y, present)
    mu, sigma, iterations, state = _iterate(patterns, len(names), len(values))
    log_likelihood = None
    warned: tuple[Warned, ...] = ()
    if state == "singular":
        warned = (Warned("singular_fit", _singular_message(sigma, names)),)
    else:
        jacobian = sum(float(np.log(scale[p.seen]).sum()) * p.n for p in patterns)
        log_likelihood = _log_likelihood(patterns, mu, sigma) - jacobian
    if state == "not_converged":
        message = f"The parameters still moved after {iterations} iterations."
        warned = (Warned("not_converged", message),)
    filled = _completed(patterns, y, mu, sigma) * scale + centre
    covariance = sigma * scale[:, None] * scale[None, :]
    return EmNormal(
        method="Multivariate normal, values missing at random, maximum likelihood, EM",
        converged=state == "converged",
        warnings=warned,
        n_observations=len(used),
        n_left_out=n_left_out,
        left_out=left_out,
        log_likelihood=log_likelihood,
        iterations=iterations,
        mean=tuple(map(MeanRow, names, mu * scale + centre)),
        covariance=Matrix(tuple(names), covariance.tolist()),
        completed=tuple(
            CompletedRow(int(used[i]), names[j], filled[i, j])
            for i, j in zip(*np.nonzero(~present), strict=True)
        ),
    )


def _rows(
    frame: pd.DataFrame, names: list[str]
) -> tuple[IntArray, tuple[LeftOut, ...], int]:
    """Positions of the rows with at least one value."""
    if len(set(names)) != len(names) or not names:
        raise ValueError(
            f"columns is {names!r}; name at least one column, and each column once."
        )
    for name in names:
        used_rows(frame, [name])
    some = frame[names].notna().any(axis=1).to_numpy(dtype=bool)
    lacking = int((~some).sum())
    left_out = (LeftOut(", ".join(names), "all missing", lacking),) if lacking else ()
    return np.flatnonzero(some), left_out, lacking


def _refuse_unestimable(
    values: FloatArray, present: np.ndarray, names: list[str]
) -> None:
    for j, name in enumerate(names):
        refuse_constant(values[present[:, j], j], name)
    for j, name in enumerate(names):
        for i in range(j):
            if not (present[:, i] & present[:, j]).any():
                raise ValueError(
                    f"The columns '{names[i]}' and '{name}' are never observed in the "
                    "same row: their covariance cannot be estimated. Leave one of them "
                    "out."
                )
    if len(values) <= len(names):
        raise ValueError(
            f"There are {len(values)} rows with a value for {len(names)} columns "
            f"({', '.join(names)}): a covariance needs more rows than columns."
        )
    complete = present.all(axis=1)
    if complete.all() and len(names) > 1:
        y = (values - values.mean(axis=0)) / values.std(axis=0)
        found = _dependent(np.einsum("ij,ik->jk", y, y) / len(y))
        if found is not None:
            raise ValueError(
                f"The column '{names[found]}' is an exact combination of the columns "
                "before it: leave one of them out."
            )


def _patterns(y: FloatArray, present: np.ndarray) -> list[Pattern]:
    """In an order that does not depend on that of the rows."""
    kinds, which = np.unique(present, axis=0, return_inverse=True)
    patterns = []
    for k, kind in enumerate(kinds):
        rows = np.flatnonzero(which.ravel() == k)
        seen, lost = np.flatnonzero(kind), np.flatnonzero(~kind)
        part = y[np.ix_(rows, seen)]
        part = part[np.lexsort(part.T)]
        mean = part.mean(axis=0)
        centred = part - mean
        cross = np.einsum("ij,ik->jk", centred, centred)
        patterns.append(Pattern(seen, lost, rows, len(rows), mean, cross))
    return patterns


def _iterate(
    patterns: list[Pattern], p: int, n: int
) -> tuple[FloatArray, FloatArray, int, str]:
    mu, sigma = np.zeros(p), np.eye(p)
    for iteration in range(1, MOST_ITERATIONS + 1):
        new_mu, new_sigma = _step(patterns, mu, sigma, n)
        moved = max(_moved(mu, new_mu), _moved(sigma, new_sigma))
        mu, sigma = new_mu, new_sigma
        if _dependent(sigma) is not None:
            return mu, sigma, iteration, "singular"
        if moved <= STOP:
            return mu, sigma, iteration, "converged"
    return mu, sigma, MOST_ITERATIONS, "not_converged"


def _moved(old: FloatArray, new: FloatArray) -> float:
    return float((np.abs(new - old) / np.maximum(np.abs(new), 1.0)).max())


def _step(
    patterns: list[Pattern], mu: FloatArray, sigma: FloatArray, n: int
) -> tuple[FloatArray, FloatArray]:
    """Expected sums of the complete data, and the parameters they give."""
    p = len(mu)
    means, inside = [], np.zeros((p, p))
    for pattern in patterns:
        seen, lost = pattern.seen, pattern.lost
        mean, cross = np.empty(p), np.zeros((p, p))
        mean[seen] = pattern.mean
        cross[np.ix_(seen, seen)] = pattern.cross
        if len(lost):
            slopes, rest = _regression(sigma, seen, lost)
            mean[lost] = mu[lost] + slopes @ (pattern.mean - mu[seen])
            cross[np.ix_(lost, seen)] = slopes @ pattern.cross
            cross[np.ix_(seen, lost)] = cross[np.ix_(lost, seen)].T
            cross[np.ix_(lost, lost)] = (
                slopes @ pattern.cross @ slopes.T + pattern.n * rest
            )
        means.append(mean)
        inside += cross
    new_mu: FloatArray = np.zeros(p)
    for pattern, mean in zip(patterns, means, strict=True):
        new_mu = new_mu + pattern.n * mean / n
    for pattern, mean in zip(patterns, means, strict=True):
        inside += pattern.n * np.outer(mean - new_mu, mean - new_mu)
    return new_mu, (inside + inside.T) / (2.0 * n)


def _regression(
    sigma: FloatArray, seen: IntArray, lost: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Slopes of the lost on the seen variables, and the covariance that is left."""
    across = sigma[np.ix_(seen, lost)]
    slopes = np.asarray(np.linalg.solve(sigma[np.ix_(seen, seen)], across).T)
    rest = np.asarray(sigma[np.ix_(lost, lost)] - slopes @ across)
    return slopes, rest


def _dependent(sigma: FloatArray) -> int | None:
    """The first variable that those before it leave no variance, or None."""
    L = np.zeros_like(sigma)
    for j in range(len(sigma)):
        left = sigma[j, j] - float((L[j, :j] ** 2).sum())
        if left <= SINGULAR * sigma[j, j]:
            return j
        L[j, j] = np.sqrt(left)
        below = sigma[j + 1 :, j] - (L[j + 1 :, :j] * L[j, :j]).sum(axis=1)
        L[j + 1 :, j] = below / L[j, j]
    return None


def _singular_message(sigma: FloatArray, names: list[str]) -> str:
    name = names[_dependent(sigma) or 0]
    return (
        f"The covariance became singular at the column '{name}', which the columns "
        "before it determine in too few rows: log_likelihood has no maximum and is not "
        "defined, and the other values are where the iterations stopped."
    )


def _log_likelihood(
    patterns: list[Pattern], mu: FloatArray, sigma: FloatArray
) -> float:
    total = 0.0
    for q in patterns:
        own = sigma[np.ix_(q.seen, q.seen)]
        off = q.mean - mu[q.seen]
        spread = q.cross + q.n * np.outer(off, off)
        log_det = float(np.linalg.slogdet(2.0 * np.pi * own)[1])
        total -= 0.5 * (q.n * log_det + float(np.trace(np.linalg.solve(own, spread))))
    return total


def _completed(
    patterns: list[Pattern], y: FloatArray, mu: FloatArray, sigma: FloatArray
) -> FloatArray:
    filled = y.copy()
    for q in patterns:
        if len(q.lost):
            slopes, _ = _regression(sigma, q.seen, q.lost)
            off = y[np.ix_(q.rows, q.seen)] - mu[q.seen]
            filled[np.ix_(q.rows, q.lost)] = mu[q.lost] + np.einsum(
                "ij,kj->ik", off, slopes
            )
    return filled
