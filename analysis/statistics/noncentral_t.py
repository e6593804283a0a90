"""Tail probabilities of the noncentral t distribution, by integration.

T = (Z + delta) / S with S = sqrt(chi2_v / v), so P(T > t) is the mean of Phi(delta - t
S) over the density of S. In x = log S this density is smooth and falls off on both
sides, so the trapezoid rule converges faster than any power of its step. Library
routines fail for large noncentralities, where a trial with a large effect needs them.
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtr
from scipy.stats import chi2

# The mass of chi that is cut off at either end.
CUT = 1e-20
FEWEST_STEPS = 2_000
MOST_STEPS = 2_000_000


def upper_tail(t: float, df: float, noncentrality: float) -> float:
    """P(T > t) of a noncentral t with any real df above 0."""
    x, mass = _log_chi(df, max(abs(t), abs(noncentrality)))
    return float(np.sum(mass * ndtr(noncentrality - t * np.exp(x))))


def lower_tail(t: float, df: float, noncentrality: float) -> float:
    """P(T < t) of a noncentral t with any real df above 0."""
    return upper_tail(-t, df, -noncentrality)


def _log_chi(
    df: float, steepness: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places of log S and their probabilities; steps resolve Phi where it turns."""
    low = 0.5 * math.log(max(float(chi2.ppf(CUT, df)), 1e-300) / df)
    high = 0.5 * math.log(float(chi2.isf(CUT, df)) / df)
    steps = int(min(max(FEWEST_STEPS, 4.0 * steepness * (high - low)), MOST_STEPS))
    x = np.linspace(low, high, steps + 1)
    # log S = x has the density 2 (v/2)^(v/2) / Gamma(v/2) exp(v x - v exp(2x) / 2); the
    # part that grows with v is taken out before the exponential.
    constant = 0.5 * df * math.log(0.5 * df) - float(gammaln(0.5 * df)) - 0.5 * df
    density = 2.0 * np.exp(constant + df * (x - 0.5 * np.expm1(2.0 * x)))
    mass = density * (x[1] - x[0])
    return x, mass / mass.sum()
