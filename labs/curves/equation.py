"""The five-parameter logistic curve as the instruments print it, and its inverse.

For a concentration x and a net response y:

    y = A + (B - A) / (1 + (x / C)**D)**F

A is the response without analyte and B that at saturation when D < 0, as it is in a
sandwich assay; C is a concentration, D the steepness, F the asymmetry. The 4PL is the
case F = 1, which vendors print without an F.
"""

import math
from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class HasCoefficients(Protocol):
    """A curve of ours or of the vendor: A, B, C, D and, unless it is a 4PL, F."""

    @property
    def coefficients(self) -> Mapping[str, float]: ...


def vendor_concentration(
    curve: HasCoefficients, net_mfi: float, dilution: float = 1.0
) -> float | None:
    """The concentration in the undiluted material that the vendor's curve gives.

    `net_mfi` is the Median less the mean of the background Medians. None where the
    equation has no answer. ValueError when the dilution is no positive number.
    """
    if not (math.isfinite(dilution) and dilution > 0):
        raise ValueError(f"the dilution must be a positive number, not {dilution}")
    net = np.array(net_mfi, dtype=float)
    answer = dilution * float(concentration_at(curve.coefficients, net))
    return answer if math.isfinite(answer) else None


def response_at(coefficients: Mapping[str, float], x: Array) -> Array:
    """The response at concentrations x, in the shape of x; NaN where x < 0."""
    a, b, c, d, f = _five(coefficients)
    with np.errstate(all="ignore"):
        # ln(1 + (x/C)**D), which neither overflows at x = 0 nor loses small terms.
        rise = np.logaddexp(0.0, d * (np.log(x) - np.log(c)))
        return np.asarray(a + (b - a) * np.exp(-f * rise), dtype=float)


def concentration_at(coefficients: Mapping[str, float], y: Array) -> Array:
    """The concentrations of responses y, in the shape of y.

    NaN at and beyond the asymptotes, and where the answer is no positive number that
    a computer can hold.
    """
    a, b, c, d, f = _five(coefficients)
    with np.errstate(all="ignore"):
        share = (y - a) / (b - a)
        # Near B the distance from B is the number that has digits left.
        log_share = np.where(share < 0.5, np.log(share), np.log1p((y - b) / (b - a)))
        rise = -log_share / f
        log_power = rise + np.log(-np.expm1(-rise))
        x = np.exp(np.log(c) + log_power / d)
        return np.where(np.isfinite(x) & (x > 0), x, np.nan)


def _five(coefficients: Mapping[str, float]) -> tuple[np.float64, ...]:
    five = (*(coefficients[name] for name in "ABCD"), coefficients.get("F", 1.0))
    return tuple(np.float64(value) for value in five)
