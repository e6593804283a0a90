"""Sample size and power for two means and two proportions."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy.special import ndtr
from scipy.stats import norm, t

from analysis.statistics.arguments import (
    is_number,
    refuse_power,
    refuse_share,
    refuse_sides,
)
from analysis.statistics.noncentral_t import lower_tail, upper_tail
from analysis.statistics.result import Result
from analysis.statistics.sequential_process import root_between

MOST_PEOPLE = 1e12


@dataclass(frozen=True, kw_only=True)
class SampleSize(Result):
    """The sizes of two groups; `power` is what the whole numbers reach."""

    exact_n_first: float
    n_first: int
    n_second: int
    n_total: int
    power: float


@dataclass(frozen=True, kw_only=True)
class Power(Result):
    """The probability to show the difference."""

    power: float


def sample_size_means(
    difference: float,
    sd: float,
    power: float = 0.8,
    alpha: float = 0.05,
    sides: int = 2,
    ratio: float = 1,
) -> SampleSize:
    """Participants for Student's t test of two means to have a power.

    `difference` and `sd` (of either group) are in the units of the outcome; `ratio` is
    n_second / n_first. The smallest real n with P(|T| > t(1 - alpha / sides)) = power,
    T a noncentral t with n (1 + ratio) - 2 df and noncentrality |difference| / (sd
    sqrt(1/n + 1/(ratio n))); both tails count when `sides` is 2, one-sided is towards
    the difference. Each group is rounded up. Source: Cohen 1988, chapter 2; as R's
    power.t.test(strict).
    """
    _refuse_means(difference, sd)
    if difference == 0:
        raise ValueError(
            f"difference is {difference!r}: no sample size shows a difference of 0; "
            "give the smallest difference worth showing."
        )
    _refuse_design(power, alpha, sides, ratio)
    effect = abs(difference) / sd

    def reached(n: float) -> float:
        return _t_power(effect, n, ratio * n, alpha, sides)

    # Just above no degree of freedom: a group of the exact size may be no whole person.
    least = 2.0 / (1.0 + ratio) * (1.0 + 1e-3)
    exact = _smallest(reached, power, least, "difference")
    n_first, n_second = _whole(exact), _whole(ratio * exact)
    return SampleSize(
        method=f"Sample size of the {_sided(sides)} two-sample t test",
        exact_n_first=exact,
        n_first=n_first,
        n_second=n_second,
        n_total=n_first + n_second,
        power=_t_power(effect, n_first, n_second, alpha, sides),
    )


def power_means(
    difference: float,
    sd: float,
    n_first: int,
    n_second: int,
    alpha: float = 0.05,
    sides: int = 2,
) -> Power:
    """Power of Student's t test for two groups of given size (noncentral t).

    The model is that of `sample_size_means`; at a difference of 0 the power is alpha.
    """
    _refuse_means(difference, sd)
    _refuse_test(alpha, sides)
    for n, name in ((n_first, "n_first"), (n_second, "n_second")):
        _refuse_count(n, name, least=2)
    return Power(
        method=f"Power of the {_sided(sides)} two-sample t test",
        power=_t_power(abs(difference) / sd, n_first, n_second, alpha, sides),
    )


def sample_size_proportions(
    first: float,
    second: float,
    power: float = 0.8,
    alpha: float = 0.05,
    sides: int = 2,
    ratio: float = 1,
) -> SampleSize:
    """Participants for the comparison of two proportions to have a power.

    Normal approximation, pooled variance under the null, separate variances under the
    alternative, no continuity correction (Fleiss, Levin and Paik 2003, equation 4.14,
    with both tails when `sides` is 2). `ratio` is n_second / n_first; each group is
    rounded up.
    """
    _refuse_proportions(first, second)
    if first == second:
        raise ValueError(
            f"first and second are both {first!r}: no sample size shows a difference "
            "of 0; give the smallest difference worth showing."
        )
    _refuse_design(power, alpha, sides, ratio)

    def reached(n: float) -> float:
        return _z_power(first, second, n, ratio * n, alpha, sides)

    exact = _smallest(reached, power, 1e-3, "difference of first and second")
    n_first, n_second = _whole(exact), _whole(ratio * exact)
    return SampleSize(
        method=f"Sample size of the {_sided(sides)} comparison of two proportions",
        exact_n_first=exact,
        n_first=n_first,
        n_second=n_second,
        n_total=n_first + n_second,
        power=_z_power(first, second, n_first, n_second, alpha, sides),
    )


def power_proportions(
    first: float,
    second: float,
    n_first: int,
    n_second: int,
    alpha: float = 0.05,
    sides: int = 2,
) -> Power:
    """Power to tell two proportions apart (the model of `sample_size_proportions`)."""
    _refuse_proportions(first, second)
    if first == second and first in (0, 1):
        raise ValueError(
            f"first and second are both {first!r}: outcomes that never vary have no "
            "power; give proportions between 0 and 1."
        )
    _refuse_test(alpha, sides)
    for n, name in ((n_first, "n_first"), (n_second, "n_second")):
        _refuse_count(n, name, least=1)
    return Power(
        method=f"Power of the {_sided(sides)} comparison of two proportions",
        power=_z_power(first, second, n_first, n_second, alpha, sides),
    )


def _t_power(
    effect: float, n_first: float, n_second: float, alpha: float, sides: int
) -> float:
    df = n_first + n_second - 2.0
    shift = effect / math.sqrt(1.0 / n_first + 1.0 / n_second)
    bound = float(t.isf(alpha / sides, df))
    if not math.isfinite(bound):
        return alpha
    power = upper_tail(bound, df, shift)
    return power + lower_tail(-bound, df, shift) if sides == 2 else power


def _z_power(
    first: float,
    second: float,
    n_first: float,
    n_second: float,
    alpha: float,
    sides: int,
) -> float:
    pooled = (n_first * first + n_second * second) / (n_first + n_second)
    null_sd = math.sqrt(pooled * (1.0 - pooled) * (1.0 / n_first + 1.0 / n_second))
    sd = math.sqrt(first * (1.0 - first) / n_first + second * (1.0 - second) / n_second)
    bound = float(norm.isf(alpha / sides)) * null_sd
    tails = [abs(first - second) - bound, -abs(first - second) - bound][:sides]
    if sd == 0.0:
        # Proportions of 0 and 1: the difference is always seen as it is.
        return 1.0 if tails[0] >= 0.0 else 0.0
    return float(sum(ndtr(tail / sd) for tail in tails))


def _smallest(
    reached: Callable[[float], float], power: float, least: float, name: str
) -> float:
    """The real n from which the power is reached."""
    if reached(least) >= power:
        raise ValueError(
            f"power is {power!r}, which the smallest possible groups exceed at this "
            f"{name} and ratio; ask for more power or check the arguments."
        )
    high = max(2.0 * least, 4.0)
    while reached(high) < power:
        high *= 2.0
        if high > MOST_PEOPLE:
            raise ValueError(
                f"The {name} is too small: power {power!r} needs more than "
                f"{MOST_PEOPLE:g} participants; check the units of the arguments."
            )
    return root_between(lambda n: reached(n) - power, least, high)


def _whole(n: float) -> int:
    """Rounded up, but not for the last digits of a root that is a whole number."""
    return math.ceil(n * (1.0 - 1e-11))


def _sided(sides: int) -> str:
    return "two-sided" if sides == 2 else "one-sided"


def _refuse_design(power: float, alpha: float, sides: int, ratio: float) -> None:
    _refuse_test(alpha, sides)
    refuse_power(power, alpha / sides)
    if power <= alpha:
        raise ValueError(
            f"power is {power!r}, not above alpha {alpha!r}, which a trial without any "
            "effect has; ask for more power or a smaller alpha."
        )
    if not (is_number(ratio) and 0 < ratio < math.inf):
        raise ValueError(
            f"ratio is {ratio!r}; give n_second / n_first as a finite number above 0."
        )


def _refuse_test(alpha: float, sides: int) -> None:
    refuse_sides(sides)
    refuse_share(alpha, "alpha")


def _refuse_means(difference: float, sd: float) -> None:
    if not (is_number(difference) and math.isfinite(difference)):
        raise ValueError(f"difference is {difference!r}; give a finite number.")
    if not (is_number(sd) and 0 < sd < math.inf):
        raise ValueError(
            f"sd is {sd!r}; give the standard deviation as a finite number above 0."
        )


def _refuse_proportions(first: float, second: float) -> None:
    for value, name in ((first, "first"), (second, "second")):
        if not (is_number(value) and 0 <= value <= 1):
            raise ValueError(
                f"{name} is {value!r}; give a proportion from 0 to 1, such as 0.485."
            )


def _refuse_count(n: int, name: str, least: int) -> None:
    if not is_number(n) or not math.isfinite(n) or n != int(n) or n < least:
        raise ValueError(
            f"{name} is {n!r}; give a whole number of participants, at least {least}."
        )
