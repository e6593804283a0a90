"""Agreement of raters: intraclass correlations and weighted kappa."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import f, norm

from analysis.statistics.arguments import refuse_confidence, refuse_option
from analysis.statistics.result import Matrix, Result, Warned
from analysis.statistics.rows import (
    Factor,
    FloatArray,
    IntArray,
    UsedRows,
    column_factor,
    used_rows,
)

SMALLEST_SE = 1e-9


class Form(NamedTuple):
    """One of the six forms; limits are of the confidence asked for."""

    form: str
    estimate: float | None
    F: float | None
    num_df: int
    den_df: int
    p: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, kw_only=True)
class IntraclassCorrelation(Result):
    """The six forms and the mean squares that they are made of."""

    n_subjects: int
    n_raters: int
    between_subjects: float
    between_raters: float
    residual: float
    within_subjects: float
    forms: tuple[Form, ...]


@dataclass(frozen=True, kw_only=True)
class WeightedKappa(Result):
    """Kappa with its standard error, and the one under chance alone for z and p."""

    kappa: float
    se: float
    lower: float
    upper: float
    null_se: float
    z: float | None
    p: float | None
    observed_agreement: float
    expected_agreement: float
    counts: Matrix


def intraclass_correlation(
    frame: pd.DataFrame, raters: Sequence[str], confidence: float = 0.95
) -> IntraclassCorrelation:
    """ICC(1,1), ICC(2,1), ICC(3,1), ICC(1,k), ICC(2,k), ICC(3,k).

    `frame` has a row for each subject, `raters` are the columns of their ratings
    (numbers, one unit). Form 1: each subject has raters of his own; 2: the raters are a
    sample; 3: these raters only; k: the mean of k raters. With mean squares between
    subjects B, raters J, residual E, within subjects W: ICC(1,1) = (B - W) / (B + (k -
    1) W), ICC(2,1) = (B - E) / (B + (k - 1) E + k (J - E) / n), ICC(3,1) = (B - E) / (B
    + (k - 1) E). The F test is of no difference between subjects. Rows with a missing
    rating are left out and counted. Source: Shrout and Fleiss 1979, Psychological
    Bulletin 86, 420.
    """
    refuse_confidence(confidence)
    names = list(raters)
    if len(names) < 2 or len(set(names)) < len(names):
        raise ValueError(
            f"raters is {names!r}; name at least two columns, each column once."
        )
    used = used_rows(frame, names)
    y = np.column_stack([used.numbers(name) for name in names])
    n, k = y.shape
    if n < 2 or y.min() == y.max():
        raise ValueError(
            f"The ratings {', '.join(names)} are of {n} subject(s) and range from "
            f"{y.min():g} to {y.max():g}; agreement needs two subjects that differ."
        )
    B, J, E, W = _mean_squares(y)
    forms = _forms(B, J, E, W, n, k, 1.0 - confidence)
    lacking = [form.form for form in forms if None in form]
    warned: tuple[Warned, ...] = ()
    if lacking:
        message = (
            f"Not every value of {', '.join(lacking)} is defined: the ratings have no "
            "variance between the subjects, or none within them."
        )
        warned = (Warned("zero_variance", message),)
    return IntraclassCorrelation(
        method="Intraclass correlation (Shrout and Fleiss)",
        warnings=warned,
        n_observations=used.n,
        n_left_out=used.n_left_out,
        left_out=used.left_out,
        n_subjects=n,
        n_raters=k,
        between_subjects=B,
        between_raters=J,
        residual=E,
        within_subjects=W,
        forms=tuple(forms),
    )


def _mean_squares(y: FloatArray) -> tuple[float, float, float, float]:
    """Between subjects, between raters, residual, within subjects."""
    n, k = y.shape
    centred = y - y.mean()
    by_row, by_column = centred.mean(axis=1), centred.mean(axis=0)
    rest = centred - by_row[:, None] - by_column[None, :]
    within = centred - by_row[:, None]
    noise = 1e-24 * float((centred**2).sum())
    sums = [
        k * float((by_row**2).sum()),
        n * float((by_column**2).sum()),
        float((rest**2).sum()),
        float((within**2).sum()),
    ]
    # What is zero on paper leaves a rounding that would pass for agreement to 16
    # digits.
    B, J, E, W = (0.0 if s <= noise else s for s in sums)
    return B / (n - 1), J / (k - 1), E / (n - 1) / (k - 1), W / n / (k - 1)


def _forms(
    B: float, J: float, E: float, W: float, n: int, k: int, alpha: float
) -> list[Form]:
    forms = []
    singles = {
        1: (B - W) / (B + (k - 1) * W),
        2: _ratio(B - E, B + (k - 1) * E + k * (J - E) / n),
        3: _ratio(B - E, B + (k - 1) * E),
    }
    for kind, single in singles.items():
        error = W if kind == 1 else E
        den_df = n * (k - 1) if kind == 1 else (n - 1) * (k - 1)
        F = B / error if error > 0 else None
        limits: tuple[float | None, float | None] = (None, None)
        if F is not None and kind == 2 and single is not None:
            limits = _random_limits(B, J, E, single, n, k, alpha)
        elif F is not None:
            limits = _fixed_limits(F, n - 1, den_df, k, alpha)
        p = None if F is None else float(f.sf(F, n - 1, den_df))
        tested = F, n - 1, den_df, p
        forms.append(Form(f"ICC({kind},1)", single, *tested, *limits))
        mean = {1: _ratio(B - W, B), 2: _ratio(B - E, B + (J - E) / n)}
        average = mean.get(kind, _ratio(B - E, B))
        raised = [_spearman_brown(v, k) for v in limits]
        forms.append(Form(f"ICC({kind},k)", average, *tested, *raised))
    return sorted(forms, key=lambda form: form.form[6:])


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None


def _fixed_limits(
    F: float, num_df: int, den_df: int, k: int, alpha: float
) -> tuple[float, float]:
    low = F / float(f.isf(alpha / 2, num_df, den_df))
    high = F * float(f.isf(alpha / 2, den_df, num_df))
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def _random_limits(
    B: float, J: float, E: float, icc: float, n: int, k: int, alpha: float
) -> tuple[float, float]:
    """Satterthwaite's df for the mixture of J and E (Shrout and Fleiss, p. 424)."""
    raters, spread = k * icc * J / E, n * (1 + (k - 1) * icc) - k * icc
    df = ((k - 1) * (n - 1) * (raters + spread) ** 2) / (
        (n - 1) * raters**2 + spread**2
    )
    low_F = float(f.isf(alpha / 2, n - 1, df))
    high_F = float(f.isf(alpha / 2, df, n - 1))
    error = k * J + (k * n - k - n) * E
    lower = n * (B - low_F * E) / (low_F * error + n * B)
    upper = n * (high_F * B - E) / (error + n * high_F * B)
    return lower, upper


