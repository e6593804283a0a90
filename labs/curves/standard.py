"""A standard curve fitted through the wells of a plate: `fit_curve`."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, get_args, overload

import numpy as np
from numpy.typing import ArrayLike

from labs.curves.equation import Array, concentration_at, response_at
from labs.curves.least_squares import Fit, best_fit, scaled, squares_about_mean

Model = Literal["5PL", "4PL"]
Weighting = Literal["1/y2", "1/y", "none"]

SIGNAL: Final = 1.5
"""The brightest level answers at least this many times as much as the dimmest."""
FIT_SHARE: Final = 0.5
"""A curve explains at least this share of the weighted variation, or is no fit."""

_PARAMETERS: Final[Mapping[str, int]] = {"5PL": 5, "4PL": 4}
_POWERS: Final[Mapping[str, int]] = {"1/y2": 2, "1/y": 1, "none": 0}


@dataclass(frozen=True)
class Curve:
    """A fitted standard curve. One that did not converge answers NaN to everything.

    `recovery` holds, for each point in the order given, 100 * inverse(response) /
    concentration in percent, NaN for blanks. `lloq` and `uloq` are the ends of the
    quantifiable range, in the unit of the concentrations, None where there is none.
    `aic` is n * ln(sum(w * r**2) / n) + 2 * k with k = 5 or 4.
    """

    coefficients: Mapping[str, float]
    recovery: tuple[float, ...]
    lloq: float | None
    uloq: float | None
    aic: float
    converged: bool
    warnings: tuple[str, ...]

    @overload
    def predict(self, x: float) -> float: ...
    @overload
    def predict(self, x: Sequence[float] | Array) -> Array: ...
    def predict(self, x: ArrayLike) -> float | Array:
        """The response at a concentration; an array gives an array of its shape.

        NaN below zero, and everywhere when the curve did not converge.
        """
        y = response_at(self.coefficients, np.asarray(x, dtype=float))
        return y if y.ndim else float(y)

    @overload
    def inverse(self, y: float) -> float: ...
    @overload
    def inverse(self, y: Sequence[float] | Array) -> Array: ...
    def inverse(self, y: ArrayLike) -> float | Array:
        """The concentration of a response; an array gives an array of its shape.

        NaN at and beyond the asymptotes A and B: never a clipped value.
        """
        x = concentration_at(self.coefficients, np.asarray(y, dtype=float))
        return x if x.ndim else float(x)


def fit_curve(
    concentration: Sequence[float],
    response: Sequence[float],
    model: Model = "5PL",
    weighting: Weighting = "1/y2",
    recovery_limits: tuple[float, float] = (70.0, 130.0),
) -> Curve:
    """The curve of least weighted squares through standards; equation: see `equation`.

    `concentration` and `response` (net) are of one length, in any units. Replicates
    are repeated entries, the order is free; a concentration of 0 is a blank, where
    the curve is A. Points that define no curve (too few levels, no signal, falling
    responses) give one with `converged` False and the reason in `warnings`.
    ValueError for entries that are no standards at all.
    """
    x = np.asarray(concentration, dtype=float)
    y = np.asarray(response, dtype=float)
    _check_options(model, weighting, recovery_limits)
    _check_points(x, y, weighting)
    reason = _why_no_curve(x, y, _PARAMETERS[model])
    if reason:
        return _no_curve(x.size, reason)
    # Sorted points give the same sums, and so the same bits, in whatever order.
    order = np.lexsort((y, x))
    points = scaled(x[order], y[order], _POWERS[weighting])
    fit = best_fit(points, _PARAMETERS[model])
    if fit is None or not fit.finished:
        return _no_curve(x.size, f"No {model} curve was found through these points.")
    if fit.squares > (1 - FIT_SHARE) * squares_about_mean(points):
        return _no_curve(x.size, "The points are too scattered to follow a curve.")
    # In the scaled units the squares lack this power of the unit.
    squares = fit.squares * points.y_unit ** (2 - _POWERS[weighting])
    aic = _aic(squares, x.size, _PARAMETERS[model])
    return _described(x, y, fit, aic, recovery_limits)


def _check_options(model: str, weighting: str, limits: tuple[float, float]) -> None:
    if model not in get_args(Model):
        raise ValueError(f"the model is 5PL or 4PL, not {model!r}")
    if weighting not in get_args(Weighting):
        raise ValueError(f"the weighting is 1/y2, 1/y or none, not {weighting!r}")
    if not limits[0] < limits[1]:
        raise ValueError(f"the recovery limits {limits[0]} to {limits[1]} are no range")


def _check_points(x: Array, y: Array, weighting: str) -> None:
    """ValueError for what no laboratory's standards can be."""
    if x.shape != y.shape or x.ndim != 1:
        raise ValueError(
            f"{x.size} concentrations and {y.size} responses: each point needs both"
        )
    if not x.size:
        raise ValueError("there are no points to fit a curve through")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("a concentration or a response is missing or infinite")
    if (x < 0).any():
        raise ValueError("a concentration is negative")
    if weighting != "none" and (y <= 0).any():
        raise ValueError(f"a response is not above 0, so the weight {weighting} fails")


