"""P-values adjusted for the number of tests."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.statistics.arguments import is_number, refuse_option
from analysis.statistics.result import Result, Warned
from analysis.statistics.rows import FloatArray


class AdjustedP(NamedTuple):
    position: int
    p: float | None
    adjusted: float | None


@dataclass(frozen=True, kw_only=True)
class AdjustedPValues(Result):
    n_tests: int
    values: tuple[AdjustedP, ...]


def adjust_p(p: Sequence[float | None], method: str) -> AdjustedPValues:
    """Adjust p-values for their number.

    `method` is bonferroni, holm (1979), hochberg (1988), hommel (1988) - which hold the
    family-wise error - or bh (Benjamini and Hochberg 1995), by (Benjamini and Yekutieli
    2001), which hold the false discovery rate. A missing p (None or NaN) stays missing
    and is not counted. Values are in the order given, `position` counts from 0.

    Refused: an unknown method, a p outside 0 to 1, no p at all.
    """
    refuse_option(method, "method", tuple(METHODS))
    given = [_checked(i, value) for i, value in enumerate(p)]
    present = [i for i, value in enumerate(given) if value is not None]
    if not given:
        raise ValueError("p holds no p-values; give at least one.")
    name, adjust = METHODS[method]
    found = np.array([value for value in given if value is not None])
    adjusted: list[float | None] = [None] * len(given)
    if present:
        order = np.argsort(found, kind="stable")
        for place, value in zip(order, adjust(found[order]), strict=True):
            adjusted[present[place]] = min(float(value), 1.0)
    missing = [str(i) for i, value in enumerate(given) if value is None]
    message = f"No p at position(s) {', '.join(missing)}: not adjusted and not counted."
    return AdjustedPValues(
        method=name,
        warnings=(Warned("missing_p", message),) if missing else (),
        n_tests=len(present),
        values=tuple(
            AdjustedP(i, value, new)
            for i, (value, new) in enumerate(zip(given, adjusted, strict=True))
        ),
    )


def _checked(position: int, value: object) -> float | None:
    if value is None or value is pd.NA:
        return None
    refused = ValueError(
        f"p holds {value!r} at position {position}; a p-value lies between 0 and 1 "
        "(a missing one is None)."
    )
    if not is_number(value):
        raise refused
    number = float(value)  # type: ignore[arg-type]  # is_number has seen to it
    if math.isnan(number):
        return None
    if not 0 <= number <= 1:
        raise refused
    return number


def _bonferroni(p: FloatArray) -> FloatArray:
    return p * len(p)


def _holm(p: FloatArray) -> FloatArray:
    rising: FloatArray = np.maximum.accumulate(p * np.arange(len(p), 0, -1))
    return rising


def _hochberg(p: FloatArray) -> FloatArray:
    return _running_minimum(p * np.arange(len(p), 0, -1))


def _hommel(p: FloatArray) -> FloatArray:
    """Hommel (1988) in the form of Wright (1992), appendix."""
    n = len(p)
    adjusted = np.full(n, float((n * p / np.arange(1, n + 1)).min()))
    for m in range(n - 1, 1, -1):
        smallest, largest = p[: n - m + 1], p[n - m + 1 :]
        floor = float((m * largest / np.arange(2, m + 1)).min())
        bound = np.full(n, floor)
        bound[: n - m + 1] = np.minimum(m * smallest, floor)
        bound[n - m + 1 :] = bound[n - m]
        adjusted = np.maximum(adjusted, bound)
    largest_of_all: FloatArray = np.maximum(adjusted, p)
    return largest_of_all


def _bh(p: FloatArray) -> FloatArray:
    return _running_minimum(p * len(p) / np.arange(1, len(p) + 1))


def _by(p: FloatArray) -> FloatArray:
    harmonic = float((1 / np.arange(1, len(p) + 1)).sum())
    return harmonic * _bh(p)


def _running_minimum(values: FloatArray) -> FloatArray:
    """The least of each value and those of larger p."""
    falling: FloatArray = np.minimum.accumulate(values[::-1])
    return falling[::-1]


METHODS: dict[str, tuple[str, Callable[[FloatArray], FloatArray]]] = {
    "bonferroni": ("Bonferroni adjustment", _bonferroni),
    "holm": ("Holm adjustment", _holm),
    "hochberg": ("Hochberg adjustment", _hochberg),
    "hommel": ("Hommel adjustment", _hommel),
    "bh": ("Benjamini-Hochberg adjustment", _bh),
    "by": ("Benjamini-Yekutieli adjustment", _by),
}
