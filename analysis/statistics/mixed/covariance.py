"""From parameters to the covariance of every pattern, for both kinds of model.

A covariance model gives V_s (S, d, d), its derivatives in k directions (k, S, d, d)
and the second-derivative term of the chain rule (k, k). Places that a pattern does not
have hold the identity in V_s and zero in the derivatives, so that all patterns are
inverted in one call.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .blas import Array
from .moments import Moments, by_visit, cross_products, patterns_of
from .structures import Cholesky, Structure


class Covariance(Protocol):
    """What the likelihood asks of a covariance model."""

    @property
    def moments(self) -> Moments:
        """The data, as cross-products."""

    def start(self) -> Array:
        """Parameters to start from, (k,)."""

    def blocks(self, theta: Array) -> Array:
        """V_s; LinAlgError where theta lies outside its range."""

    def slopes(self, theta: Array) -> Array:
        """d V_s / d theta."""

    def bend(self, theta: Array, gradient: Array) -> Array:
        """Sum over patterns of df / d V_s times the second derivatives of V_s."""


@dataclass(frozen=True)
class OverVisits:
    """V_s is the part of one matrix Sigma over all visits that the pattern has."""

    moments: Moments
    seen_together: Array
    structure: Structure

    def start(self) -> Array:
        """From the residuals of least squares, pair by pair of visits."""
        q = self.moments.n_columns
        last = np.zeros((q, q))
        last[-1, -1] = 1.0
        sums = self.moments.backward(last).sum(axis=0)
        pairwise = sums / np.maximum(self.seen_together, 1.0)
        sd = np.sqrt(np.maximum(np.diag(pairwise), 1e-4 * np.diag(pairwise).mean()))
        values, vectors = np.linalg.eigh(pairwise / np.outer(sd, sd))
        correlation = (vectors * np.maximum(values, 0.05)) @ vectors.T
        return self.structure.start(correlation * np.outer(sd, sd))

    def blocks(self, theta: Array) -> Array:
        sigma = self.structure.matrix(theta)
        np.linalg.cholesky(sigma)
        return np.where(self.moments.both, sigma, np.eye(len(sigma)))

    def slopes(self, theta: Array) -> Array:
        slopes = self.structure.slopes(theta)
        return np.where(self.moments.both, slopes[:, None], 0.0)

    def bend(self, theta: Array, gradient: Array) -> Array:
        return self.structure.bend(theta, gradient.sum(axis=0))

    def smallest_share(self, theta: Array) -> float:
        """The root of the least eigenvalue of the correlation over visits."""
        sigma = self.structure.matrix(theta)
        sd = np.sqrt(np.diag(sigma))
        least = float(np.linalg.eigvalsh(sigma / np.outer(sd, sd))[0])
        return float(np.sqrt(max(least, 0.0)))


@dataclass(frozen=True)
class RandomEffects:
    """V_i = sigma2 I + Z_i G Z_i', turned so that every subject has d places or fewer.

    With K_i = Z_i'Z_i = Q D Q' the d columns of U_i = Z_i Q D^-1/2 are orthonormal.
    U_i'y_i has covariance sigma2 I + R G R' with R = D^1/2 Q', and what is orthogonal
    to U_i has sigma2 I: the last pattern gathers it from all subjects in one place.
    theta is the lower triangle of L in G = LL', then log sigma.
    """

    moments: Moments
    roots: Array
    scale: Array

    @cached_property
    def _cholesky(self) -> Cholesky:
        return Cholesky(self.roots.shape[-1])

    @cached_property
    def _diagonal(self) -> Array:
        return np.where(self.moments.both, np.eye(self.roots.shape[-1]), 0.0)

    def start(self) -> Array:
        """Half of the residual variance of least squares to each of the two parts."""
        d = self.roots.shape[-1]
        rough = np.eye(d) * 0.5 / d
        return np.append(self._cholesky.start(rough), np.log(0.5) / 2)

    def _sandwich(self, inner: Array) -> Array:
        return np.asarray(self.roots @ inner @ self.roots.transpose(0, 2, 1))

    def blocks(self, theta: Array) -> Array:
        absent = np.eye(self.roots.shape[-1]) - self._diagonal
        between = self._sandwich(self._cholesky.matrix(theta[:-1]))
        within = float(np.exp(2 * theta[-1])) * self._diagonal
        return between + within + absent

    def slopes(self, theta: Array) -> Array:
        between = self._sandwich(self._cholesky.slopes(theta[:-1])[:, None])
        within = 2 * np.exp(2 * theta[-1]) * self._diagonal
        return np.concatenate([between, within[None]])

    def bend(self, theta: Array, gradient: Array) -> Array:
        inner = (self.roots.transpose(0, 2, 1) @ gradient @ self.roots).sum(axis=0)
        k = len(theta)
        out = np.zeros((k, k))
        out[:-1, :-1] = self._cholesky.bend(theta[:-1], inner)
        trace = float((gradient * self._diagonal).sum())
        out[-1, -1] = 4 * np.exp(2 * theta[-1]) * trace
        return out

    def linear_slopes(self) -> Array:
        """Derivatives in the elements of G and in sigma2, in which V is linear."""
        d = self.roots.shape[-1]
        rows, columns = np.tril_indices(d)
        unit = np.zeros((len(rows), d, d))
        unit[np.arange(len(rows)), rows, columns] = 1.0
        unit[np.arange(len(rows)), columns, rows] = 1.0
        return np.concatenate([self._sandwich(unit[:, None]), self._diagonal[None]])

    def _relative(self, theta: Array) -> tuple[Array, Array]:
        """Eigenvalues and vectors of G / sigma2, over columns of Z of unit length."""
        G = self._cholesky.matrix(theta[:-1]) * np.exp(-2 * theta[-1])
        values, vectors = np.linalg.eigh(G)
        return np.maximum(values, 0.0), vectors

    def smallest_share(self, theta: Array) -> float:
        """The least standard deviation of the random effects, of the residual one."""
        return float(np.sqrt(self._relative(theta)[0][0]))

    def parts(self, theta: Array) -> tuple[Array, float]:
        """G in the units of the columns of Z as they were given, and sigma2.

        What is left by rounding of a variance at its bound is taken as the zero it is.
        """
        values, vectors = self._relative(theta)
        sigma2 = float(np.exp(2 * theta[-1]))
        values = np.where(values > 1e-12, values, 0.0)
        G = sigma2 * (vectors * values) @ vectors.T
        return self.scale @ G @ self.scale.T, sigma2


def over_visits(
    A: Array, subject: NDArray[np.intp], visit: NDArray[np.intp], structure: Structure
) -> OverVisits:
    """Rows `A` (N, q) of [design, outcome], one row a subject and visit."""
    moments, together = by_visit(A, subject, visit)
    return OverVisits(moments, together, structure)


def random_effects(A: Array, Z: Array, subject: NDArray[np.intp]) -> RandomEffects:
    """Rows `A` (N, q) of [design, outcome] and `Z` (N, r), in any order."""
    Z, scale = _standardised(Z)
    order = np.lexsort((*Z.T, subject))
    A, Z = A[order], Z[order]
    starts = np.flatnonzero(np.diff(subject[order], prepend=-1))
    ZA = np.add.reduceat(Z[:, :, None] * A[:, None, :], starts, axis=0)
    ZZ = np.add.reduceat(Z[:, :, None] * Z[:, None, :], starts, axis=0)
    first, pattern, counts = patterns_of(ZZ)
    values, vectors = np.linalg.eigh(ZZ[first])
    observed = values > 1e-12 * np.maximum(values[:, -1:], 1e-300)
    lengths = np.sqrt(np.where(observed, values, 1.0))
    turned = np.where(observed[:, None, :], vectors / lengths[:, None, :], 0.0)
    roots = np.where(
        observed[:, :, None], lengths[:, :, None] * vectors.transpose(0, 2, 1), 0.0
    )
    rows = np.asarray(turned.transpose(0, 2, 1)[pattern] @ ZA)
    table = cross_products(rows, pattern, observed)
    return _with_remainder(A, observed, counts, table, roots, scale)


def _standardised(Z: Array) -> tuple[Array, Array]:
    """Z C with centred columns of unit length where an intercept allows it, and C."""
    r = Z.shape[1]
    C = np.eye(r)
    constant = np.flatnonzero(np.all(Z == 1.0, axis=0))
    if len(constant):
        C[constant[0]] -= np.where(np.arange(r) == constant[0], 0.0, Z.mean(axis=0))
    Z = Z @ C
    lengths = np.sqrt((Z**2).mean(axis=0))
    return Z / lengths, C / lengths


def _with_remainder(
    A: Array,
    observed: NDArray[np.bool_],
    counts: NDArray[np.intp],
    table: Array,
    roots: Array,
    scale: Array,
) -> RandomEffects:
    """Add the pattern of what is orthogonal to every Z_i."""
    q, d = A.shape[1], observed.shape[1]
    a, b = np.triu_indices(q)
    j, k = np.triu_indices(d)
    whole = np.einsum("ni,nj->ij", A, A)[a, b]
    on_diagonal = table.reshape(len(observed), len(j), -1)[:, j == k].sum(axis=(0, 1))
    remainder = np.zeros((len(j), len(a)))
    remainder[0] = whole - on_diagonal
    places = np.zeros((1, d), dtype=bool)
    places[0, 0] = True
    n_remaining = len(A) - float((counts[:, None] * observed).sum())
    moments = Moments(
        np.vstack([observed, places]),
        np.append(counts.astype(float), n_remaining),
        np.vstack([table, remainder]),
        q,
    )
    return RandomEffects(moments, np.concatenate([roots, np.zeros((1, d, d))]), scale)
