"""Numbers drawn to order: a given mean and spread, and totals dealt out to items."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]


def stream(seed: int, *purpose: int) -> np.random.Generator:
    """A generator of its own for each purpose, so that one drawing more numbers does
    not change what the others draw."""
    return np.random.default_rng([seed, *purpose])


def shaped(
    rng: np.random.Generator,
    mean: float,
    sd: float,
    n: int,
    *,
    low: float,
    high: float,
    step: float = 1.0,
) -> Floats:
    """`n` values from `low` to `high` in steps, of about that mean and SD, shuffled.

    They are the quantiles of a normal distribution, or of a gamma where the spread is
    so large beside the mean that a normal one would go below 0.
    """
    ranks = (np.arange(n) + 0.5) / n
    if sd > mean / 2:
        values = stats.gamma.ppf(ranks, a=(mean / sd) ** 2, scale=sd**2 / mean)
    else:
        values = stats.norm.ppf(ranks, mean, sd)
    for _ in range(50):
        values = mean + (values - values.mean()) * sd / values.std(ddof=1)
        values = np.clip(values, low, high)
    return rng.permutation(np.round(values / step) * step)


def following(
    rng: np.random.Generator, values: Floats, leader: Floats, scatter: float
) -> Floats:
    """The same values in another order: large where `leader` is large, give or take
    `scatter` SDs of the leader."""
    loose = leader + rng.normal(scale=scatter * leader.std(), size=len(leader))
    ordered: Floats = np.sort(values)[np.argsort(np.argsort(loose))]
    return ordered


def chosen(rng: np.random.Generator, n: int, count: int) -> NDArray[np.bool_]:
    """`count` of `n` places, true in random order."""
    return rng.permutation(np.arange(n) < count)


def dealt(
    rng: np.random.Generator,
    total: int,
    highest: Sequence[int],
    weights: Sequence[float],
) -> list[int]:
    """A total dealt out to items point by point, to no item more than its highest.

    ValueError when the items cannot hold the total.
    """
    if total > sum(highest):
        raise ValueError(f"{total} is more than the items hold")
    points = [0] * len(highest)
    for _ in range(total):
        open_to = [
            weight if point < most else 0.0
            for point, most, weight in zip(points, highest, weights, strict=True)
        ]
        share = np.asarray(open_to) / sum(open_to)
        points[int(rng.choice(len(points), p=share))] += 1
    return points


def changed(
    rng: np.random.Generator,
    before: Sequence[int],
    total: int,
    highest: Sequence[int],
    weights: Sequence[float],
) -> list[int]:
    """A new total made from the last answers: points taken away at random where it
    fell, dealt on top where it rose, so that a person keeps a profile."""
    if total <= sum(before):
        return [int(kept) for kept in rng.multivariate_hypergeometric(before, total)]
    room = [most - point for most, point in zip(highest, before, strict=True)]
    more = dealt(rng, total - sum(before), room, weights)
    return [point + extra for point, extra in zip(before, more, strict=True)]
