"""Limits of the difference of two risks, second less first.

Each group is given as (events, people); z is the reach of the normal distribution.
"""

import math
from collections.abc import Callable

from scipy.optimize import brentq

Group = tuple[int, int]
Limits = tuple[float, float]
# The score test does not reject at the difference itself, where its variance may be 0.
INWARD = 1e-9


def wald(first: Group, second: Group, z: float) -> Limits:
    """The simple limits, cut at -1 and 1."""
    return _around(first[0], first[1], second[0], second[1], z)


def agresti_caffo(first: Group, second: Group, z: float) -> Limits:
    """Wald's limits with one event and one other added to each group; cut."""
    return _around(first[0] + 1, first[1] + 2, second[0] + 1, second[1] + 2, z)


def _around(x1: int, n1: int, x2: int, n2: int, z: float) -> Limits:
    p1, p2 = x1 / n1, x2 / n2
    reach = z * math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    return max(-1.0, p2 - p1 - reach), min(1.0, p2 - p1 + reach)


def newcombe(first: Group, second: Group, z: float) -> Limits:
    """Newcombe (1998), method 10, from Wilson's limits of the two risks."""
    (l1, u1), (l2, u2) = _wilson(*first, z), _wilson(*second, z)
    p1, p2 = first[0] / first[1], second[0] / second[1]
    lower = p2 - p1 - math.hypot(p2 - l2, u1 - p1)
    upper = p2 - p1 + math.hypot(u2 - p2, p1 - l1)
    return max(-1.0, lower), min(1.0, upper)


def _wilson(x: int, n: int, z: float) -> Limits:
    middle = (x + z * z / 2) / (n + z * z)
    reach = z * math.sqrt(x * (n - x) / n + z * z / 4) / (n + z * z)
    # With no event the limit is 0 itself, which rounding would miss.
    return (0.0 if x == 0 else middle - reach), (1.0 if x == n else middle + reach)


def miettinen_nurminen(first: Group, second: Group, z: float) -> Limits:
    """The differences the score test does not reject; variance times N / (N - 1)."""
    difference = second[0] / second[1] - first[0] / first[1]

    def excess(delta: float) -> float:
        off = difference - delta
        return off**2 - z * z * _score_variance(first, second, delta)

    return (
        _limit(excess, -1.0, max(-1.0, difference - INWARD), difference),
        _limit(excess, 1.0, min(1.0, difference + INWARD), difference),
    )


def _limit(
    excess: Callable[[float], float], end: float, start: float, difference: float
) -> float:
    """Where the score test begins to reject, between the difference and the end."""
    if excess(end) <= 0:
        return end
    if excess(start) >= 0:
        return difference
    return float(brentq(excess, start, end, xtol=1e-15, rtol=1e-14))


def _score_variance(first: Group, second: Group, delta: float) -> float:
    """Variance of the difference at the risks most likely under difference delta."""
    (x1, n1), (x2, n2) = first, second
    p1 = _restricted(x1, n1, x2, n2, delta)
    p2 = min(max(p1 + delta, 0.0), 1.0)
    n = n1 + n2
    return (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * n / (n - 1)


def _restricted(x1: int, n1: int, x2: int, n2: int, delta: float) -> float:
    """The first risk most likely when the second is `delta` above it.

    The root between 0 and 1 of the cubic in Miettinen and Nurminen (1985), appendix I.
    """
    n, x = n1 + n2, x1 + x2
    L2 = (n2 + 2 * n1) * delta - n - x
    L1 = (n1 * delta - n - 2 * x1) * delta + x
    L0 = x1 * delta * (1 - delta)
    q = (L2 / (3 * n)) ** 3 - L1 * L2 / (6 * n * n) + L0 / (2 * n)
    size = math.sqrt(max(0.0, (L2 / (3 * n)) ** 2 - L1 / (3 * n)))
    if size == 0.0:
        root = -L2 / (3 * n)
    else:
        signed = math.copysign(size, q)
        angle = (math.pi + math.acos(min(max(q / signed**3, -1.0), 1.0))) / 3
        root = 2 * signed * math.cos(angle) - L2 / (3 * n)
    return min(max(root, max(0.0, -delta)), min(1.0, 1.0 - delta))
