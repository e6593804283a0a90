"""Simple mediation: how much of the effect of x on y goes through m."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.statistics.aliasing import refuse_aliased
from analysis.statistics.arguments import refuse_confidence
from analysis.statistics.mediation_bootstrap import (
    bootstrap_limits,
    drawn_rows,
    given_rows,
    indirect_effects,
)
from analysis.statistics.regression import least_squares
from analysis.statistics.result import Result, Warned
from analysis.statistics.rows import FloatArray, used_rows
from analysis.statistics.tails import normal_p, student_p, student_reach


class Path(NamedTuple):
    path: str
    estimate: float
    se: float
    t: float | None
    df: int
    p: float | None
    lower: float
    upper: float


@dataclass(frozen=True, kw_only=True)
class Mediation(Result):
    indirect: float
    sobel_se: float
    sobel_z: float | None
    sobel_p: float | None
    aroian_se: float
    aroian_z: float | None
    aroian_p: float | None
    proportion_mediated: float | None
    boot_se: float | None
    percentile_lower: float | None
    percentile_upper: float | None
    bias_corrected_lower: float | None
    bias_corrected_upper: float | None
    paths: tuple[Path, ...]


def mediation(
    frame: pd.DataFrame,
    x: str,
    m: str,
    y: str,
    covariates: Sequence[str] = (),
    resamples: int = 5000,
    seed: int = 20260101,
    indices: Sequence[Sequence[int]] | None = None,
    confidence: float = 0.95,
) -> Mediation:
    """Split the effect of x on y into one through m and one past it.

    Model (Hayes's PROCESS 2.15, model 4): m = i1 + a x + e1, y = i2 + c' x + b m + e2,
    y = i3 + c x + e3, covariates in all three. Columns in: `x`, `m`, `y` and
    `covariates`, numbers in any unit; rows with one missing are left out and counted.

    `indirect` = ab; Sobel's (1982) se is sqrt(a² sb² + b² sa²), Aroian's (1947) adds
    sa² sb². The bootstrap draws whole rows: `resamples` times from `seed`, or as
    `indices` says (resamples x rows, from 0, into the rows used). Limits are order
    statistics; bias-corrected after Efron (1987) without acceleration.

    Refused: a column in two parts, anything but numbers, combinations of columns,
    an outcome or mediator that never varies, unusable `resamples` or `indices`.
    """
    refuse_confidence(confidence)
    names = (*covariates, x, m, y)
    _refuse_twice(names)
    used = used_rows(frame, names)
    columns = {name: used.numbers(name) for name in names}
    columns |= {name: used.outcome(name) for name in (m, y)}
    _refuse_few_rows(used.n, len(names))
    a, b, c, _ = paths = _paths(columns, (*covariates, x), m, y, confidence)
    indirect = a.estimate * b.estimate
    data = np.column_stack([columns[name] for name in names])
    effects = _resampled(data, resamples, seed, indices)
    boot = bootstrap_limits(effects, indirect, confidence)
    first = math.hypot(a.estimate * b.se, b.estimate * a.se)
    second = math.hypot(first, a.se * b.se)
    return Mediation(
        method="Simple mediation, least squares, bootstrap of the indirect effect",
        n_observations=used.n,
        n_left_out=used.n_left_out,
        left_out=used.left_out,
        warnings=(*boot.warnings, *_warned(first, c.estimate)),
        indirect=indirect,
        sobel_se=first,
        sobel_z=indirect / first if first else None,
        sobel_p=normal_p(indirect / first) if first else None,
        aroian_se=second,
        aroian_z=indirect / second if second else None,
        aroian_p=normal_p(indirect / second) if second else None,
        proportion_mediated=indirect / c.estimate if c.estimate else None,
        paths=paths,
        boot_se=boot.se,
        percentile_lower=boot.percentile[0],
        percentile_upper=boot.percentile[1],
        bias_corrected_lower=boot.bias_corrected[0],
        bias_corrected_upper=boot.bias_corrected[1],
    )


def _refuse_twice(names: Sequence[str]) -> None:
    twice = [name for i, name in enumerate(names) if name in names[:i]]
    if twice:
        raise ValueError(
            f"The column '{twice[0]}' is named twice; x, m, y and the covariates must "
            "be different columns."
        )


def _refuse_few_rows(n: int, n_parameters: int) -> None:
    if n <= n_parameters:
        raise ValueError(
            f"The model has {n_parameters} parameters, but only {n} rows are left "
            "after missing values: take more rows or fewer covariates."
        )


def _resampled(
    data: FloatArray,
    resamples: int,
    seed: int,
    indices: Sequence[Sequence[int]] | None,
) -> FloatArray:
    """ab in each resample, seeded or as `indices` says."""
    if indices is None:
        # Sorted, so that a seed draws the same rows whatever their order.
        data = data[np.lexsort(data.T)]
        draws = drawn_rows(len(data), resamples, seed)
    else:
        draws = given_rows(indices, len(data))
    return np.concatenate([indirect_effects(data, rows) for rows in draws])


def _paths(
    columns: dict[str, FloatArray],
    causes: tuple[str, ...],
    m: str,
    y: str,
    confidence: float,
) -> tuple[Path, Path, Path, Path]:
    """a, b, c and c'. The cause of interest stands last, so the others come first."""
    n = len(columns[m])
    first = np.column_stack([np.ones(n), *(columns[name] for name in causes)])
    both = np.column_stack([first, columns[m]])
    refuse_aliased(both, ("Intercept", *causes, m))
    place = len(causes)
    return (
        _path("a", first, columns[m], place, confidence),
        _path("b", both, columns[y], place + 1, confidence),
        _path("c", first, columns[y], place, confidence),
        _path("c_prime", both, columns[y], place, confidence),
    )


def _path(
    name: str, X: FloatArray, y: FloatArray, place: int, confidence: float
) -> Path:
    fit = least_squares(X, y)
    estimate, se = float(fit.estimates[place]), float(fit.classical_se[place])
    reach = student_reach(fit.df, confidence) * se
    t = estimate / se if se else None
    p = None if t is None else student_p(t, fit.df)
    return Path(name, estimate, se, t, fit.df, p, estimate - reach, estimate + reach)


def _warned(first: float, total: float) -> list[Warned]:
    warned = []
    if first == 0:
        message = (
            "A standard error is 0 (an exact fit), so its z, t and p are undefined."
        )
        warned.append(Warned("zero_variance", message))
    if total == 0:
        message = "proportion_mediated is undefined: the total effect c is 0."
        warned.append(Warned("zero_effect", message))
    return warned
