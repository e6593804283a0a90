"""Linear regression by least squares, with classical or HC3 covariance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.linalg import solve_triangular

from analysis.statistics.aliasing import orthonormal
from analysis.statistics.arguments import refuse_option
from analysis.statistics.design import build_design, formula_rows, outcome_values
from analysis.statistics.formula import parse_formula
from analysis.statistics.result import Result, Warned
from analysis.statistics.rows import FloatArray
from analysis.statistics.tails import f_p, student_p, student_reach

# Residuals below this share of the outcome's size are its rounding.
ROUNDING = 1e-13
# A row with leverage this near 1 is fitted exactly, and HC3 divides by what is left.
FULL_LEVERAGE = 1 - 1e-10


class Coefficient(NamedTuple):
    term: str
    estimate: float
    se: float
    t: float | None
    p: float | None
    lower: float
    upper: float
    standardised_beta: float | None
    vif: float | None


@dataclass(frozen=True, kw_only=True)
class Regression(Result):
    r_squared: float
    adjusted_r_squared: float
    F: float | None
    num_df: int
    den_df: int
    p: float | None
    residual_sd: float
    coefficients: tuple[Coefficient, ...]


@dataclass(frozen=True)
class LeastSquares:
    """y on X = QR: `share` = Q'y, `turn` = R^-1, estimates are turn @ share."""

    Q: FloatArray
    R: FloatArray
    turn: FloatArray
    share: FloatArray
    residuals: FloatArray
    df: int

    @property
    def estimates(self) -> FloatArray:
        found: FloatArray = (self.turn * self.share).sum(axis=1)
        return found

    @property
    def residual_ss(self) -> float:
        return float((self.residuals**2).sum())

    @property
    def residual_sd(self) -> float:
        return float(np.sqrt(self.residual_ss / self.df))

    @property
    def classical_se(self) -> FloatArray:
        lengths: FloatArray = np.sqrt((self.turn**2).sum(axis=1))
        return self.residual_sd * lengths


def least_squares(X: FloatArray, y: FloatArray) -> LeastSquares:
    """Fit y on the columns of X, none of which is a combination of others.

    Q and the residuals are computed without squaring X, so that a covariate near ten
    million keeps nine digits. Residuals that are only the rounding of y count as 0.
    """
    n, p = X.shape
    Q, R = orthonormal(X)
    share = np.zeros(p)
    rest = y
    for _ in range(2):
        part = (Q * rest[:, None]).sum(axis=0)
        rest = rest - (Q * part).sum(axis=1)
        share += part
    if np.abs(rest).max() <= ROUNDING * np.abs(y).max():
        rest = np.zeros(n)
    turn = solve_triangular(R, np.eye(p))
    return LeastSquares(Q, R, turn, share, rest, n - p)


def regression(
    formula: str, frame: pd.DataFrame, covariance: str = "classical"
) -> Regression:
    """Regress an outcome on terms.

    Model: y = X beta + e, e ~ N(0, sigma²), or with `covariance="hc3"` any variance for
    each row (MacKinnon and White 1985; the jackknife form of Long and Ervin 2000).
    Columns in: those of the formula, `madrs_day13 ~ group + madrs_base`; rows with one
    of them missing are left out and counted. Coefficients are in units of the outcome
    per unit of the column; t and F have the residual df under both covariances.

    `standardised_beta` = estimate SD(column) / SD(y); `vif` = 1 / (1 - R²) of a column
    on the others (not the generalised VIF). Without an intercept (`y ~ 0 + x`) R², F
    and VIF are about zero instead of the mean, as in R.

    Refused: what `design.build_design` refuses, an outcome that never varies, and HC3
    where a row has leverage 1.
    """
    refuse_option(covariance, "covariance", ("classical", "hc3"))
    parsed = parse_formula(formula)
    used = formula_rows(parsed, frame)
    y = outcome_values(parsed, used)
    design = build_design(parsed, used)
    fit = least_squares(design.matrix, y)
    meat = _meat(fit, covariance, used.positions.tolist())
    skip = 1 if design.has_intercept else 0
    explained = float((fit.share[skip:] ** 2).sum())
    total = explained + fit.residual_ss
    warned: list[Warned] = []
    if fit.residual_ss == 0:
        message = "t, F and p are undefined: the terms give the outcome exactly."
        warned.append(Warned("zero_variance", message))
    F, p, num_df = _overall(fit, meat, skip, warned)
    r_squared = explained / total
    name = "HC3" if covariance == "hc3" else "classical"
    return Regression(
        method=f"Linear regression, least squares, {name} covariance",
        n_observations=used.n,
        n_left_out=used.n_left_out,
        left_out=used.left_out,
        r_squared=r_squared,
        adjusted_r_squared=1 - (1 - r_squared) * (used.n - skip) / fit.df,
        F=F,
        num_df=num_df,
        den_df=fit.df,
        p=p,
        residual_sd=fit.residual_sd,
        coefficients=_coefficients(fit, meat, design.names, skip, total / (used.n - 1)),
        warnings=tuple(warned),
    )


