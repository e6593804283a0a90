"""Cox's proportional-hazards regression."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm

from analysis.statistics.arguments import refuse_option
from analysis.statistics.design import Design, build_design, formula_rows
from analysis.statistics.formula import parse_formula
from analysis.statistics.partial_likelihood import (
    Maximum,
    Moments,
    Stratum,
    concordance,
    maximise,
    moments,
    strata_of,
)
from analysis.statistics.result import Result, Warned
from analysis.statistics.rows import FloatArray, IntArray, UsedRows
from analysis.statistics.survival_rows import read_durations, read_events

Z_95 = float(norm.isf(0.025))
# An eigenvalue of the scaled information at zero below this share is an exact
# combination.
DEPENDENT = 1e-10


class Coefficient(NamedTuple):
    """One column of the design; the hazard ratio is for one unit of it."""

    term: str
    estimate: float | None
    se: float | None
    z: float | None
    p: float | None
    lower: float | None
    upper: float | None
    hazard_ratio: float | None
    hazard_ratio_lower: float | None
    hazard_ratio_upper: float | None


@dataclass(frozen=True, kw_only=True)
class Cox(Result):
    """The fitted model and its three tests that no term matters."""

    n_events: int
    log_likelihood: float
    log_likelihood_null: float
    df: int
    likelihood_ratio: float
    likelihood_ratio_p: float
    wald: float | None
    wald_p: float | None
    score: float
    score_p: float
    concordance: float | None
    coefficients: tuple[Coefficient, ...]


@dataclass(frozen=True)
class CoxFit:
    """The working material of a fit; X is standardised by `scale`."""

    used: UsedRows
    design: Design
    names: tuple[str, ...]
    scale: FloatArray
    time: FloatArray
    event: FloatArray
    layer: IntArray
    strata: list[Stratum]
    null: Moments
    top: Maximum
    eta: FloatArray


def cox(
    formula: str,
    frame: pd.DataFrame,
    duration: str,
    event: str,
    ties: str = "efron",
    strata: str | None = None,
) -> Cox:
    """h(t | x) = h_s(t) exp(x' beta), a baseline hazard for each stratum s.

    `formula` has a right side only (`~ group + age`); `duration` is the time to event
    or censoring, at least 0, `event` 1 or 0 (bool). Maximum partial likelihood with
    Efron's or Breslow's ties. Intervals are 95 %. Concordance is over pairs, within
    strata, of which one surely came first; equal predictors count one half. A
    coefficient that runs away to infinity is None with `monotone_likelihood`, and
    `converged` is False; the likelihoods are those of the limit.

    Rows with a missing value in a named column are left out and counted. Raises
    ValueError for negative times, wrong or no events, aliased terms, and terms that do
    not vary among those at risk. Source: Cox 1972, JRSS B 34, 187; Efron 1977, JASA 72,
    557; Breslow 1974, Biometrics 30, 89; Harrell, Lee and Mark 1996, Statistics in
    Medicine 15, 361.
    """
    fit = fit_cox(formula, frame, duration, event, ties, strata)
    top, null = fit.top, fit.null
    df = len(fit.names)
    ratio = max(2.0 * (top.at.value - null.value), 0.0)
    score = float(np.sum(null.score * np.linalg.solve(null.information, null.score)))
    wald = None
    if top.converged:
        wald = float(np.einsum("i,ij,j->", top.beta, top.at.information, top.beta))
    agree = concordance(fit.eta, fit.time, fit.event, fit.layer)
    stratified = f", stratified by {strata}" if strata else ""
    return Cox(
        method=f"Cox proportional-hazards regression, {ties.title()} ties{stratified}",
        converged=top.converged,
        warnings=_warnings(fit, agree),
        n_observations=fit.used.n,
        n_left_out=fit.used.n_left_out,
        left_out=fit.used.left_out,
        n_events=int(fit.event.sum()),
        log_likelihood=top.at.value,
        log_likelihood_null=null.value,
        df=df,
        likelihood_ratio=ratio,
        likelihood_ratio_p=float(chi2.sf(ratio, df)),
        wald=wald,
        wald_p=None if wald is None else float(chi2.sf(wald, df)),
        score=score,
        score_p=float(chi2.sf(score, df)),
        concordance=agree,
        coefficients=_coefficients(fit),
    )


def fit_cox(
    formula: str,
    frame: pd.DataFrame,
    duration: str,
    event: str,
    ties: str,
    strata: str | None,
) -> CoxFit:
    """Read, refuse, standardise and maximise."""
    refuse_option(ties, "ties", ("efron", "breslow"))
    parsed = parse_formula(formula, outcome=False)
    also = (duration, event, *((strata,) if strata else ()))
    used = formula_rows(parsed, frame, also)
    time = read_durations(used, duration)
    events = read_events(used, event, needed=True)
    layer = used.factor(strata).codes if strata else np.zeros(used.n, dtype=np.intp)
    design = build_design(parsed, used)
    if not design.has_intercept or len(design.names) == 1:
        raise ValueError(
            f"The formula '{formula}' must name at least one term and keep its "
            "intercept, which stands for the baseline hazard, as in '~ group + age'."
        )
    kept = [i for i, name in enumerate(design.names) if name != "Intercept"]
    names = tuple(design.names[i] for i in kept)
    raw = design.matrix[:, kept]
    centred = raw - raw.mean(axis=0)
    scale = np.sqrt((centred**2).mean(axis=0))
    X = centred / scale
    groups = strata_of(X, time, events, layer, ties == "efron")
    null = moments(groups, np.zeros(len(names)))
    _refuse_uninformed(null.information, names, event)
    top = maximise(groups, null)
    eta = (X * top.beta).sum(axis=1)
    return CoxFit(
        used, design, names, scale, time, events, layer, groups, null, top, eta
    )


def _refuse_uninformed(
    information: FloatArray, names: tuple[str, ...], event: str
) -> None:
    """Each term must vary, and not as a combination of others, among those at risk."""
    variance = np.diag(information)
    for name, value in zip(names, variance, strict=True):
        if value <= DEPENDENT:
            raise ValueError(
                f"The term '{name}' does not vary among those at risk at the times "
                f"with '{event}' 1 (within strata): its hazard ratio cannot be "
                "estimated. Leave it out."
            )
    scaled = information / np.sqrt(np.outer(variance, variance))
    values, vectors = np.linalg.eigh(scaled)
    if values[0] < DEPENDENT:
        part = [
            f"'{n}'" for n, v in zip(names, vectors[:, 0], strict=True) if abs(v) > 1e-4
        ]
        raise ValueError(
            f"Among those at risk at the events (within strata) the terms "
            f"{', '.join(part)} are exact combinations of each other: leave one out."
        )


def _warnings(fit: CoxFit, agree: float | None) -> tuple[Warned, ...]:
    warned = []
    running = [f"'{n}'" for n, r in zip(fit.names, fit.top.running, strict=True) if r]
    if running:
        message = (
            "The likelihood keeps rising while the coefficient of "
            f"{', '.join(running)} runs away to infinity: its estimate, se, z, p, "
            "limits and hazard ratio are not defined, nor is wald. The likelihood "
            "ratio is that of the limit."
        )
        warned.append(Warned("monotone_likelihood", message))
    elif not fit.top.converged:
        message = "The search for the maximum did not settle: wald is not defined."
        warned.append(Warned("not_converged", message))
    if agree is None:
        message = "concordance is not defined: no pair of which one surely came first."
        warned.append(Warned("no_pairs", message))
    return tuple(warned)


def covariance(fit: CoxFit) -> FloatArray:
    """The inverse information of coefficients with a maximum, in their units."""
    settled = np.flatnonzero(~fit.top.running)
    part = np.linalg.inv(fit.top.at.information[np.ix_(settled, settled)])
    whole = np.full((len(fit.names), len(fit.names)), np.nan)
    whole[np.ix_(settled, settled)] = part
    result: FloatArray = whole / np.outer(fit.scale, fit.scale)
    return result


def _coefficients(fit: CoxFit) -> tuple[Coefficient, ...]:
    V = covariance(fit)
    rows = []
    for j, name in enumerate(fit.names):
        if fit.top.running[j]:
            rows.append(Coefficient(name, *[None] * 9))
            continue
        estimate, se = float(fit.top.beta[j] / fit.scale[j]), float(np.sqrt(V[j, j]))
        z = estimate / se
        limits = [estimate - Z_95 * se, estimate + Z_95 * se]
        numbers: list[Any] = [estimate, se, z, float(2.0 * norm.sf(abs(z))), *limits]
        with np.errstate(over="ignore"):
            ratios = [float(np.exp(value)) for value in (estimate, *limits)]
        rows.append(Coefficient(name, *numbers, *ratios))
    return tuple(rows)
