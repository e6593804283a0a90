"""An interim look of a plan: how much is known, and which bounds are crossed.

For the monitoring committee alone: what it returns is by group.
"""

import math

from analysis.plan import Looks, Plan
from analysis.run import Data, analyse_data
from analysis.run.shape import Values
from analysis.statistics import conditional_power, group_sequential


def look(data: Data, number: int) -> Values:
    """Look `number` (from 1) over the frames of its cut.

    The information is what the cut holds, the participants whose endpoint is known as
    a share of the plan's full number; the bounds are those of the looks planned before,
    this one as it fell, and the end. The error is spent as Lan and DeMets say, so that
    a look which falls early or late keeps the level of the trial.

    ValueError where the plan has no looks, no such look, or too little is known.
    """
    plans = _looks_of(data.plan, number)
    result = analyse_data(data, plans.analysis)
    without, with_pain = result["groups"]
    n = without["n"] + with_pain["n"]
    last = number == len(plans.information)
    share = 1.0 if last else n / plans.full
    _refuse_order(plans, number, share)
    times = [*plans.information[: number - 1], share, *([] if last else [1.0])]
    bounds = group_sequential(times, plans.spending, plans.alpha)
    z = signed_root(result)
    here = bounds.stages[number - 1].z
    return {
        "kind": "look",
        "number": number,
        "information": share,
        "planned": plans.information[number - 1],
        "n": n,
        "full": plans.full,
        "z": z,
        "bound": here,
        "crossed": here is not None and abs(z) >= here,
        "stages": bounds.to_dict()["stages"],
        "conditional_power": None
        if last
        else power_left(share, z, bounds.stages[-1].z),
        "analysis": plans.analysis,
        "result": result,
    }


def _looks_of(plan: Plan, number: int) -> Looks:
    if plan.looks is None:
        raise ValueError(f"Plan {plan.code} {plan.version} has no interim looks.")
    if not 1 <= number <= len(plan.looks.information):
        raise ValueError(
            f"Plan {plan.code} {plan.version} has {len(plan.looks.information)} looks; "
            f"there is no look {number}."
        )
    return plan.looks


def _refuse_order(plans: Looks, number: int, share: float) -> None:
    before = plans.information[number - 2] if number > 1 else 0.0
    if not before < share <= 1 or (share == 1 and number < len(plans.information)):
        raise ValueError(
            f"The cut holds a share of {share:.3f} of the full information "
            f"({plans.full} patients); look {number} needs more than {before:g} and "
            "less than all."
        )


def signed_root(result: Values) -> float:
    """Z of the difference of two shares: the root of Pearson's chi-square, positive
    where more are reached with pain."""
    without, with_pain = result["groups"]
    root = math.sqrt(result["test"]["chi2"])
    return root if with_pain["percent"] >= without["percent"] else -root


def power_left(share: float, z: float, later: float | None) -> Values | None:
    """The chance to cross a later bound in the direction of the effect so far."""
    if later is None:
        return None
    return conditional_power(abs(z), share, [1.0], [later]).to_dict()
