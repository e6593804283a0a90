"""Covariances over m visits as functions of a few free parameters.

Each structure gives the matrix, its first derivatives and, contracted with the
derivative of a function f of the matrix, the second derivatives that the chain rule
asks for. Sources: Jennrich and Schluchter (1986), Biometrics 42:805-820; SAS/STAT,
PROC MIXED, TYPE=UN, CS, CSH, AR(1), ARH(1).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from .blas import Array


class Structure(Protocol):
    """A covariance Sigma (m, m) with k parameters."""

    @property
    def one_variance(self) -> bool:
        """Whether all visits have the same variance."""

    def start(self, covariance: Array) -> Array:
        """Parameters (k,) near a rough, positive definite covariance."""

    def matrix(self, theta: Array) -> Array:
        """Sigma (m, m)."""

    def slopes(self, theta: Array) -> Array:
        """d Sigma / d theta, (k, m, m)."""

    def bend(self, theta: Array, gradient: Array) -> Array:
        """Sum of df / d Sigma (m, m) times the second derivatives of Sigma, (k, k)."""


@dataclass(frozen=True)
class Cholesky:
    """Sigma = L L' with any lower triangular L: unstructured, and never indefinite."""

    m: int

    @property
    def one_variance(self) -> bool:
        return False

    def start(self, covariance: Array) -> Array:
        return np.asarray(np.linalg.cholesky(covariance)[np.tril_indices(self.m)])

    def factor(self, theta: Array) -> Array:
        L = np.zeros((self.m, self.m))
        L[np.tril_indices(self.m)] = theta
        return L

    def matrix(self, theta: Array) -> Array:
        L = self.factor(theta)
        return np.asarray(L @ L.T)

    def slopes(self, theta: Array) -> Array:
        L = self.factor(theta)
        rows, columns = np.tril_indices(self.m)
        half = np.zeros((len(theta), self.m, self.m))
        half[np.arange(len(theta)), rows] = L.T[columns]
        return half + half.transpose(0, 2, 1)

    def bend(self, theta: Array, gradient: Array) -> Array:
        rows, columns = np.tril_indices(self.m)
        same_column = columns[:, None] == columns[None, :]
        return np.where(same_column, 2 * gradient[rows[:, None], rows[None, :]], 0.0)


@dataclass(frozen=True)
class Correlated:
    """Sigma_jk = s_j s_k rho^e_jk; parameters are log s (one, or one a visit) and rho.

    The exponents e are 1 between any two visits for compound symmetry and the number
    of places between them for AR(1). rho is free of any transformation: a value
    outside its range gives a matrix that is not positive definite, which the fit steps
    back from.
    """

    exponents: Array
    heterogeneous: bool

    @property
    def one_variance(self) -> bool:
        return not self.heterogeneous

    @property
    def scales(self) -> Array:
        """Which of the log standard deviations belongs to which visit, (m, k - 1)."""
        m = len(self.exponents)
        return np.eye(m) if self.heterogeneous else np.ones((m, 1))

    def start(self, covariance: Array) -> Array:
        sd = np.sqrt(np.diag(covariance))
        neighbours = np.diag(covariance / np.outer(sd, sd), 1)
        rho = min(max(float(neighbours.mean()), 0.05), 0.9) if len(neighbours) else 0.0
        logs = np.log(sd)
        return np.append(logs if self.heterogeneous else logs.mean(), rho)

    def _standard_deviations(self, theta: Array) -> Array:
        sd = np.exp(self.scales @ theta[:-1])
        return np.outer(sd, sd)

    def _powers(self, rho: float, derivative: int) -> Array:
        """The derivative of rho^e, free of 0 times infinity where rho is 0."""
        factor = np.ones_like(self.exponents)
        for used in range(derivative):
            factor = factor * (self.exponents - used)
        powers: Array = rho ** np.maximum(self.exponents - derivative, 0.0)
        return factor * powers

    def matrix(self, theta: Array) -> Array:
        return self._standard_deviations(theta) * self._powers(theta[-1], 0)

    def slopes(self, theta: Array) -> Array:
        spread = self._standard_deviations(theta)
        of_logs = self._log_counts() * (spread * self._powers(theta[-1], 0))
        of_rho = spread * self._powers(theta[-1], 1)
        return np.concatenate([of_logs, of_rho[None]])

    def bend(self, theta: Array, gradient: Array) -> Array:
        spread = gradient * self._standard_deviations(theta)
        counts = self._log_counts()
        k = len(theta)
        out = np.empty((k, k))
        flat = counts.reshape(k - 1, -1)
        out[:-1, :-1] = (flat * (spread * self._powers(theta[-1], 0)).ravel()) @ flat.T
        out[:-1, -1] = flat @ (spread * self._powers(theta[-1], 1)).ravel()
        out[-1, :-1] = out[:-1, -1]
        out[-1, -1] = (spread * self._powers(theta[-1], 2)).sum()
        return out

    def _log_counts(self) -> Array:
        """How often each log standard deviation stands in s_j s_k, (k - 1, m, m)."""
        columns = self.scales.T
        return columns[:, :, None] + columns[:, None, :]


def structure_of(name: str, m: int) -> Structure:
    """The structure of that name over m visits; ValueError for an unknown name."""
    places = np.arange(m, dtype=float)
    steps = np.abs(places[:, None] - places[None, :])
    match name:
        case "unstructured":
            return Cholesky(m)
        case "compound_symmetry" | "heterogeneous_compound_symmetry":
            return Correlated(np.minimum(steps, 1.0), name.startswith("heterogeneous"))
        case "ar1" | "heterogeneous_ar1":
            return Correlated(steps, name.startswith("heterogeneous"))
    raise ValueError(
        f"repeated={name!r} is not a covariance over visits that is known here; take "
        "unstructured, compound_symmetry, heterogeneous_compound_symmetry, ar1 or "
        "heterogeneous_ar1."
    )
