"""Estimates, tests and intervals for rows over the coefficients of a fitted model."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats

from .blas import Array
from .inference import Inference

CONFIDENCE = 0.95


class Estimate(NamedTuple):
    """One row: without a df, or a standard error, what rests on it is None."""

    estimate: float
    se: float | None
    df: float | None
    t: float | None
    p: float | None
    lower: float | None
    upper: float | None


class FTest(NamedTuple):
    term: str
    num_df: int
    den_df: float | None
    F: float
    p: float | None


@dataclass(frozen=True)
class Effects:
    """The coefficients with what is needed to test any hypothesis about them.

    The likelihood sees the design X as XR^-1 and the outcome as (y - Xb0) / s: `turn`
    (p, p) is R^-1, `offset` (p,) is b0 and `scale` is s. `beta` (p,) and the inference
    are in those coordinates, rows are given in those of the design.
    """

    beta: Array
    offset: Array
    turn: Array
    scale: float
    inference: Inference

    def coefficients(self) -> Array:
        return self.offset + self.scale * (self.turn @ self.beta)

    def covariance(self) -> Array:
        """Of the coefficients, in the units of the outcome, squared."""
        inner = self.inference.covariance
        return self.scale**2 * (self.turn @ inner @ self.turn.T)

    def estimate(self, row: Array) -> Estimate:
        """Of the combination `row` (p,) of the coefficients."""
        turned = row @ self.turn
        value = float(row @ self.coefficients())
        variance = float(turned @ self.inference.covariance @ turned)
        if variance <= 0:
            return Estimate(value, None, None, None, None, None, None)
        se = self.scale * float(np.sqrt(variance))
        df = self.inference.df(turned)
        if df is None:
            return Estimate(value, se, None, None, None, None, None)
        t = value / se
        p = 2 * float(stats.t.sf(abs(t), df))
        margin = float(stats.t.ppf((1 + CONFIDENCE) / 2, df)) * se
        return Estimate(value, se, df, t, p, value - margin, value + margin)

    def test(self, term: str, rows: Array) -> FTest:
        """That all of the combinations `rows` (q, p) are zero."""
        start = np.linalg.solve(self.turn, self.offset) / self.scale
        joint = self.inference.joint(rows @ self.turn, self.beta + start)
        if joint.den_df is None:
            return FTest(term, joint.num_df, None, joint.F, None)
        p = float(stats.f.sf(joint.F, joint.num_df, joint.den_df))
        return FTest(term, joint.num_df, joint.den_df, joint.F, p)


def adjusted_p(
    estimates: list[Estimate], adjust: str, n_levels: int
) -> list[float | None]:
    """The p-values of one family; a missing one stays missing and is not counted."""
    known = [e.p for e in estimates if e.p is not None]
    match adjust:
        case "none":
            return [e.p for e in estimates]
        case "bonferroni":
            return [
                None if e.p is None else min(1.0, e.p * len(known)) for e in estimates
            ]
        case "holm":
            return _holm([e.p for e in estimates])
    return [_tukey(e, n_levels) for e in estimates]


def _holm(p_values: list[float | None]) -> list[float | None]:
    known = sorted((p, i) for i, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    highest = 0.0
    for rank, (p, i) in enumerate(known):
        highest = max(highest, min(1.0, (len(known) - rank) * p))
        adjusted[i] = highest
    return adjusted


def _tukey(estimate: Estimate, n_levels: int) -> float | None:
    """By the studentised range of as many means as the factor has levels."""
    if estimate.t is None or estimate.df is None or estimate.p is None:
        return None
    if n_levels == 2:
        return estimate.p
    q = abs(estimate.t) * np.sqrt(2)
    return float(stats.studentized_range.sf(q, n_levels, estimate.df))
