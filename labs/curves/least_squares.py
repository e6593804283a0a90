"""The logistic curve of least weighted squares through the points of a standard.

The sum of w * (y - f(x))**2 has flat valleys and side minima in C, D and F, but for
given C, D and F the best A and B follow from linear regression. So a grid over C, D
and F finds where to start, and the best starts are refined in all parameters at once.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import least_squares

from labs.curves.equation import Array

# The parameters are A, ln(B - A), ln C, ln(-D), ln F in units of the largest response
# and concentration. The bounds are wider than any curve of a real plate.
_LOWER: Final = np.array([-1.0, math.log(1e-3), math.log(1e-9), math.log(0.02), -7.0])
_UPPER: Final = np.array([1.0, math.log(1e6), math.log(1e6), math.log(100.0), 7.0])
_ON_BOUND: Final = 1e-3

_STEEPNESSES: Final = np.log([0.3, 0.6, 1.0, 1.5, 2.5, 5.0, 12.0])
_ASYMMETRIES: Final = np.log([0.05, 0.15, 0.35, 0.7, 1.0, 1.6, 3.0, 10.0])
_MIDPOINTS: Final = 15
_STARTS: Final = 5
_EVALUATIONS: Final = 1000


class Points(NamedTuple):
    """Standards as the fit sees them: scaled, so that the unit does not matter.

    The units are powers of two, so scaling loses no digit. `root_weight` is the
    square root of the weight in those units.
    """

    log_x: Array
    y: Array
    root_weight: Array
    x_unit: float
    y_unit: float


class Fit(NamedTuple):
    """The coefficients in the units given, and how the search for them ended."""

    coefficients: dict[str, float]
    squares: float
    finished: bool
    on_bound: bool


def scaled(x: Array, y: Array, power: int) -> Points:
    """Points with the weight 1 / y**power; a concentration of 0 becomes -inf."""
    x_unit, y_unit = _power_of_two(x), _power_of_two(np.abs(y))
    with np.errstate(divide="ignore"):
        log_x = np.log(x / x_unit)
    y = y / y_unit
    root_weight = y ** (-power / 2) if power else np.ones_like(y)
    return Points(log_x, y, root_weight, x_unit, y_unit)


def best_fit(points: Points, parameters: int) -> Fit | None:
    """The fit with 5 or 4 free parameters (F = 1) of least squares, or None.

    Deterministic: the same points in the same order give the same bits.
    """
    best, finished = None, False
    least = math.inf
    for start in _starts(points, parameters):
        found = _refined(points, start, parameters)
        if found is not None and found[1] < least:
            best, least, finished = found
    if best is None:
        return None
    a, log_span, log_c, log_steepness, log_f = (float(value) for value in best)
    free = best[:parameters]
    low, high = _LOWER[:parameters], _UPPER[:parameters]
    coefficients = {
        "A": a * points.y_unit,
        "B": (a + math.exp(log_span)) * points.y_unit,
        "C": math.exp(log_c) * points.x_unit,
        "D": -math.exp(log_steepness),
        "F": math.exp(log_f),
    }
    on_bound = bool(((free - low < _ON_BOUND) | (high - free < _ON_BOUND)).any())
    return Fit(coefficients, least, finished, on_bound)


def squares_about_mean(points: Points) -> float:
    """The weighted squares that remain when a constant is fitted."""
    weight = points.root_weight**2
    mean = (weight * points.y).sum() / weight.sum()
    return float((weight * (points.y - mean) ** 2).sum())


def _power_of_two(values: Array) -> float:
    """A power of two near the largest value, 1 where all are 0."""
    return math.ldexp(1.0, math.frexp(float(values.max()) or 1.0)[1] - 1)


def _refined(
    points: Points, start: Array, parameters: int
) -> tuple[Array, float, bool] | None:
    """The minimum near a start, its squares, and whether the search came to rest."""
    fixed = start[parameters:]

    def residuals(free: Array) -> Array:
        fitted, _ = _curve(np.concatenate([free, fixed]), points.log_x)
        return points.root_weight * (fitted - points.y)

    def slopes(free: Array) -> Array:
        _, jacobian = _curve(np.concatenate([free, fixed]), points.log_x)
        return points.root_weight[:, None] * jacobian[:, :parameters]

    if not np.isfinite(residuals(start[:parameters])).all():
        return None
    found = least_squares(
        residuals,
        start[:parameters],
        slopes,
        bounds=(_LOWER[:parameters], _UPPER[:parameters]),
        x_scale="jac",
        ftol=1e-14,
        xtol=1e-14,
        gtol=1e-14,
        max_nfev=_EVALUATIONS,
    )
    return np.concatenate([found.x, fixed]), 2 * float(found.cost), found.status > 0


def _curve(parameters: Array, log_x: Array) -> tuple[Array, Array]:
    """The responses, and their slopes in each of the five parameters by column."""
    a, log_span, log_c, log_steepness, log_f = parameters
    span, steepness, f = np.exp(log_span), np.exp(log_steepness), np.exp(log_f)
    blank = np.isneginf(log_x)
    z = steepness * (np.where(blank, 0.0, log_x) - log_c)
    rise = np.logaddexp(0.0, -z)
    share = np.where(blank, 0.0, np.exp(-f * rise))
    slope = span * f * share * np.exp(-z - rise)
    jacobian = np.column_stack(
        [
            np.ones_like(share),
            span * share,
            -steepness * slope,
            z * slope,
            -f * rise * span * share,
        ]
    )
    return a + span * share, jacobian


def _starts(points: Points, parameters: int) -> list[Array]:
    """The best start of the grid for each asymmetry, the best of those first."""
    with np.errstate(all="ignore"):
        found = [
            _best_of_asymmetry(points, float(log_f))
            for log_f in (_ASYMMETRIES if parameters == 5 else (0.0,))
        ]
    # The 4PL has one valley and its grid one winner; a second start, steeper, costs
    # little and leaves the valley when noise has put a side minimum there.
    if parameters == 4:
        found += [
            (squares, np.array([*start[:3], start[3] + shift, 0.0]))
            for squares, start in found[:1]
            for shift in (-0.4, 0.4)
        ]
    found.sort(key=lambda pair: pair[0])
    return [
        np.clip(start, _LOWER + 2 * _ON_BOUND, _UPPER - 2 * _ON_BOUND)
        for squares, start in found[:_STARTS]
        if math.isfinite(squares)
    ]


def _best_of_asymmetry(points: Points, log_f: float) -> tuple[float, Array]:
    """The squares of the best start on a grid of C and D, and that start."""
    levels = points.log_x[np.isfinite(points.log_x)]
    log_c = np.linspace(levels.min() - 2.0, levels.max() + 5.0, _MIDPOINTS)
    log_c, log_steepness = (g.ravel() for g in np.meshgrid(log_c, _STEEPNESSES))
    z = np.exp(log_steepness)[:, None] * (points.log_x - log_c[:, None])
    share = np.exp(-math.exp(log_f) * np.logaddexp(0.0, -z))
    weight = points.root_weight**2 / (points.root_weight**2).sum()
    mean_share = share @ weight
    mean_y = float(points.y @ weight)
    centred = share - mean_share[:, None]
    span = (centred * (points.y - mean_y)) @ weight / ((centred**2) @ weight)
    a = mean_y - span * mean_share
    fitted = a[:, None] + span[:, None] * share
    squares = ((points.root_weight * (fitted - points.y)) ** 2).sum(axis=1)
    squares = np.where(np.isfinite(squares) & (span > 0), squares, np.inf)
    i = int(squares.argmin())
    start = [a[i], math.log(span[i]) if span[i] > 0 else 0.0, log_c[i]]
    return float(squares[i]), np.array([*start, log_steepness[i], log_f])
