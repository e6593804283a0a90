"""The conditional odds ratio of a two by two table and its exact limits.

With the margins held, the events of the second row follow Fisher's noncentral
hypergeometric distribution with weights C(n1, m - k) C(n2, k) exp(k theta), where theta
is the log odds ratio.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln, logsumexp

from analysis.statistics.rows import FloatArray


class OddsRatio(NamedTuple):
    """None stands for infinity."""

    estimate: float | None
    lower: float
    upper: float | None


def conditional_odds_ratio(
    a: int, b: int, c: int, d: int, confidence: float
) -> OddsRatio:
    """Conditional maximum likelihood estimate and exact limits (Cornfield 1956).

    Each limit leaves exactly (1 - confidence) / 2 to its tail; solved to 1e-13.
    """
    n1, n2, events = a + b, c + d, b + d
    k = np.arange(max(0, events - n1), min(n2, events) + 1, dtype=np.float64)
    weights = _log_choose(n1, events - k) + _log_choose(n2, k)
    tail = math.log((1 - confidence) / 2)
    low, high = d == k[0], d == k[-1]
    upward, downward = k >= d, k <= d

    def mean_excess(theta: float) -> float:
        log = weights + k * theta
        share = np.exp(log - logsumexp(log))
        return float((share * (k - d)).sum())

    def tail_excess(part: FloatArray | np.ndarray, theta: float) -> float:
        log = weights + k * theta
        return float(logsumexp(log[part]) - logsumexp(log)) - tail

    if low:
        estimate: float | None = 0.0
    else:
        estimate = None if high else math.exp(_root(mean_excess))
    lower = 0.0 if low else math.exp(_root(lambda x: tail_excess(upward, x)))
    upper = None if high else math.exp(_root(lambda x: -tail_excess(downward, x)))
    return OddsRatio(estimate, lower, upper)


def _log_choose(n: int, k: FloatArray) -> FloatArray:
    found: FloatArray = gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0)
    return found


def _root(rising: Callable[[float], float]) -> float:
    """The zero of a rising function of theta."""
    low, high = -1.0, 1.0
    while rising(low) > 0:
        low *= 2
    while rising(high) < 0:
        high *= 2
    return float(brentq(rising, low, high, xtol=1e-14, rtol=1e-14))
