"""Multivariate analysis of variance and covariance of one factor."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import f, t

from analysis.statistics.aliasing import orthonormal, refuse_aliased
from analysis.statistics.multivariate_tests import Statistic, four_statistics
from analysis.statistics.result import Result, Row, Warned
from analysis.statistics.rows import (
    FloatArray,
    UsedRows,
    column_factor,
    is_factor,
    refuse_single_level,
    used_rows,
)


class Univariate(NamedTuple):
    """The F test of one term for one outcome."""

    outcome: str
    term: str
    F: float
    num_df: int
    den_df: int
    p: float


class Contrast(NamedTuple):
    """The difference of two adjusted means; p is Bonferroni's over the pairs."""

    outcome: str
    contrast: str
    estimate: float
    se: float
    df: int
    t: float
    p: float


@dataclass(frozen=True, kw_only=True)
class Mancova(Result):
    """Tests of each term for all outcomes together and singly; adjusted means."""

    multivariate: tuple[Statistic, ...]
    univariate: tuple[Univariate, ...]
    means: tuple[Row, ...]
    contrasts: tuple[Contrast, ...]


@dataclass(frozen=True)
class Model:
    """Y = X B + E: the columns of each term, B, (X'X)^-1 and E'E."""

    terms: dict[str, slice]
    levels: tuple[str, ...]
    X: FloatArray
    B: FloatArray
    unscaled: FloatArray
    E: FloatArray
    df: int


def mancova(
    frame: pd.DataFrame,
    outcomes: Sequence[str],
    group: str,
    covariates: Sequence[str] = (),
) -> Mancova:
    """Y = X B + E, rows of E independent N(0, Sigma), X of group and covariates.

    `outcomes` are numeric, in any units; a covariate of text or categories is a factor.
    There is no interaction, so that each term is tested with all others in the model
    (type II and III alike): H = (L B)' (L (X'X)^-1 L')^-1 (L B), by Pillai, Wilks
    (Rao's F), Hotelling-Lawley (s(2m + s + 1) and 2(sn + 1) df) and Roy (an upper
    bound). Adjusted means hold numeric covariates at their mean over the rows used and
    weight the levels of others equally; limits are 95 %. Contrasts are of the pairs of
    groups, Bonferroni over the pairs of one outcome.

    Rows with a missing value in any named column are left out and counted. Raises
    ValueError for an outcome that never varies or is an exact combination of others, a
    group with one level, aliased covariates, and too few rows. Source: Rencher and
    Christensen 2012, sections 6.1 and 6.10; Rao 1951, Bulletin of the International
    Statistical Institute 33, 177.
    """
    _refuse_repeats(outcomes, group, covariates)
    used = used_rows(frame, [*outcomes, group, *covariates])
    Y = np.column_stack([used.outcome(name) for name in outcomes])
    model = _model(used, Y, tuple(outcomes), group, covariates)
    tests: list[Statistic] = []
    single: list[Univariate] = []
    for term, place in model.terms.items():
        LB, W = model.B[place], model.unscaled[place, place]
        H = np.einsum("ik,ij,jl->kl", LB, np.linalg.inv(W), LB)
        q = len(LB)
        tests += four_statistics(term, H, model.E, q, model.df)
        for k, outcome in enumerate(outcomes):
            F = float(H[k, k] / q / (model.E[k, k] / model.df))
            p = float(f.sf(F, q, model.df))
            single.append(Univariate(outcome, term, F, q, model.df, p))
    means, contrasts = _adjusted(model, outcomes, group)
    return Mancova(
        method="Multivariate analysis of covariance"
        if covariates
        else "Multivariate analysis of variance",
        warnings=tuple(_without_df(row) for row in tests if row.F is None),
        n_observations=used.n,
        n_left_out=used.n_left_out,
        left_out=used.left_out,
        multivariate=tuple(tests),
        univariate=tuple(single),
        means=tuple(means),
        contrasts=tuple(contrasts),
    )


def _without_df(row: Statistic) -> Warned:
    message = (
        f"F and p of {row.statistic} for '{row.term}' are not defined: so many "
        f"outcomes for so few rows leave it {row.den_df:g} denominator df."
    )
    return Warned("too_few_values", message)


def _refuse_repeats(
    outcomes: Sequence[str], group: str, covariates: Sequence[str]
) -> None:
    if isinstance(outcomes, str) or isinstance(covariates, str) or not list(outcomes):
        raise ValueError(
            f"outcomes is {outcomes!r} and covariates {covariates!r}; give lists of "
            "columns, with at least one outcome."
        )
    names = [*outcomes, group, *covariates]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(
                f"The column '{name}' is named {names.count(name)} times among "
                "outcomes, group and covariates; name it once."
            )


