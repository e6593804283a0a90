"""Newton's method within a region of trust, for a handful of parameters.

A step solves (H + mu I) s = -g with the smallest mu >= 0 that keeps it positive
definite and no longer than the radius (More and Sorensen, 1983). What is left to gain,
g'H^-1 g, is free of the scale of the parameters: in units of twice the log-likelihood
it is the squared distance from the optimum in standard errors.
"""

from typing import NamedTuple

import numpy as np

from .blas import Array
from .likelihood import Likelihood, Objective

ENOUGH = 1e-13  # of twice the log-likelihood: 3e-7 standard errors from the optimum
NEAR = 1e-7
FLAT = 1e-9  # curvature below this share of the largest counts as none
ITERATIONS = 100


class Optimum(NamedTuple):
    theta: Array
    point: Likelihood
    hessian: Array
    iterations: int
    converged: bool


def minimise(objective: Objective, start: Array) -> Optimum:
    """The optimum, or the last point reached with `converged` False."""
    theta = start
    point = objective.at(theta)
    if point is None:
        raise ValueError("the covariance to start from is not positive definite")
    radius = 1.0
    for iteration in range(ITERATIONS):
        gradient = objective.gradient(theta, point)
        hessian = objective.hessian(theta, point)
        values, vectors = np.linalg.eigh(hessian)
        along = vectors.T @ gradient
        floor = FLAT * np.abs(values).max()
        left = float((along**2 / np.maximum(np.abs(values), floor)).sum())
        convex = bool(values[0] > -floor)
        if left < ENOUGH and convex:
            return Optimum(theta, point, hessian, iteration, True)
        step = _step(values, along, radius, floor)
        moved = theta + vectors @ step
        there = objective.at(moved)
        expected = -float(along @ step + (values * step**2).sum() / 2)
        gained = -np.inf if there is None else point.deviance - there.deviance
        # Close by, the gain drowns in rounding: a Newton step is then simply right.
        trusted = there is not None and convex and left < NEAR
        if there is not None and (trusted or gained > 1e-4 * expected):
            theta, point = moved, there
        radius = _next_radius(radius, gained / expected, float(np.linalg.norm(step)))
        if radius < 1e-12:
            break
    return Optimum(theta, point, objective.hessian(theta, point), ITERATIONS, False)


def _next_radius(radius: float, ratio: float, length: float) -> float:
    if not ratio > 0.25:
        return length / 4
    return max(radius, 2 * length) if ratio > 0.75 else radius


def _step(values: Array, along: Array, radius: float, floor: float) -> Array:
    """The step in the axes of the Hessian."""
    if values[0] > floor:
        newton = -along / values
        if np.linalg.norm(newton) <= radius:
            return newton
    # At a saddle the gradient may have no part along the way down: give it one.
    along = along.copy()
    if abs(along[0]) < floor * radius and values[0] < -floor:
        along[0] = floor * radius
    low = max(0.0, -float(values[0])) + floor
    if np.linalg.norm(along / (values + low)) <= radius:
        return -along / (values + low)
    high = low + float(np.linalg.norm(along)) / radius
    for _ in range(60):
        middle = (low + high) / 2
        if np.linalg.norm(along / (values + middle)) > radius:
            low = middle
        else:
            high = middle
        if high - low < 1e-3 * high:
            break
    return -along / (values + high)
