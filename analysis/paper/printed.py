"""A number as a paper prints it, and the range that its rounding leaves open."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

# Half a unit in the last place is not a binary number: 36.75 + 43.35 is not 80.1.
SLACK = 1e-9


@dataclass(frozen=True)
class Range:
    """All numbers between two; the ends belong to it in name only."""

    low: float
    high: float

    def meets(self, other: "Range") -> bool:
        """Whether the two have more than an end in common."""
        return self.low < other.high - SLACK and other.low < self.high - SLACK

    def widened(self, by: float) -> "Range":
        return Range(self.low - by, self.high + by)

    def __str__(self) -> str:
        return f"{self.low:.4g} to {self.high:.4g}"


@dataclass(frozen=True)
class Printed:
    """The digits on the page: "12.40" says more than 12.4, "<0.001" is a bound."""

    text: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"<?-?\d+(\.\d+)?", self.text):
            raise ValueError(f"'{self.text}' is no number as a paper prints it.")

    @cached_property
    def value(self) -> float:
        """The number printed; of a bound, the bound."""
        return float(self.text.removeprefix("<"))

    @cached_property
    def is_bound(self) -> bool:
        return self.text.startswith("<")

    @cached_property
    def half_unit(self) -> float:
        return 0.5 * 10.0 ** -len(self.text.partition(".")[2])

    @cached_property
    def range(self) -> Range:
        """What may have been rounded to these digits; below a bound, from 0 on."""
        if self.is_bound:
            return Range(0.0, self.value)
        return Range(self.value - self.half_unit, self.value + self.half_unit)

    def shows(self, number: float) -> bool:
        """Whether `number` is printed so, halves rounded either way."""
        if self.is_bound:
            return 0 <= number < self.value
        return abs(number - self.value) <= self.half_unit + SLACK

    def __str__(self) -> str:
        return self.text


def spread(function: Callable[..., float], *inputs: Range) -> Range:
    """The range of a function over the ranges of its inputs.

    Taken at the corners: right where the function rises or falls in each input while
    the others are held, as t does in means and standard deviations.
    """
    corners = itertools.product(*((r.low, r.high) for r in inputs))
    values = [function(*corner) for corner in corners]
    return Range(min(values), max(values))


def magnitude(range_: Range) -> Range:
    """The range of |x| for x in a range."""
    ends = sorted((abs(range_.low), abs(range_.high)))
    crosses = range_.low < 0 < range_.high
    return Range(0.0 if crosses else ends[0], ends[1])
