"""Odds ratio, risk ratio and risk difference of a two by two table, with limits.

Cells are a, b in the first row and c, d in the second; b and d are the events, and the
second row is compared with the first. Nothing is ever added to a cell.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from analysis.statistics.odds_ratio import conditional_odds_ratio
from analysis.statistics.result import Warned
from analysis.statistics.risk_difference import (
    agresti_caffo,
    miettinen_nurminen,
    newcombe,
    wald,
)
from analysis.statistics.tails import normal_reach


class Interval(NamedTuple):
    measure: str
    method: str
    estimate: float | None
    lower: float | None
    upper: float | None


class Measures(NamedTuple):
    odds_ratio: float | None
    risk_ratio: float | None
    risk_difference: float
    intervals: tuple[Interval, ...]
    warnings: tuple[Warned, ...]


def measures(counts: Sequence[Sequence[int]], confidence: float) -> Measures:
    """Every measure and interval of a two by two table without empty margins.

    woolf: Woolf (1955), log odds; exact: conditional maximum likelihood, Cornfield's
    exact limits; katz: Katz et al. (1978), log risks; wald; agresti_caffo: Agresti and
    Caffo (2000); newcombe: Newcombe (1998), method 10; miettinen_nurminen: Miettinen
    and Nurminen (1985), score limits with N / (N - 1).
    """
    (a, b), (c, d) = counts
    first, second = (b, a + b), (d, c + d)
    difference = d / (c + d) - b / (a + b)
    odds = a * d / (b * c) if b * c else None
    risks = (d / (c + d)) / (b / (a + b)) if b else None
    z = normal_reach(confidence)
    exact = conditional_odds_ratio(a, b, c, d, confidence)
    intervals = [
        _woolf(a, b, c, d, odds, z),
        Interval("odds_ratio", "exact", exact.estimate, exact.lower, exact.upper),
        _katz(first, second, risks, z),
    ]
    for name, limits in (
        ("wald", wald(first, second, z)),
        ("agresti_caffo", agresti_caffo(first, second, z)),
        ("newcombe", newcombe(first, second, z)),
        ("miettinen_nurminen", miettinen_nurminen(first, second, z)),
    ):
        intervals.append(Interval("risk_difference", name, difference, *limits))
    warned = _warned(odds, risks, intervals)
    return Measures(odds, risks, difference, tuple(intervals), warned)


def _woolf(a: int, b: int, c: int, d: int, odds: float | None, z: float) -> Interval:
    if odds is None or min(a, b, c, d) == 0:
        return Interval("odds_ratio", "woolf", odds, None, None)
    reach = math.exp(z * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d))
    return Interval("odds_ratio", "woolf", odds, odds / reach, odds * reach)


def _katz(
    first: tuple[int, int], second: tuple[int, int], risks: float | None, z: float
) -> Interval:
    if risks is None or second[0] == 0:
        return Interval("risk_ratio", "katz", risks, None, None)
    variance = 1 / first[0] - 1 / first[1] + 1 / second[0] - 1 / second[1]
    reach = math.exp(z * math.sqrt(variance))
    return Interval("risk_ratio", "katz", risks, risks / reach, risks * reach)


def _warned(
    odds: float | None, risks: float | None, intervals: Sequence[Interval]
) -> tuple[Warned, ...]:
    lost = [
        name
        for name, value in (("odds_ratio", odds), ("risk_ratio", risks))
        if value is None
    ]
    for row in intervals:
        lost += [
            f"{row.measure} ({row.method}) {part}"
            for part in ("estimate", "lower", "upper")
            if getattr(row, part) is None
        ]
    if not lost:
        return ()
    message = (
        f"A cell is empty, so these are unbounded or undefined: {', '.join(lost)}."
    )
    return (Warned("zero_cell", message),)
