"""Westgard's rules on the runs of one control, and the charts' mean and SD.

Pure. Rules by J. O. Westgard et al., Clin Chem 1981;27:493. A run is given as z, its
distance from the mean in SDs; each rule looks back from a run over those before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Final

WARNING: Final = "1-2s"
REJECTING: Final = ("1-3s", "2-2s", "R-4s", "4-1s", "10x")
RUNS_NEEDED: Final = 20


@dataclass(frozen=True)
class OwnLimits:
    """Mean and SD of the runs; provisional before there are twenty."""

    mean: float
    sd: float
    n: int

    @property
    def provisional(self) -> bool:
        return self.n < RUNS_NEEDED

    def z(self, value: float) -> float:
        return (value - self.mean) / self.sd


def own_limits(values: Sequence[float]) -> OwnLimits | None:
    """None for fewer than two runs, or runs that are all the same."""
    if len(values) < 2 or stdev(values) == 0:
        return None
    return OwnLimits(fmean(values), stdev(values), len(values))


def broken(z: Sequence[float]) -> tuple[tuple[str, ...], ...]:
    """The rules that each run breaks, looking back over the runs before it."""
    return tuple(_broken_by_last(z[: end + 1]) for end in range(len(z)))


def _broken_by_last(z: Sequence[float]) -> tuple[str, ...]:
    last = z[-1]
    rules = {
        "1-2s": abs(last) > 2,
        "1-3s": abs(last) > 3,
        "2-2s": _beyond(z, 2, 2),
        "R-4s": len(z) > 1 and _spread(z[-2], last),
        "4-1s": _beyond(z, 4, 1),
        "10x": _beyond(z, 10, 0),
    }
    return tuple(rule for rule, holds in rules.items() if holds)


def _beyond(z: Sequence[float], runs: int, limit: float) -> bool:
    """The last `runs` all beyond the limit, on one side of the mean."""
    last = z[-runs:]
    if len(last) < runs:
        return False
    return all(one > limit for one in last) or all(one < -limit for one in last)


def _spread(one: float, other: float) -> bool:
    """One beyond +2 and the next beyond -2, or the other way round: over 4 SD apart."""
    return max(one, other) > 2 and min(one, other) < -2
