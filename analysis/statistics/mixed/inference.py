"""Tests of the fixed effects with the degrees of freedom of a small sample.

A hypothesis is a set of rows l over the coefficients. All formulas are free of the
coordinates of the coefficients; they are taken in those of the likelihood.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from .blas import Array
from .covariance import RandomEffects
from .likelihood import Likelihood
from .optimiser import Optimum

# Eigenvalues of a scaled matrix below this share of the largest are taken as zero.
NEGLIGIBLE = 1e-10


class JointTest(NamedTuple):
    """An F test of several rows at once; `den_df` is None where it has no value."""

    num_df: int
    den_df: float | None
    F: float


class Inference(Protocol):
    """A method of degrees of freedom, with the covariance (p, p) that it goes with."""

    @property
    def covariance(self) -> Array:
        """The covariance of the coefficients from which standard errors come."""

    def df(self, row: Array) -> float | None:
        """Of the t test of one row (p,)."""

    def joint(self, rows: Array, beta: Array) -> JointTest:
        """Of the rows (q, p), all zero."""


@dataclass(frozen=True)
class Residual:
    """Rows less coefficients, whatever the hypothesis: the naive choice."""

    covariance: Array
    residual_df: float

    def df(self, row: Array) -> float | None:
        return self.residual_df

    def joint(self, rows: Array, beta: Array) -> JointTest:
        values, vectors = independent_rows(rows @ self.covariance @ rows.T)
        t = (vectors.T @ (rows @ beta)) / np.sqrt(values)
        return JointTest(len(t), self.residual_df, float((t**2).mean()))


@dataclass(frozen=True)
class Satterthwaite:
    """nu = 2 (l'Phi l)^2 / var(l'Phi l), the variance by the delta method.

    `slopes` (k, p, p) are d Phi / d theta, `spread` (k, k) is the covariance of theta
    from the observed information. Several rows: Fai and Cornelius (1996), J. Statist.
    Comput. Simul. 54:363-378, as in lmerTest (Kuznetsova et al., 2017).
    """

    covariance: Array
    slopes: Array
    spread: Array

    def df(self, row: Array) -> float | None:
        gradient = np.einsum("kij,i,j->k", self.slopes, row, row)
        variance = float(gradient @ self.spread @ gradient)
        estimate = float(row @ self.covariance @ row)
        # No parameter moves the variance: it is known, and there is no df to give.
        return 2 * estimate**2 / variance if variance > 1e-14 * estimate**2 else None

    def joint(self, rows: Array, beta: Array) -> JointTest:
        values, vectors = independent_rows(rows @ self.covariance @ rows.T)
        apart = vectors.T @ rows
        t = (apart @ beta) / np.sqrt(values)
        each = [self.df(row) for row in apart]
        known = [nu for nu in each if nu is not None]
        joined = joined_df(known) if len(known) == len(each) else None
        return JointTest(len(t), joined, float((t**2).mean()))


@dataclass(frozen=True)
class KenwardRoger:
    """Kenward and Roger (1997), Biometrics 53:983-997, without second derivatives.

    `covariance` is the adjusted one, `phi` the plain one; `slopes` (k, p, p) are
    d Phi / d theta, `spread` (k, k) the covariance of theta.
    """

    covariance: Array
    phi: Array
    slopes: Array
    spread: Array

    def df(self, row: Array) -> float | None:
        return self._scaled(row[None])[0]

    def joint(self, rows: Array, beta: Array) -> JointTest:
        _, vectors = independent_rows(rows @ self.phi @ rows.T)
        apart = vectors.T @ rows
        df, scale = self._scaled(apart)
        estimate = apart @ beta
        wald = estimate @ np.linalg.solve(apart @ self.covariance @ apart.T, estimate)
        return JointTest(len(apart), df, scale * float(wald) / len(apart))

    def _scaled(self, rows: Array) -> tuple[float | None, float]:
        """Denominator df and the factor on F; formulas of section 3 of the paper."""
        q = len(rows)
        inverse = np.linalg.inv(rows @ self.phi @ rows.T)
        moved = inverse @ (rows @ self.slopes @ rows.T)
        traces = np.trace(moved, axis1=1, axis2=2)
        A1 = float(traces @ self.spread @ traces)
        A2 = float((self.spread * np.einsum("kij,lji->kl", moved, moved)).sum())
        if A2 <= 1e-14:
            return None, 1.0
        B = (A1 + 6 * A2) / (2 * q)
        g = ((q + 1) * A1 - (q + 4) * A2) / ((q + 2) * A2)
        base = 3 * q + 2 * (1 - g)
        c1, c2, c3 = g / base, (q - g) / base, (q + 2 - g) / base
        numerator = 1 + c1 * B
        # At exact values that cancel (a two-way layout) rounding would blow up.
        numerator = 0.0 if abs(numerator) < 1e-10 else numerator
        ratio = _ratio(1 - A2 / q, 1 - c2 * B)
        rho = ratio**2 * numerator / (1 - c3 * B) / q
        df = 4 + (q + 2) / (q * rho - 1)
        scale = df * (1 - A2 / q) / (df - 2) if abs(df - 2) >= 1e-2 else 1.0
        return (df, scale) if df > 0 else (None, scale)


def _ratio(above: float, below: float) -> float:
    return 1.0 if abs(above) < 1e-14 and abs(below) < 1e-14 else above / below


def independent_rows(square: Array) -> tuple[Array, Array]:
    """Eigenvalues that count and their vectors, the largest first."""
    values, vectors = np.linalg.eigh((square + square.T) / 2)
    counted = values > NEGLIGIBLE * values[-1]
    return values[counted][::-1], vectors[:, counted][:, ::-1]


def joined_df(each: list[float]) -> float:
    """One df for independent t tests: 2E / (E - q), E = sum of nu / (nu - 2)."""
    if max(each) - min(each) < 1e-8:
        return sum(each) / len(each)
    if min(each) <= 2:
        return 2.0
    # E - q written out, so that it does not cancel when the nu are large.
    return sum(nu / (nu - 2) for nu in each) / sum(1 / (nu - 2) for nu in each)


def positive_inverse(square: Array) -> Array:
    """The inverse over the directions of positive curvature, scaled beforehand."""
    lengths = np.sqrt(np.maximum(np.diag(square), 0.0))
    lengths = np.where(lengths > 0, lengths, 1.0)
    values, vectors = np.linalg.eigh(square / np.outer(lengths, lengths))
    kept = values > NEGLIGIBLE * max(float(values[-1]), 0.0)
    turned = vectors[:, kept] / lengths[:, None]
    return np.asarray((turned / values[kept]) @ turned.T)


def satterthwaite(optimum: Optimum, slopes: Array) -> Satterthwaite:
    """From an optimum and d V / d theta (k, S, d, d) there."""
    phi = optimum.point.phi
    return Satterthwaite(
        phi, _phi_slopes(optimum.point, slopes), 2 * positive_inverse(optimum.hessian)
    )


def kenward_roger_linear(optimum: Optimum, slopes: Array) -> KenwardRoger:
    """Of SAS's ddfm=kr(linear): the observed information, in any parametrisation."""
    return _adjusted(optimum.point, slopes, 2 * positive_inverse(optimum.hessian))


