"""Stopping for futility: non-binding bounds, and conditional power at a look."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scipy.stats import norm

from analysis.statistics.arguments import is_number, refuse_power, refuse_share
from analysis.statistics.group_sequential import (
    SPENDING,
    checked_information,
    efficacy_bounds,
    endless,
    rising_bracket,
    spending_function,
)
from analysis.statistics.result import Result, Warned
from analysis.statistics.sequential_process import Going, crossings, root_between, start

FARTHEST_Z = 37.0


class FutilityStage(NamedTuple):
    """One look: stop for futility at or below `futility_z`, for efficacy above `z`."""

    stage: int
    information: float
    z: float | None
    futility_z: float | None
    cumulative_alpha: float
    cumulative_beta: float
    cumulative_power: float


@dataclass(frozen=True, kw_only=True)
class FutilityDesign(Result):
    """One-sided efficacy bounds, futility bounds, and the drift that they need."""

    stages: tuple[FutilityStage, ...]
    drift: float
    inflation: float


@dataclass(frozen=True, kw_only=True)
class ConditionalPower(Result):
    """The chance still to cross an efficacy bound, for three beliefs of the effect."""

    design: float | None
    current_trend: float
    null: float


def futility_bounds(
    information: Sequence[float],
    spending: str = "obrien_fleming",
    beta_spending: str = "obrien_fleming",
    alpha: float = 0.025,
    power: float = 0.9,
    gamma: float | None = None,
    beta_gamma: float | None = None,
) -> FutilityDesign:
    """Non-binding futility bounds that spend the type II error 1 - power.

    One-sided. The efficacy bounds are those of `group_sequential` and do not know of
    futility, so that alpha holds whether or not the trial stops for it. At drift delta
    the futility bound f_k has P_delta(first Z <= f at look k, no efficacy before) =
    beta spent by look k; delta is such that f_K is the efficacy bound of the last look.
    Early looks that spend next to nothing have no bound (`nothing_spent`).

    Raises ValueError for arguments out of range, and where an interim futility bound
    would lie above the efficacy bound. Source: Pampallona, Tsiatis and Kim 2001, Drug
    Information Journal 35, 1113; Jennison and Turnbull 2000, section 7.3.
    """
    times = checked_information(information)
    refuse_share(alpha, "alpha")
    refuse_power(power, alpha)
    spent = spending_function(spending, alpha, gamma)
    beta = spending_function(beta_spending, 1.0 - power, beta_gamma, "beta_spending")
    bounds, warned = efficacy_bounds(times, spent, sides=1)
    upper = endless(bounds)
    if bounds[-1] is None:
        raise ValueError(
            f"spending '{spending}' leaves no error for the last look, so that a trial "
            "could not end with a bound; choose another gamma."
        )

    def left(drift: float) -> float:
        """The error still to spend at the last look, less what not crossing costs."""
        lower = _lower(times, upper, beta, drift)
        below, _ = crossings(times, [*lower[:-1], upper[-1]], upper, start(drift))
        return 1.0 - power - sum(below)

    fixed = float(norm.isf(alpha) + norm.ppf(power))
    drift = root_between(left, 0.5 * fixed, rising_bracket(left, fixed))
    lower = [*_lower(times, upper, beta, drift)[:-1], upper[-1]]
    _refuse_crossing(lower, upper)
    below, above = crossings(times, lower, upper, start(drift))
    stages = []
    for k, (time, low) in enumerate(zip(times, lower, strict=True)):
        shown = low if math.isfinite(low) else None
        shares = spent(time), sum(below[: k + 1]), sum(above[: k + 1])
        stages.append(FutilityStage(k + 1, time, bounds[k], shown, *shares))
    return FutilityDesign(
        method=(
            f"Non-binding futility bounds, {SPENDING[beta_spending]} type beta "
            f"spending, {SPENDING[spending]} type alpha spending, one-sided"
        ),
        warnings=(*warned, *_nothing_to_spend(stages)),
        stages=tuple(stages),
        drift=drift,
        inflation=(drift / fixed) ** 2,
    )


def conditional_power(
    z: float,
    information: float,
    later_information: Sequence[float],
    later_bounds: Sequence[float],
    drift: float | None = None,
) -> ConditionalPower:
    """P(Z crosses a later upper bound | Z = z at this share of the information).

    `later_information` rises from above `information` to 1 with a bound on the scale of
    Z each (from `group_sequential`). The drift, the mean of Z at full information, is
    that of the `design`, of the `current_trend` z / sqrt(information), and of the
    `null`, 0. `design` is None without `drift`. Source: Lan and Wittes 1988, Biometrics
    44, 579.
    """
    if not is_number(z) or not math.isfinite(z):
        raise ValueError(f"z is {z!r}; give the interim statistic as a finite number.")
    if drift is not None and not (is_number(drift) and math.isfinite(drift)):
        raise ValueError(f"drift is {drift!r}; give a finite number or leave it out.")
    if not (is_number(information) and 0 < information < 1):
        raise ValueError(
            f"information is {information!r}; give the share at the interim look, "
            "above 0 and below 1."
        )
    times = checked_information([information, *later_information])[1:]
    upper = list(later_bounds)
    if len(upper) != len(times) or not all(map(is_number, upper)):
        raise ValueError(
            f"later_bounds is {upper!r}; give one number for each of the {len(times)} "
            "shares in later_information."
        )
    lower = [-math.inf] * len(times)

    def chance(belief: float) -> float:
        now = start(belief, information, z * math.sqrt(information))
        return min(1.0, sum(crossings(times, lower, upper, now)[1]))

    return ConditionalPower(
        method="Conditional power (stochastic curtailment)",
        warnings=()
        if drift is not None
        else (Warned("no_drift", "design is None: it needs the drift of the design."),),
        design=None if drift is None else chance(drift),
        current_trend=chance(z / math.sqrt(information)),
        null=chance(0.0),
    )


def _lower(
    times: Sequence[float],
    upper: Sequence[float],
    beta: Callable[[float], float],
    drift: float,
) -> list[float]:
    """Bounds that spend beta at this drift; the last one is not needed."""
    going, before = start(drift), 0.0
    lower = []
    for k, time in enumerate(times[:-1]):
        error, root = beta(time) - before, math.sqrt(time)
        bound = -math.inf
        if error > 0.0 and going.below(-FARTHEST_Z * root, time) < error:
            bound = _bound_below(going, time, error)
        lower.append(bound)
        before = beta(time)
        going = going.moved(time, bound * root, upper[k] * root, times[k + 1])
    return [*lower, math.nan]


def _bound_below(going: Going, time: float, error: float) -> float:
    root = math.sqrt(time)
    if going.below(FARTHEST_Z * root, time) <= error:
        return FARTHEST_Z
    return root_between(
        lambda z: going.below(z * root, time) - error, -FARTHEST_Z, FARTHEST_Z
    )


def _nothing_to_spend(stages: Sequence[FutilityStage]) -> list[Warned]:
    return [
        Warned(
            "nothing_spent",
            f"futility_z is not defined at stage {stage.stage}: beta_spending leaves "
            "no "
            "type II error for it.",
        )
        for stage in stages
        if stage.futility_z is None
    ]


def _refuse_crossing(lower: Sequence[float], upper: Sequence[float]) -> None:
    for k, (low, high) in enumerate(zip(lower[:-1], upper[:-1], strict=True)):
        if low >= high:
            raise ValueError(
                f"At stage {k + 1} the futility bound {low:.3f} would lie above the "
                f"efficacy bound {high:.3f}; choose a beta_spending that spends later "
                "or leave that look out."
            )
