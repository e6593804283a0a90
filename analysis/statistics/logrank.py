"""The log-rank test and its weighted relatives, with strata."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import chi2 as chi2_distribution

from analysis.statistics.arguments import is_number
from analysis.statistics.result import Result, Warned
from analysis.statistics.rows import FloatArray, IntArray, used_rows
from analysis.statistics.survival_rows import read_durations, read_events


class GroupEvents(NamedTuple):
    """Events of one group, observed and expected, both weighted."""

    level: str
    n: int
    observed: float
    expected: float


@dataclass(frozen=True, kw_only=True)
class Logrank(Result):
    """The test that the groups have one hazard."""

    chi2: float | None
    df: int | None
    p: float | None
    groups: tuple[GroupEvents, ...]


def logrank(
    frame: pd.DataFrame,
    duration: str,
    event: str,
    group: str,
    strata: str | None = None,
    rho: float = 0.0,
) -> Logrank:
    """U' V^-1 U, U = sum over times of w (observed - expected events of a group).

    `duration` is at least 0, `event` 1 or 0 (bool); expected events share those at a
    time by those at risk, V is hypergeometric. w is the pooled survival of the stratum
    just before the time, to the power `rho`: 0 is the log-rank test, 1 Peto and Peto's.
    With `strata` the sums run within each stratum. A group in which nobody was at risk
    at an event tells nothing: it does not count in df and is warned of
    (`nobody_at_risk`).

    Rows with a missing value in a named column are left out and counted. Raises
    ValueError for negative times, no or wrong events, one group. Source: Harrington and
    Fleming 1982, Biometrika 69, 553; Peto and Peto 1972, JRSS A 135, 185.
    """
    if not is_number(rho) or not math.isfinite(rho):
        raise ValueError(
            f"rho is {rho!r}; give a finite number, 0 for the log-rank test."
        )
    used = used_rows(frame, [duration, event, group, *([strata] if strata else [])])
    times = read_durations(used, duration)
    events = read_events(used, event, needed=True)
    factor = used.factor(group)
    layers = used.factor(strata).codes if strata else np.zeros(used.n, dtype=np.intp)
    k = len(factor.levels)
    observed, expected, V = np.zeros(k), np.zeros(k), np.zeros((k, k))
    for layer in np.unique(layers):
        own = layers == layer
        o, e, v = _stratum(times[own], events[own], factor.codes[own], k, float(rho))
        observed, expected, V = observed + o, expected + e, V + v
    warned: list[Warned] = []
    chi2, df, p = _test(observed, expected, V, factor.levels, warned)
    counts = np.bincount(factor.codes, minlength=k)
    rows = zip(factor.levels, counts, observed, expected, strict=True)
    name = {0.0: "Log-rank test", 1.0: "Peto and Peto test"}.get(
        float(rho), f"Harrington-Fleming test, rho {rho:g}"
    )
    return Logrank(
        method=f"{name}, stratified by {strata}" if strata else name,
        warnings=tuple(warned),
        n_observations=used.n,
        n_left_out=used.n_left_out,
        left_out=used.left_out,
        chi2=chi2,
        df=df,
        p=p,
        groups=tuple(GroupEvents(*row) for row in rows),
    )


def _stratum(
    times: FloatArray, events: FloatArray, codes: IntArray, k: int, rho: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    observed, expected, V = np.zeros(k), np.zeros(k), np.zeros((k, k))
    survival = 1.0
    for time in np.unique(times[events == 1]):
        at_risk = np.bincount(codes[times >= time], minlength=k)
        d_each = np.bincount(codes[(times == time) & (events == 1)], minlength=k)
        n, d = int(at_risk.sum()), int(d_each.sum())
        weight, share = survival**rho, at_risk / n
        observed += weight * d_each
        expected += weight * d * share
        if n > 1:
            spread = np.diag(share) - share[:, None] * share[None, :]
            V += weight**2 * d * (n - d) / (n - 1) * spread
        survival *= (n - d) / n
    return observed, expected, V


def _test(
    observed: FloatArray,
    expected: FloatArray,
    V: FloatArray,
    levels: tuple[str, ...],
    warned: list[Warned],
) -> tuple[float | None, int | None, float | None]:
    telling = np.flatnonzero(expected > 0)
    for i in np.flatnonzero(expected == 0):
        message = (
            f"Nobody of group '{levels[i]}' was at risk at an event: the group tells "
            "nothing and does not count in chi2 and df."
        )
        warned.append(Warned("nobody_at_risk", message))
    # One group of those that tell is given by the others.
    kept = telling[:-1]
    U, W = (observed - expected)[kept], V[np.ix_(kept, kept)]
    scale = np.sqrt(np.diag(W)) if len(kept) else np.zeros(1)
    if not scale.all() or np.linalg.cond(W / np.outer(scale, scale)) > 1e12:
        message = (
            "chi2, df and p are not defined: at the events the groups are never at "
            "risk side by side, so that what is expected has no variance."
        )
        warned.append(Warned("zero_variance", message))
        return None, None, None
    chi2 = float(np.sum(U * np.linalg.solve(W, U)))
    df = len(kept)
    return chi2, df, float(chi2_distribution.sf(chi2, df))
