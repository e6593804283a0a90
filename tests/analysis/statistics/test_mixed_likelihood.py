"""The likelihood from cross-products against the textbook one with a dense V."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from analysis.statistics.mixed.blas import product, triangle
from analysis.statistics.mixed.covariance import (
    Covariance,
    OverVisits,
    RandomEffects,
    over_visits,
    random_effects,
)
from analysis.statistics.mixed.likelihood import Objective
from analysis.statistics.mixed.optimiser import minimise
from analysis.statistics.mixed.structures import Correlated, structure_of

Array = NDArray[np.float64]
STRUCTURES = (
    "unstructured",
    "compound_symmetry",
    "heterogeneous_compound_symmetry",
    "ar1",
    "heterogeneous_ar1",
)


class Trial:
    """Fourteen participants, four visits, some of them missed, one covariate."""

    def __init__(self) -> None:
        generator = np.random.default_rng(20261)
        subject, visit = np.repeat(np.arange(14), 4), np.tile(np.arange(4), 14)
        kept = (generator.random(56) > 0.2) | (visit == subject % 4)
        self.subject, self.visit = subject[kept], visit[kept]
        n = len(self.subject)
        arm = (self.subject % 2).astype(float)
        dummies = (self.visit[:, None] == np.arange(1, 4)).astype(float)
        self.X = np.column_stack([np.ones(n), arm, dummies, generator.normal(size=n)])
        own = generator.normal(size=14)[self.subject]
        self.y = own + 0.3 * self.visit + generator.normal(size=n)
        self.Z = np.column_stack([np.ones(n), self.visit.astype(float)])
        self.A = np.column_stack([self.X, self.y])


@pytest.fixture(scope="module")
def trial() -> Trial:
    return Trial()


def dense_deviance(X: Array, y: Array, V: Array, *, reml: bool) -> float:
    inverse = np.linalg.inv(V)
    information = X.T @ inverse @ X
    beta = np.linalg.solve(information, X.T @ inverse @ y)
    r = y - X @ beta
    deviance = np.linalg.slogdet(V)[1] + r @ inverse @ r
    return float(deviance + (np.linalg.slogdet(information)[1] if reml else 0.0))


def dense_over_visits(trial: Trial, model: OverVisits, theta: Array) -> Array:
    sigma = model.structure.matrix(theta)
    same = trial.subject[:, None] == trial.subject[None, :]
    return np.where(same, sigma[np.ix_(trial.visit, trial.visit)], 0.0)


def dense_random(trial: Trial, model: RandomEffects, theta: Array) -> Array:
    G, sigma2 = model.parts(theta)
    Z = trial.Z[:, : len(G)]
    same = trial.subject[:, None] == trial.subject[None, :]
    return np.where(same, Z @ G @ Z.T, 0.0) + sigma2 * np.eye(len(Z))


def models(trial: Trial) -> dict[str, Covariance]:
    made: dict[str, Covariance] = {
        name: over_visits(trial.A, trial.subject, trial.visit, structure_of(name, 4))
        for name in STRUCTURES
    }
    made["intercept"] = random_effects(trial.A, trial.Z[:, :1], trial.subject)
    made["slope"] = random_effects(trial.A, trial.Z, trial.subject)
    return made


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("name", [*STRUCTURES, "intercept", "slope"])
def test_the_deviance_is_that_of_a_dense_covariance(
    trial: Trial, name: str, reml: bool
) -> None:
    model = models(trial)[name]
    theta = model.start() + 0.07
    point = Objective(model, reml).at(theta)
    if isinstance(model, OverVisits):
        V = dense_over_visits(trial, model, theta)
    else:
        assert isinstance(model, RandomEffects)
        V = dense_random(trial, model, theta)
    assert point is not None
    expected = dense_deviance(trial.X, trial.y, V, reml=reml)
    assert math.isclose(point.deviance, expected, rel_tol=1e-11)
    inverse = np.linalg.inv(V)
    np.testing.assert_allclose(
        point.phi, np.linalg.inv(trial.X.T @ inverse @ trial.X), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("name", [*STRUCTURES, "intercept", "slope"])
def test_gradient_and_hessian_agree_with_numerical_differentiation(
    trial: Trial, name: str, reml: bool
) -> None:
    model = models(trial)[name]
    objective = Objective(model, reml)
    theta = model.start() + 0.03
    point = objective.at(theta)
    assert point is not None
    h = 1e-5
    gradient, hessian = [], []
    for step in h * np.eye(len(theta)):
        above, below = objective.at(theta + step), objective.at(theta - step)
        assert above is not None
        assert below is not None
        gradient.append((above.deviance - below.deviance) / (2 * h))
        rise = objective.gradient(theta + step, above)
        fall = objective.gradient(theta - step, below)
        hessian.append((rise - fall) / (2 * h))
    np.testing.assert_allclose(
        objective.gradient(theta, point), gradient, rtol=1e-6, atol=1e-6
    )
    scale = np.abs(hessian).max()
    np.testing.assert_allclose(
        objective.hessian(theta, point) / scale, np.array(hessian) / scale, atol=1e-7
    )


@pytest.mark.parametrize("name", [*STRUCTURES, "intercept", "slope"])
def test_no_small_step_from_the_optimum_is_better(trial: Trial, name: str) -> None:
    model = models(trial)[name]
    objective = Objective(model, reml=True)
    optimum = minimise(objective, model.start())
    assert optimum.converged
    generator = np.random.default_rng(5)
    for _ in range(50):
        step = generator.normal(size=len(optimum.theta)) * 1e-3
        there = objective.at(optimum.theta + step)
        assert there is None or there.deviance >= optimum.point.deviance - 1e-9


def test_the_optimum_does_not_depend_on_the_start(trial: Trial) -> None:
    model = models(trial)["unstructured"]
    objective = Objective(model, reml=True)
    generator = np.random.default_rng(9)
    best = minimise(objective, model.start()).point.deviance
    for _ in range(5):
        factor = np.eye(4) + 0.3 * np.tril(generator.normal(size=(4, 4)))
        start = factor[np.tril_indices(4)]
        found = minimise(objective, start)
        assert found.converged
        assert math.isclose(found.point.deviance, best, rel_tol=1e-10)


def test_a_correlation_of_zero_has_finite_derivatives() -> None:
    places = np.abs(np.subtract.outer(np.arange(3.0), np.arange(3.0)))
    slopes = Correlated(places, heterogeneous=True).slopes(np.zeros(4))
    np.testing.assert_allclose(slopes[-1], [[0, 1, 0], [1, 0, 1], [0, 1, 0]])


def test_an_unknown_structure_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="toeplitz"):
        structure_of("toeplitz", 4)


def test_products_in_pieces_equal_those_of_the_whole() -> None:
    generator = np.random.default_rng(3)
    left, right = generator.normal(size=(30, 5000)), generator.normal(size=(5000, 20))
    np.testing.assert_allclose(product(left, right), left @ right, rtol=1e-10)
    R = triangle(right)
    np.testing.assert_allclose(R.T @ R, right.T @ right, atol=1e-8)
    np.testing.assert_allclose(R, np.triu(R))
