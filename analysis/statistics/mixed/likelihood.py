"""Minus twice the log-likelihood, its gradient and its Hessian, from cross-products.

With W_s = V_s^-1, Phi = (sum X'WX)^-1, b = Phi sum X'Wy and r = y - Xb,

    D  = sum n_s log|V_s| + sum r'Wr + [REML] log|Phi^-1|      (constants apart)
    dD/dV_s = n_s W - K,   K = W (sum r r' + [REML] X Phi X') W.

In directions V_k the Hessian of D, the V's taken as linear, is

    2 tr(V_k W V_l K) - n tr(W V_k W V_l) - 2 u_k' Phi u_l - [REML] tr(Phi P_k Phi P_l)

summed over patterns, with P_k = -sum X'W V_k W X and u_k = sum X'W V_k W r.
Sources: Lindstrom and Bates (1988), JASA 83:1014-1022; Wolfinger, Tobias and Sall
(1994), SIAM J. Sci. Comput. 15:1294-1310.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .blas import Array, product
from .covariance import Covariance
from .moments import Moments


@dataclass(frozen=True)
class Likelihood:
    """Everything about one value of the parameters that costs one pass over patterns.

    `inverses` (S, d, d) are W_s, zero where a place is not observed; `beta` (p,) and
    `phi` (p, p) are the generalised least squares estimate and its covariance.
    """

    moments: Moments
    reml: bool
    inverses: Array
    beta: Array
    phi: Array
    deviance: float

    @cached_property
    def _kernel(self) -> Array:
        """K of the text above, (S, d, d)."""
        p = len(self.beta)
        contrast = np.append(-self.beta, 1.0)
        inner = np.outer(contrast, contrast)
        if self.reml:
            inner[:p, :p] += self.phi
        return np.asarray(self.inverses @ self.moments.backward(inner) @ self.inverses)

    @cached_property
    def by_block(self) -> Array:
        """dD / dV_s, (S, d, d)."""
        counts = self.moments.counts[:, None, None]
        return np.asarray(counts * self.inverses - self._kernel)

    def gradient(self, slopes: Array) -> Array:
        """dD in the directions `slopes` (k, S, d, d), (k,)."""
        return np.asarray(np.einsum("ksij,sij->k", slopes, self.by_block))

    def cross(self, slopes: Array) -> Array:
        """Sum of A'W V_k W A, (k, q, q)."""
        return self.moments.forward(self.inverses @ slopes @ self.inverses)

    def hessian(self, slopes: Array) -> Array:
        """Second derivatives of D in directions in which the V's are linear, (k, k)."""
        k = len(slopes)
        weighted = self.inverses @ slopes
        counts = self.moments.counts[:, None, None]
        other = weighted @ (2 * self._kernel - counts * self.inverses)
        flipped = other.transpose(0, 1, 3, 2).reshape(k, -1)
        curvature = product(slopes.reshape(k, -1), flipped.T)
        cross = self.cross(slopes)
        p = len(self.beta)
        u = cross[:, :p] @ np.append(-self.beta, 1.0)
        curvature -= 2 * u @ self.phi @ u.T
        if self.reml:
            scaled = self.phi @ cross[:, :p, :p]
            curvature -= np.einsum("kij,lji->kl", scaled, scaled)
        return (curvature + curvature.T) / 2


def likelihood(moments: Moments, blocks: Array, reml: bool) -> Likelihood:
    """LinAlgError where a block, or X'WX, is not positive definite."""
    roots = np.linalg.cholesky(blocks)
    logs = 2 * np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)
    inverses = np.where(moments.both, np.linalg.inv(blocks), 0.0)
    square = moments.forward(inverses)
    p = moments.n_columns - 1
    information = square[:p, :p]
    root = np.linalg.cholesky(information)
    phi = np.linalg.inv(information)
    phi = (phi + phi.T) / 2
    beta = phi @ square[:p, p]
    deviance = float((moments.counts * logs).sum())
    deviance += float(square[p, p] - beta @ square[:p, p])
    if reml:
        deviance += 2 * float(np.log(np.diag(root)).sum())
    return Likelihood(moments, reml, inverses, beta, phi, deviance)


@dataclass(frozen=True)
class Objective:
    """D as a function of the parameters of a covariance model."""

    covariance: Covariance
    reml: bool

    def at(self, theta: Array) -> Likelihood | None:
        """None outside the range of the parameters."""
        try:
            blocks = self.covariance.blocks(theta)
            return likelihood(self.covariance.moments, blocks, self.reml)
        except np.linalg.LinAlgError:
            return None

    def gradient(self, theta: Array, point: Likelihood) -> Array:
        return point.gradient(self.covariance.slopes(theta))

    def hessian(self, theta: Array, point: Likelihood) -> Array:
        linear = point.hessian(self.covariance.slopes(theta))
        return linear + self.covariance.bend(theta, point.by_block)