def _model(
    used: UsedRows,
    Y: FloatArray,
    outcomes: tuple[str, ...],
    group: str,
    covariates: Sequence[str],
) -> Model:
    columns, names = [np.ones(used.n)], ["Intercept"]
    terms: dict[str, slice] = {}
    levels: tuple[str, ...] = ()
    for name in (group, *covariates):
        added, labels, kinds = _term(used, name, grouped=name == group)
        terms[name] = slice(len(columns), len(columns) + len(added))
        columns, names = columns + added, names + labels
        levels = kinds if name == group else levels
    X = np.column_stack(columns)
    if used.n - X.shape[1] < Y.shape[1]:
        raise ValueError(
            f"{used.n} rows are left after missing values: too few for {Y.shape[1]} "
            f"outcomes ({', '.join(outcomes)}) and {X.shape[1]} parameters each; take "
            "fewer outcomes."
        )
    refuse_aliased(X, tuple(names))
    Q, R = orthonormal(X)
    centred = Y - Y.mean(axis=0)
    B = np.linalg.solve(R, np.einsum("ij,ik->jk", Q, centred))
    # The intercept takes back what was taken out for the sake of large offsets.
    B[0] += Y.mean(axis=0)
    left = centred - np.einsum("ij,jk->ik", Q, np.einsum("ij,ik->jk", Q, centred))
    _refuse_dependent(left, centred, outcomes)
    R_inverse = np.linalg.inv(R)
    return Model(
        terms,
        levels,
        X,
        B,
        np.einsum("ik,jk->ij", R_inverse, R_inverse),
        np.einsum("ij,ik->jk", left, left),
        used.n - X.shape[1],
    )


def _term(
    used: UsedRows, name: str, *, grouped: bool
) -> tuple[list[FloatArray], list[str], tuple[str, ...]]:
    """Columns of the design, centred so that the intercept is where means are taken."""
    if not grouped and not is_factor(used.frame[name]):
        values = used.numbers(name)
        if values.min() == values.max():
            raise ValueError(
                f"The covariate '{name}' is {values[0]:g} in all rows used; leave it "
                "out."
            )
        return [values - values.mean()], [name], ()
    factor = column_factor(used.frame[name])
    refuse_single_level(factor.levels, name)
    codes, k = factor.codes, len(factor.levels)
    # A covariate's levels are weighted equally: each indicator is less 1 / k.
    shift = 0.0 if grouped else 1.0 / k
    columns = [(codes == i).astype(np.float64) - shift for i in range(1, k)]
    labels = [f"{name}[T.{level}]" for level in factor.levels[1:]]
    return columns, labels, factor.levels


def _refuse_dependent(
    left: FloatArray, centred: FloatArray, outcomes: tuple[str, ...]
) -> None:
    """The residuals of the outcomes must not be combinations of each other."""
    sizes = np.sqrt((centred**2).sum(axis=0))
    scaled = left / sizes
    for k, name in enumerate(outcomes):
        if float((scaled[:, k] ** 2).sum()) < 1e-20:
            raise ValueError(
                f"The outcome '{name}' does not vary within the groups once the "
                "covariates are known: there is no error to test against. Leave it out."
            )
    _, R = orthonormal(scaled)
    for k, name in enumerate(outcomes):
        if R[k, k] ** 2 <= 1e-18 * float((R[:, k] ** 2).sum()):
            raise ValueError(
                f"The outcome '{name}' is an exact combination of the outcomes before "
                f"it ({', '.join(outcomes[:k])}); leave one of them out."
            )


def _adjusted(
    model: Model, outcomes: Sequence[str], group: str
) -> tuple[list[Row], list[Contrast]]:
    """Means and pairwise differences; the design is centred, so L has few places."""
    k, p = len(model.levels), model.X.shape[1]
    L = np.zeros((k, p))
    L[:, 0] = 1.0
    L[1:, model.terms[group]] = np.eye(k - 1)
    pairs = list(combinations(range(k), 2))
    critical = float(t.isf(0.025, model.df))
    means, contrasts = [], []
    for j, outcome in enumerate(outcomes):
        variance = float(model.E[j, j]) / model.df
        for i, level in enumerate(model.levels):
            estimate, se = _combined(L[i], model, j, variance)
            limits = {
                "lower": estimate - critical * se,
                "upper": estimate + critical * se,
            }
            cells = {"estimate": estimate, "se": se, "df": model.df, **limits}
            means.append(Row({"outcome": outcome, group: level, **cells}))
        for a, b in pairs:
            estimate, se = _combined(L[a] - L[b], model, j, variance)
            ratio = estimate / se
            p_value = min(1.0, len(pairs) * float(2.0 * t.sf(abs(ratio), model.df)))
            name = f"{model.levels[a]} - {model.levels[b]}"
            contrasts.append(
                Contrast(outcome, name, estimate, se, model.df, ratio, p_value)
            )
    return means, contrasts


def _combined(
    row: FloatArray, model: Model, j: int, variance: float
) -> tuple[float, float]:
    estimate = float((row * model.B[:, j]).sum())
    spread = float(np.einsum("i,ij,j->", row, model.unscaled, row))
    return estimate, float(np.sqrt(variance * spread))
