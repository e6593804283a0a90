"""Bounds of a group-sequential trial after Lan and DeMets (1983)."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri_exp
from scipy.stats import norm

from analysis.statistics.arguments import (
    is_number,
    refuse_option,
    refuse_power,
    refuse_share,
    refuse_sides,
)
from analysis.statistics.result import Result, Warned
from analysis.statistics.sequential_process import Going, crossings, root_between, start

SPENDING = {
    "obrien_fleming": "O'Brien-Fleming",
    "pocock": "Pocock",
    "hwang_shih_decani": "Hwang-Shih-DeCani",
}


class Stage(NamedTuple):
    """One look. Alpha and the nominal p are over both sides when `sides` is 2."""

    stage: int
    information: float
    z: float | None
    nominal_p: float | None
    alpha_spent: float
    cumulative_alpha: float


class PoweredStage(NamedTuple):
    """One look, with the chance to have shown the effect by then."""

    stage: int
    information: float
    z: float | None
    nominal_p: float | None
    alpha_spent: float
    cumulative_alpha: float
    cumulative_power: float


@dataclass(frozen=True, kw_only=True)
class SequentialBounds(Result):
    """Bounds on the scale of Z and what each look spends."""

    stages: tuple[Stage, ...] | tuple[PoweredStage, ...]


@dataclass(frozen=True, kw_only=True)
class SequentialDesign(SequentialBounds):
    """Bounds, and the size of the trial that has the power asked for.

    `drift` is the mean of Z at full information; the expected information is relative
    to the fixed design of the same alpha and power.
    """

    drift: float
    inflation: float
    expected_information_null: float
    expected_information_alternative: float


def group_sequential(
    information: Sequence[float],
    spending: str = "obrien_fleming",
    alpha: float = 0.05,
    sides: int = 2,
    gamma: float | None = None,
    power: float | None = None,
) -> SequentialBounds | SequentialDesign:
    """Bounds z_k with P_0(first |Z| >= z at look k) = f(t_k) - f(t_{k-1}).

    The score process B(t) = Z(t) sqrt(t) is a Brownian motion; `information` are the
    shares t of the full information at each look, rising to 1. With a = alpha / sides
    the spent error f is 2 - 2 Phi(z(1 - a/2) / sqrt t) (`obrien_fleming`), a ln(1 + (e
    - 1) t) (`pocock`) or a (1 - exp(-gamma t)) / (1 - exp(-gamma))
    (`hwang_shih_decani`, `gamma` 0: a t) on each side. Two-sided bounds are symmetric
    and the process stops at either.

    With `power` also the drift at which the boundary on the side of the effect is
    crossed with that probability. A look at which the function spends less than the
    smallest double has no bound: None with `nothing_spent`. Raises ValueError for
    information that does not rise from above 0 to exactly 1 and for arguments out of
    their range.

    Source: Lan and DeMets 1983, Biometrika 70, 659; Hwang, Shih and DeCani 1990,
    Statistics in Medicine 9, 1439; Jennison and Turnbull 2000, chapters 7 and 19.
    """
    times = checked_information(information)
    refuse_sides(sides)
    refuse_share(alpha, "alpha")
    a = alpha / sides
    spent = spending_function(spending, a, gamma)
    z, warned = efficacy_bounds(times, spent, sides)
    cumulative = [sides * spent(t) for t in times]
    stages = tuple(
        Stage(
            k + 1,
            t,
            bound,
            None if bound is None else float(sides * norm.sf(bound)),
            cumulative[k] - (cumulative[k - 1] if k else 0.0),
            cumulative[k],
        )
        for k, (t, bound) in enumerate(zip(times, z, strict=True))
    )
    method = (
        f"Group-sequential bounds, {SPENDING[spending]} type spending (Lan-DeMets), "
        f"{'two' if sides == 2 else 'one'}-sided"
    )
    if power is None:
        return SequentialBounds(method=method, warnings=warned, stages=stages)
    refuse_power(power, a)
    return _powered(method, warned, stages, sides, a, power)


def _powered(
    method: str,
    warned: tuple[Warned, ...],
    stages: tuple[Stage, ...],
    sides: int,
    a: float,
    power: float,
) -> SequentialDesign:
    times = [s.information for s in stages]
    upper = endless([s.z for s in stages])
    lower = [-u if sides == 2 else -math.inf for u in upper]

    def above(drift: float) -> list[float]:
        return crossings(times, lower, upper, start(drift))[1]

    fixed = float(norm.isf(a) + norm.ppf(power))
    highest = rising_bracket(lambda d: sum(above(d)) - power, fixed)
    drift = root_between(lambda d: sum(above(d)) - power, 0.0, highest)
    shown = np.cumsum(above(drift))
    inflation = (drift / fixed) ** 2
    return SequentialDesign(
        method=method,
        warnings=warned,
        stages=tuple(
            PoweredStage(*s, float(p)) for s, p in zip(stages, shown, strict=True)
        ),
        drift=drift,
        inflation=inflation,
        expected_information_null=inflation
        * expected_information(times, *crossings(times, lower, upper, start())),
        expected_information_alternative=inflation
        * expected_information(times, *crossings(times, lower, upper, start(drift))),
    )


def expected_information(
    times: Sequence[float], below: Sequence[float], above: Sequence[float]
) -> float:
    """The mean of the information at the look where the process stops."""
    stops = [b + a for b, a in zip(below, above, strict=True)][:-1]
    return 1.0 - sum(
        (1.0 - t) * stop for t, stop in zip(times[:-1], stops, strict=True)
    )


def efficacy_bounds(
    times: Sequence[float], spent: Callable[[float], float], sides: int
) -> tuple[list[float | None], tuple[Warned, ...]]:
    """The bounds for which each look spends its share of the error, on each side."""
    bounds: list[float | None] = []
    warned: list[Warned] = []
    going, before = start(), 0.0
    for k, time in enumerate(times):
        bound = _bound(going, time, spent(time) - before, two_sided=sides == 2)
        bounds.append(bound)
        if bound is None:
            message = (
                f"The bound z and its nominal p at stage {k + 1} (information "
                f"{time:g}) are not defined: the spending function leaves no error for "
                "it."
            )
            warned.append(Warned("nothing_spent", message))
        before = spent(time)
        if time < times[-1]:
            upper = math.inf if bound is None else bound * math.sqrt(time)
            lower = -upper if sides == 2 else -math.inf
            going = going.moved(time, lower, upper, times[k + 1])
    return bounds, tuple(warned)


def _bound(going: Going, time: float, error: float, two_sided: bool) -> float | None:
    if error <= 0.0:
        return None
    if going.time == 0.0:
        return -float(ndtri_exp(math.log(error)))
    root = math.sqrt(time)

    def excess(z: float) -> float:
        return math.log(max(going.above(z * root, time), 1e-320)) - math.log(error)

    lowest = 0.0 if two_sided else -FARTHEST_Z
    if excess(FARTHEST_Z) >= 0.0:
        return None
    return root_between(excess, lowest, FARTHEST_Z)


FARTHEST_Z = 37.0


def spending_function(
    name: str, a: float, gamma: float | None, place: str = "spending"
) -> Callable[[float], float]:
    """The error spent on one side by information t, of `a` in all."""
    refuse_option(name, place, tuple(SPENDING))
    if name != "hwang_shih_decani":
        if gamma is not None:
            raise ValueError(
                f"gamma is {gamma!r}, but {place} '{name}' has no gamma; leave it out "
                f"or use {place} 'hwang_shih_decani'."
            )
        if name == "pocock":
            return lambda t: a if t == 1.0 else a * math.log1p((math.e - 1.0) * t)
        z = float(norm.isf(a / 2.0))
        return lambda t: a if t == 1.0 else float(2.0 * norm.sf(z / math.sqrt(t)))
    if not is_number(gamma) or not math.isfinite(gamma):  # type: ignore[arg-type]
        raise ValueError(
            f"gamma is {gamma!r}; {place} 'hwang_shih_decani' needs a finite number, "
            "such as -4 (late, like O'Brien-Fleming) or 1 (early, like Pocock)."
        )
    return lambda t: a * _hsd_share(t, float(gamma))  # type: ignore[arg-type]


def _hsd_share(t: float, gamma: float) -> float:
    if gamma == 0.0:
        return t
    share = math.expm1(-abs(gamma) * t) / math.expm1(-abs(gamma))
    # With a negative gamma both exponentials of the definition overflow; this form does
    # not.
    return share if gamma > 0.0 else share * math.exp(gamma * (1.0 - t))


def rising_bracket(function: Callable[[float], float], first: float) -> float:
    """A point from `first` upwards at which a rising function is no longer negative."""
    high = max(first, 1.0)
    while function(high) < 0.0:
        high *= 1.5
    return high


def endless(bounds: Sequence[float | None]) -> list[float]:
    """Bounds with infinity for a look that cannot stop the trial."""
    return [math.inf if bound is None else bound for bound in bounds]


def checked_information(information: Sequence[float]) -> list[float]:
    """Shares of information as floats; refused unless they rise from above 0 to 1."""
    times = list(information)
    if not times or not all(is_number(t) for t in times):
        raise ValueError(
            f"information is {times!r}; give the share of the full information at each "
            "look as numbers, such as [0.5, 1]."
        )
    rising = all(b > a for a, b in zip([0.0, *times[:-1]], times, strict=True))
    if not rising or times[-1] != 1:
        raise ValueError(
            f"information is {times!r}; it must rise from look to look, from above 0 "
            "to exactly 1."
        )
    return [float(t) for t in times]