def _spearman_brown(icc: float | None, k: int) -> float | None:
    return None if icc is None else _ratio(k * icc, 1 + (k - 1) * icc)


def weighted_kappa(
    frame: pd.DataFrame,
    first: str,
    second: str,
    weights: str = "quadratic",
    confidence: float = 0.95,
) -> WeightedKappa:
    """kappa = (Po - Pe) / (1 - Pe), agreement weighted by 1 - (|i - j| / (K - 1))^a.

    `first` and `second` are the ratings of two raters, a row for each subject; the
    levels that either has used are in the order of the categories, else sorted. a is 1
    (`linear`) or 2 (`quadratic`); with two levels both are Cohen's kappa. `se` and the
    limits are of the estimate, `null_se`, z and p of chance alone. Rows with a missing
    rating are left out and counted. Source: Fleiss, Cohen and Everitt 1969,
    Psychological Bulletin 72, 323.
    """
    refuse_option(weights, "weights", ("linear", "quadratic"))
    refuse_confidence(confidence)
    used = used_rows(frame, [first, second])
    levels, rows, columns = _common_levels(used, first, second)
    K = len(levels)
    counts = np.bincount(rows * K + columns, minlength=K * K).reshape(K, K)
    P = counts / used.n
    apart = np.abs(np.subtract.outer(np.arange(K), np.arange(K))) / (K - 1)
    w = 1.0 - apart ** (1 if weights == "linear" else 2)
    kappa, se, null_se = _kappa(P, w, used.n)
    half = float(norm.isf((1.0 - confidence) / 2.0)) * se
    z = kappa / null_se if null_se > SMALLEST_SE else None
    warned: tuple[Warned, ...] = ()
    if z is None:
        message = (
            f"z and p are not defined: '{first}' or '{second}' has one level only."
        )
        warned = (Warned("zero_variance", message),)
    return WeightedKappa(
        method=f"Cohen's kappa with {weights} weights",
        warnings=warned,
        n_observations=used.n,
        n_left_out=used.n_left_out,
        left_out=used.left_out,
        kappa=kappa,
        se=se,
        lower=kappa - half,
        upper=min(kappa + half, 1.0),
        null_se=null_se,
        z=z,
        p=None if z is None else float(2.0 * norm.sf(abs(z))),
        observed_agreement=float((w * P).sum()),
        expected_agreement=float((w * np.outer(P.sum(axis=1), P.sum(axis=0))).sum()),
        counts=Matrix(levels, tuple(map(tuple, counts.tolist()))),
    )


def _kappa(P: FloatArray, w: FloatArray, n: int) -> tuple[float, float, float]:
    """Kappa, its standard error, and that under chance alone."""
    a, b = P.sum(axis=1), P.sum(axis=0)
    observed, chance = float((w * P).sum()), float((w * np.outer(a, b)).sum())
    kappa = (observed - chance) / (1.0 - chance)
    # The mean weights that each level of one rater meets in the other.
    across = (w * b).sum(axis=1)[:, None] + (w * a[:, None]).sum(axis=0)[None, :]
    spread = float((P * (w - across * (1.0 - kappa)) ** 2).sum())
    variance = spread - (kappa - chance * (1.0 - kappa)) ** 2
    null = float((np.outer(a, b) * (w - across) ** 2).sum()) - chance**2
    se, null_se = (
        math.sqrt(max(v, 0.0) / n) / (1.0 - chance) for v in (variance, null)
    )
    return kappa, se, null_se


def _common_levels(
    used: UsedRows, first: str, second: str
) -> tuple[tuple[str, ...], IntArray, IntArray]:
    """One list of levels for both raters; categories of both must be the same."""
    both = pd.concat([used.frame[first], used.frame[second]], ignore_index=True)
    kinds = [used.frame[name].dtype for name in (first, second)]
    categorical = [isinstance(kind, pd.CategoricalDtype) for kind in kinds]
    if any(categorical) and kinds[0] != kinds[1]:
        raise ValueError(
            f"The raters '{first}' and '{second}' do not have the same categories in "
            "the same order; give both the same ones."
        )
    common: Factor = column_factor(both)
    if len(common.levels) < 2:
        raise ValueError(
            f"'{first}' and '{second}' have only the level '{common.levels[0]}': "
            "agreement needs at least two."
        )
    return common.levels, common.codes[: used.n], common.codes[used.n :]
