"""A score process looked at a few times: the chance of leaving a band at each look.

B(t) = Z(t) sqrt(t) is a Brownian motion with drift; t is the share of the information.
It is observed at t_1 < ... < t_K and stops when it leaves (lower_k, upper_k). The
density of the process that goes on is carried from look to look by numerical
integration (Armitage, McPherson and Rowe 1969; Jennison and Turnbull 2000, chapter 19).
Gauss-Legendre panels are six times the narrowest step wide, 32 points each: far below
1e-8 for smooth densities.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

FloatArray = NDArray[np.float64]

POINTS, WEIGHTS = np.polynomial.legendre.leggauss(32)
# Beyond this many standard deviations a normal density is below the smallest double.
FARTHEST = 39.0
# Beyond this many its mass is below 1e-22, which no sum of probabilities can see.
FAR = 10.0


@dataclass(frozen=True)
class Going:
    """The part of the process that has not stopped: its density on a grid.

    `nodes` are values of B at information `time`; `mass` is density times weight. A
    process that is known to stand at one place has one node of mass one.
    """

    time: float
    drift: float
    nodes: FloatArray
    mass: FloatArray

    def above(self, bound: float, time: float) -> float:
        """P(B(time) >= bound), with what has stopped left out."""
        return self._beyond(bound, time, 1.0)

    def below(self, bound: float, time: float) -> float:
        """P(B(time) <= bound), with what has stopped left out."""
        return self._beyond(bound, time, -1.0)

    def _beyond(self, bound: float, time: float, sign: float) -> float:
        step = time - self.time
        distance = (self.nodes + self.drift * step - bound) / np.sqrt(step)
        return float(np.sum(self.mass * ndtr(sign * distance)))

    def moved(self, time: float, lower: float, upper: float, after: float) -> "Going":
        """The process at `time` inside the bounds; `after` is the next time.

        An endless side is cut where nothing is left to see.
        """
        step = time - self.time
        sd = np.sqrt(step)
        low = max(lower, float(self.nodes.min()) + self.drift * step - FAR * sd)
        high = min(upper, float(self.nodes.max()) + self.drift * step + FARTHEST * sd)
        if low >= high:
            return Going(time, self.drift, np.array([low]), np.zeros(1))
        nodes, weights = grid(
            low, high, float(min(sd, np.sqrt(max(after - time, step))))
        )
        # Rows in blocks keep the kernel of a process with tiny steps small in memory.
        blocks = [
            _carried(part, self, step)
            for part in np.array_split(nodes, max(1, len(nodes) // 512))
        ]
        return Going(time, self.drift, nodes, np.concatenate(blocks) * weights)


def start(drift: float = 0.0, time: float = 0.0, value: float = 0.0) -> Going:
    """The process at one known place: B(0) = 0, or an interim value."""
    return Going(time, drift, np.array([value]), np.ones(1))


def grid(low: float, high: float, width: float) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of Gauss-Legendre panels of at most six widths."""
    panels = max(1, int(np.ceil((high - low) / (6.0 * width))))
    edges = np.linspace(low, high, panels + 1)
    half = (high - low) / panels / 2.0
    middles = (edges[:-1] + edges[1:]) / 2.0
    nodes = (middles[:, None] + half * POINTS[None, :]).ravel()
    return nodes, np.tile(half * WEIGHTS, panels)


def _carried(places: FloatArray, going: Going, step: float) -> FloatArray:
    means = going.nodes + going.drift * step
    kernel = np.exp(-((places[:, None] - means[None, :]) ** 2) / (2.0 * step))
    # einsum and not @: its order of summation does not depend on the number of threads.
    sums = np.einsum("ij,j->i", kernel, going.mass)
    return np.asarray(sums / np.sqrt(2.0 * np.pi * step))


def crossings(
    information: Sequence[float],
    lower: Sequence[float],
    upper: Sequence[float],
    going: Going,
) -> tuple[list[float], list[float]]:
    """The chance of stopping at each look, below and above; bounds are of Z.

    `going` is where the process stands before the first of these looks.
    """
    below: list[float] = []
    above: list[float] = []
    following = [*information[1:], information[-1]]
    for time, low, high, after in zip(
        information, lower, upper, following, strict=True
    ):
        root = float(np.sqrt(time))
        below.append(going.below(low * root, time))
        above.append(going.above(high * root, time))
        if time < information[-1]:
            going = going.moved(time, low * root, high * root, after)
    return below, above


def root_between(function: Callable[[float], float], low: float, high: float) -> float:
    """The root of a monotone function in an interval, to the last digits."""
    return float(brentq(function, low, high, xtol=1e-13, rtol=1e-13, maxiter=500))