def kenward_roger_expected(optimum: Optimum, covariance: RandomEffects) -> KenwardRoger:
    """Of pbkrtest: V linear in the variances, their expected information.

    Halekoh and Hojsgaard (2014), J. Statist. Softw. 59(9), equations 13 to 16.
    """
    slopes = covariance.linear_slopes()
    information = _expected_information(optimum.point, slopes)
    return _adjusted(optimum.point, slopes, 2 * positive_inverse(information))


def _phi_slopes(point: Likelihood, slopes: Array) -> Array:
    p = len(point.beta)
    return np.asarray(point.phi @ point.cross(slopes)[:, :p, :p] @ point.phi)


def _expected_information(point: Likelihood, slopes: Array) -> Array:
    """Twice the expected information of REML, (k, k)."""
    p = len(point.beta)
    q = point.moments.n_columns
    inner = np.zeros((q, q))
    inner[:p, :p] = point.phi
    leverage = point.inverses @ point.moments.backward(inner) @ point.inverses
    counts = point.moments.counts[:, None, None]
    weighted = point.inverses @ slopes @ (counts * point.inverses - 2 * leverage)
    first = np.einsum("ksij,lsji->kl", slopes, weighted)
    scaled = point.phi @ point.cross(slopes)[:, :p, :p]
    both = first + np.einsum("kij,lji->kl", scaled, scaled)
    return np.asarray((both + both.T) / 2)


def _adjusted(point: Likelihood, slopes: Array, spread: Array) -> KenwardRoger:
    p = len(point.beta)
    phi = point.phi
    weighted = point.inverses @ slopes
    mixed = np.einsum("kl,lsij->ksij", spread, weighted)
    middle = (weighted @ mixed).sum(axis=0) @ point.inverses
    middle = (middle + middle.transpose(0, 2, 1)) / 2
    Q = point.moments.forward(middle)[:p, :p]
    P = point.cross(slopes)[:, :p, :p]
    P_phi_P = np.einsum("kl,kij,ljm->im", spread, P @ phi, P)
    covariance = phi + 2 * phi @ (Q - P_phi_P) @ phi
    covariance = (covariance + covariance.T) / 2
    return KenwardRoger(covariance, phi, np.asarray(phi @ P @ phi), spread)