def _why_no_curve(x: Array, y: Array, parameters: int) -> str | None:
    """The reason why no rising curve can go through these points, or None."""
    levels, means = _level_means(x, y)
    if levels.size < parameters:
        return (
            f"{levels.size} different concentrations cannot fix"
            f" the {parameters} parameters of the curve."
        )
    dimmest, brightest = float(means.min()), float(means.max())
    if brightest <= max(dimmest, 0.0) or brightest < SIGNAL * dimmest:
        return f"No signal: the brightest level is under {SIGNAL} times the dimmest."
    # Kendall's count over the pairs of levels: those that rise less those that fall.
    rises = np.sign(means[None, :] - means[:, None])[np.triu_indices(means.size)]
    if rises.sum() <= 0:
        return "The responses do not rise with the concentration."
    return None


def _no_curve(points: int, reason: str) -> Curve:
    return Curve(
        coefficients=MappingProxyType(dict.fromkeys("ABCDF", math.nan)),
        recovery=(math.nan,) * points,
        lloq=None,
        uloq=None,
        aic=math.nan,
        converged=False,
        warnings=(reason,),
    )


def _described(
    x: Array, y: Array, fit: Fit, aic: float, limits: tuple[float, float]
) -> Curve:
    """The curve of a fit, with what it says about its own standards."""
    standards = x > 0
    recovery = np.full_like(x, np.nan)
    found = concentration_at(fit.coefficients, y)
    recovery[standards] = 100 * found[standards] / x[standards]
    lloq, uloq = quantifiable_range(x[standards], recovery[standards], limits)
    warnings = []
    if fit.on_bound:
        warnings.append("The standards do not fix the shape of the curve at one end.")
    if lloq is None:
        warnings.append("No standard is recovered within the limits.")
    return Curve(
        coefficients=MappingProxyType(fit.coefficients),
        recovery=tuple(recovery.tolist()),
        lloq=lloq,
        uloq=uloq,
        aic=aic,
        converged=True,
        warnings=tuple(warnings),
    )


def _level_means(x: Array, values: Array) -> tuple[Array, Array]:
    """The different concentrations, rising, and the mean value at each."""
    levels, level = np.unique(x, return_inverse=True)
    means = np.array([values[level == i].mean() for i in range(levels.size)])
    return levels, means


def quantifiable_range(
    x: Array, recovery: Array, limits: tuple[float, float]
) -> tuple[float | None, float | None]:
    """The ends of the longest run of levels recovered within the limits: LLOQ, ULOQ.

    `x` and `recovery` (percent) hold a point each. Of equal runs the upper one. A level
    with a replicate beyond the curve's asymptotes has no mean recovery, and so is not
    recovered.
    """
    levels, means = _level_means(x, recovery)
    longest: list[float] = []
    run: list[float] = []
    for level, mean in zip(levels.tolist(), means.tolist(), strict=True):
        run = [*run, level] if limits[0] <= mean <= limits[1] else []
        if run and len(run) >= len(longest):
            longest = run
    return (longest[0], longest[-1]) if longest else (None, None)


def _aic(squares: float, points: int, parameters: int) -> float:
    # An exact fit has no squares left; the logarithm of the least double stands in.
    least = np.finfo(float).tiny
    return points * math.log(max(squares / points, least)) + 2 * parameters
