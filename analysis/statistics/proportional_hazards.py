"""Whether the hazard ratios of a Cox model stay the same over time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import chi2

from analysis.statistics.arguments import refuse_option
from analysis.statistics.cox import CoxFit, covariance, fit_cox
from analysis.statistics.result import Result
from analysis.statistics.rows import FloatArray


class HazardTrend(NamedTuple):
    """One column of the design (or GLOBAL): does its coefficient change with time?"""

    term: str
    rho: float | None
    chi2: float
    df: int
    p: float


@dataclass(frozen=True, kw_only=True)
class ProportionalHazards(Result):
    """The test of each coefficient and of all together."""

    tests: tuple[HazardTrend, ...]


def proportional_hazards(
    formula: str,
    frame: pd.DataFrame,
    duration: str,
    event: str,
    ties: str = "efron",
    strata: str | None = None,
    transform: str = "km",
) -> ProportionalHazards:
    """Score-type tests of beta_j(t) = beta_j + theta_j (g(t) - mean g).

    With Schoenfeld residuals r_k at the d events, V the covariance of the coefficients
    and scaled residuals d V r_k: chi2_j = (sum (g_k - mean g) d (V r_k)_j)^2 / (d V_jj
    sum (g_k - mean g)^2), and GLOBAL with all j together. `rho` is the correlation of g
    with the scaled residuals. g is 1 - Kaplan-Meier just before the time (`km`), the
    time (`identity`), its rank among the events (`rank`) or its logarithm (`log`).
    Columns and refusals are those of `cox`; a model with a coefficient that runs away
    is refused. Source: Grambsch and Therneau 1994, Biometrika 81, 515, equations 3.3
    and 4.1 (the test of R's cox.zph before survival 3.0; later versions use the exact
    score test).
    """
    scales: dict[str, Callable[[FloatArray, CoxFit], FloatArray]] = {
        "km": _one_minus_survival,
        "identity": lambda times, _: times,
        "rank": lambda times, _: _ranks(times),
        "log": lambda times, _: _logs(times, duration),
    }
    refuse_option(transform, "transform", tuple(scales))
    fit = fit_cox(formula, frame, duration, event, ties, strata)
    if not fit.top.converged:
        raise ValueError(
            f"The model '{formula}' has no finite maximum, so its residuals say "
            "nothing about proportional hazards; see cox() for the term that runs away."
        )
    times = np.concatenate([s.time[s.dead] for s in fit.strata])
    residuals = schoenfeld(fit)
    g = scales[transform](times, fit)
    if g.min() == g.max():
        raise ValueError(
            f"All events fall on one value of '{duration}' after the transform "
            f"'{transform}': a change over time cannot be seen."
        )
    return ProportionalHazards(
        method=f"Grambsch-Therneau test of proportional hazards, transform {transform}",
        n_observations=fit.used.n,
        n_left_out=fit.used.n_left_out,
        left_out=fit.used.left_out,
        tests=_tests(fit.names, g - g.mean(), residuals, covariance(fit)),
    )


def schoenfeld(fit: CoxFit) -> FloatArray:
    """x of each event less its mean among those at risk; ties share their mean."""
    parts = []
    for s, means in zip(fit.strata, fit.top.at.means, strict=True):
        total = np.concatenate([np.zeros((1, means.shape[1])), means.cumsum(axis=0)])
        count = (s.last - s.first)[:, None]
        parts.append(s.X[s.dead] - (total[s.last] - total[s.first]) / count)
    return np.concatenate(parts) * fit.scale


def _tests(
    names: tuple[str, ...], g: FloatArray, residuals: FloatArray, V: FloatArray
) -> tuple[HazardTrend, ...]:
    d, spread = len(g), float((g**2).sum())
    scaled = d * np.einsum("ki,ij->kj", residuals, V)
    trend = (g[:, None] * residuals).sum(axis=0)
    slopes = (g[:, None] * scaled).sum(axis=0)
    off = scaled - scaled.mean(axis=0)
    sizes = np.sqrt((off**2).sum(axis=0) * spread)
    rows = []
    for j, name in enumerate(names):
        value = float(slopes[j] ** 2 / (d * V[j, j] * spread))
        rho = float(slopes[j] / sizes[j]) if sizes[j] > 0 else None
        rows.append(HazardTrend(name, rho, value, 1, float(chi2.sf(value, 1))))
    value = float(d * np.einsum("i,ij,j->", trend, V, trend) / spread)
    df = len(names)
    return (*rows, HazardTrend("GLOBAL", None, value, df, float(chi2.sf(value, df))))


def _one_minus_survival(times: FloatArray, fit: CoxFit) -> FloatArray:
    """The pooled Kaplan-Meier curve of all strata, just before each time."""
    survival, before = 1.0, {}
    for time in np.unique(times):
        before[float(time)] = 1.0 - survival
        d = int(((fit.time == time) & (fit.event == 1)).sum())
        survival *= 1.0 - d / int((fit.time >= time).sum())
    return np.array([before[float(time)] for time in times])


def _ranks(times: FloatArray) -> FloatArray:
    _, place, counts = np.unique(times, return_inverse=True, return_counts=True)
    ends = counts.cumsum()
    ranks: FloatArray = (ends - (counts - 1) / 2.0)[place]
    return ranks


def _logs(times: FloatArray, duration: str) -> FloatArray:
    if (times <= 0).any():
        raise ValueError(
            f"An event has '{duration}' 0, which has no logarithm; use another "
            "transform."
        )
    logs: FloatArray = np.log(times)
    return logs