def _meat(fit: LeastSquares, covariance: str, positions: Sequence[int]) -> FloatArray:
    """The covariance of Q'y: that of the estimates is turn @ meat @ turn'."""
    if covariance == "classical":
        return np.eye(len(fit.R)) * fit.residual_sd**2
    leverage = (fit.Q**2).sum(axis=1)
    if leverage.max() > FULL_LEVERAGE:
        row = positions[int(leverage.argmax())]
        raise ValueError(
            f"covariance 'hc3' cannot be had: the row at position {row} of the frame "
            "is fitted exactly (leverage 1). Leave out the term that only this row "
            "informs, or use 'classical'."
        )
    weighted = fit.Q * (fit.residuals / (1 - leverage))[:, None]
    meat: FloatArray = np.einsum("ni,nj->ij", weighted, weighted)
    return meat


def _overall(
    fit: LeastSquares, meat: FloatArray, skip: int, warned: list[Warned]
) -> tuple[float | None, float | None, int]:
    """F of all terms but the intercept, its p and numerator df.

    Their coefficients are 0 exactly where their shares Q'y are, which are well scaled.
    """
    k = len(fit.share) - skip
    if k == 0:
        message = "F and p are undefined: the formula has no terms but the intercept."
        warned.append(Warned("no_terms", message))
        return None, None, 0
    if fit.residual_ss == 0:
        return None, None, k
    share = fit.share[skip:]
    F = float((share * np.linalg.solve(meat[skip:, skip:], share)).sum()) / k
    return F, f_p(F, k, fit.df), k


def _coefficients(
    fit: LeastSquares,
    meat: FloatArray,
    names: Sequence[str],
    skip: int,
    y_variance: float,
) -> tuple[Coefficient, ...]:
    ses = np.sqrt(np.einsum("ij,jk,ik->i", fit.turn, meat, fit.turn))
    # Below the intercept's row, R holds the columns less their means.
    squares = (fit.R[skip:] ** 2).sum(axis=0)
    inverse = (fit.turn**2).sum(axis=1)
    n = len(fit.residuals)
    centred = fit.R[1:] if skip else fit.R
    spread = np.sqrt((centred**2).sum(axis=0) / (n - 1))
    reach = student_reach(fit.df, 0.95)
    rows = []
    for j, name in enumerate(names):
        estimate, se = float(fit.estimates[j]), float(ses[j])
        t = estimate / se if se > 0 else None
        inner = j >= skip
        beta = estimate * float(spread[j]) / float(np.sqrt(y_variance))
        rows.append(
            Coefficient(
                term=name,
                estimate=estimate,
                se=se,
                t=t,
                p=None if t is None else student_p(t, fit.df),
                lower=estimate - reach * se,
                upper=estimate + reach * se,
                standardised_beta=beta if inner else None,
                vif=float(squares[j] * inverse[j]) if inner else None,
            )
        )
    return tuple(rows)
