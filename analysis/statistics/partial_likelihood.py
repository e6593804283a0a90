"""The partial likelihood of Cox's model (Efron's or Breslow's ties) and its maximum."""

from dataclasses import dataclass

import numpy as np

from analysis.statistics.rows import FloatArray, IntArray

MOST_STEPS = 60
# A standardised coefficient that still moves by this much when the others rest runs
# away.
RUNNING = 1e-3
SETTLED = 1e-9
# Information that has fallen to this share of that at zero belongs to no finite
# maximum.
VANISHED = 1e-10
# Where the information of another coefficient falls so far with it, it has none either.
LOST = 1e-5


@dataclass(frozen=True)
class Stratum:
    """The participants of one stratum, longest duration first.

    `dead` are the places of the events; for each, `reach` is the number of participants
    at risk at its time, `first` and `last` bound the events of its time in `dead`, and
    `share` is the part of those tied events that Efron takes out of the risk set (0:
    Breslow).
    """

    X: FloatArray
    time: FloatArray
    dead: IntArray
    reach: IntArray
    first: IntArray
    last: IntArray
    share: FloatArray


@dataclass(frozen=True)
class Moments:
    """Log-likelihood, score and information, and the mean of X at each event."""

    value: float
    score: FloatArray
    information: FloatArray
    means: tuple[FloatArray, ...]


@dataclass(frozen=True)
class Maximum:
    """The end of the search; `running` marks coefficients without a finite maximum."""

    beta: FloatArray
    at: Moments
    converged: bool
    running: np.ndarray


def strata_of(
    X: FloatArray, time: FloatArray, event: FloatArray, layer: IntArray, efron: bool
) -> list[Stratum]:
    """The strata that have an event; the others carry no information."""
    found = []
    for k in np.unique(layer):
        own = np.flatnonzero(layer == k)
        # Within one time by event and then by covariates: sums do not depend on row
        # order.
        keys = (*X[own].T, -event[own], -time[own])
        own = own[np.lexsort(keys)]
        if event[own].any():
            found.append(_stratum(X[own], time[own], event[own], efron))
    return found


def _stratum(
    X: FloatArray, time: FloatArray, event: FloatArray, efron: bool
) -> Stratum:
    dead = np.flatnonzero(event == 1)
    moments = -time[dead]
    first = np.searchsorted(moments, moments, side="left")
    last = np.searchsorted(moments, moments, side="right")
    reach = np.searchsorted(-time, moments, side="right")
    share = (np.arange(len(dead)) - first) / (last - first)
    return Stratum(X, time, dead, reach, first, last, share if efron else 0.0 * share)


def moments(strata: list[Stratum], beta: FloatArray) -> Moments:
    """The partial likelihood and its derivatives at `beta`."""
    p = len(beta)
    value, score, information = 0.0, np.zeros(p), np.zeros((p, p))
    means = []
    for s in strata:
        eta = (s.X * beta).sum(axis=1)
        top = float(eta.max())
        risk = np.exp(eta - top)
        first = risk[:, None] * s.X
        second = first[:, :, None] * s.X[:, None, :]
        s0, s1, s2 = (_at_events(s, moment) for moment in (risk, first, second))
        mean = s1 / s0[:, None]
        value += float((eta[s.dead] - top - np.log(s0)).sum())
        score += (s.X[s.dead] - mean).sum(axis=0)
        spread = s2 / s0[:, None, None] - mean[:, :, None] * mean[:, None, :]
        information += spread.sum(axis=0)
        means.append(mean)
    return Moments(value, score, information, tuple(means))


def _at_events(s: Stratum, moment: FloatArray) -> FloatArray:
    """Sums over those at risk at each event, less Efron's part of the tied events."""
    at_risk = moment.cumsum(axis=0)[s.reach - 1]
    blank = np.zeros((1, *moment.shape[1:]))
    dead = np.concatenate([blank, moment[s.dead].cumsum(axis=0)])
    share = s.share.reshape(-1, *[1] * (moment.ndim - 1))
    return np.asarray(at_risk - share * (dead[s.last] - dead[s.first]))


def maximise(strata: list[Stratum], null: Moments) -> Maximum:
    """Newton's steps from zero, halved where the likelihood would fall.

    The columns of X are standardised, so that a step is a distance without units.
    """
    p = len(null.score)
    beta: FloatArray = np.zeros(p)
    step: FloatArray = np.zeros(p)
    at = null
    lowest = VANISHED * np.diag(null.information)
    for _ in range(MOST_STEPS):
        if (np.diag(at.information) <= lowest).any():
            break
        step = np.asarray(np.linalg.solve(at.information, at.score), dtype=np.float64)
        beta, at = _ahead(strata, beta, at, step)
        if np.abs(step).max() <= SETTLED * max(1.0, float(np.abs(beta).max())):
            return Maximum(beta, at, True, np.zeros(p, dtype=bool))
    lost = np.diag(at.information) <= LOST * np.diag(null.information)
    return Maximum(beta, at, False, (np.abs(step) > RUNNING) | lost)


def _ahead(
    strata: list[Stratum], beta: FloatArray, at: Moments, step: FloatArray
) -> tuple[FloatArray, Moments]:
    for half in range(20):
        tried = beta + step / 2.0**half
        there = moments(strata, tried)
        if np.isfinite(there.value) and there.value >= at.value - 1e-12 * abs(at.value):
            return tried, there
    return beta, at


def concordance(
    eta: FloatArray, time: FloatArray, event: FloatArray, layer: IntArray
) -> float | None:
    """The share of pairs in which the one with the event first has the higher risk."""
    agree, pairs = 0.0, 0
    # Predictors that are equal on paper may differ in their last digits.
    risk = np.round(eta, 9)
    for i in np.flatnonzero(event == 1):
        longer = (time > time[i]) | ((time == time[i]) & (event == 0))
        others = risk[longer & (layer == layer[i])]
        pairs += len(others)
        agree += float((others < risk[i]).sum() + 0.5 * (others == risk[i]).sum())
    return agree / pairs if pairs else None
