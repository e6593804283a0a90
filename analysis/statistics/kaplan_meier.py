"""The Kaplan-Meier curve, its median and its restricted mean."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.statistics.arguments import is_number, refuse_confidence, refuse_option
from analysis.statistics.result import Result, Row, Warned
from analysis.statistics.rows import FloatArray, used_rows
from analysis.statistics.survival_rows import read_durations, read_events

INTERVALS = ("log_log", "log", "plain")
# A product of fractions that is one half on paper is so to about this.
HALF = 1e-9


class CurvePoint(NamedTuple):
    """One distinct time of one group; `survival` is the curve just after it."""

    group: str
    time: float
    at_risk: int
    events: int
    censored: int
    survival: float
    se: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, kw_only=True)
class KaplanMeier(Result):
    """The curve of each group and its summary."""

    curve: tuple[CurvePoint, ...]
    summary: tuple[Row, ...]


def kaplan_meier(
    frame: pd.DataFrame,
    duration: str,
    event: str,
    group: str | None = None,
    interval: str = "log_log",
    horizon: float | None = None,
    confidence: float = 0.95,
) -> KaplanMeier:
    """S(t) = product over times u <= t of 1 - d(u) / n(u), for each group.

    `duration` is the time to event or censoring, at least 0; `event` 1 or 0 (bool). At
    one time events come before censorings. The standard error is Greenwood's, of S
    itself; limits are on the scale of log(-log S), log S or S (`interval`), cut to 0
    and 1. The median is the first time with S <= 1/2, the middle of the stretch where S
    is exactly 1/2 and falls later; its limits follow from those of the curve. With
    `horizon`, in the units of the duration, also the area under the curve up to it.

    Rows with a missing value in a named column are left out and counted. Raises
    ValueError for negative times, events that are not 0 or 1 and unknown options.
    Source: Kaplan and Meier 1958, JASA 53, 457; Brookmeyer and Crowley 1982, Biometrics
    38, 29; Klein and Moeschberger 2003, sections 4.2 to 4.5.
    """
    refuse_option(interval, "interval", INTERVALS)
    refuse_confidence(confidence)
    if horizon is not None and not (is_number(horizon) and 0 < horizon < math.inf):
        raise ValueError(
            f"horizon is {horizon!r}; give a finite time above 0, in the units of "
            f"'{duration}'."
        )
    used = used_rows(frame, [duration, event, *([group] if group else [])])
    times = read_durations(used, duration)
    events = read_events(used, event, needed=False)
    codes = np.zeros(used.n, dtype=np.intp)
    levels: tuple[str, ...] = ("all",)
    if group is not None:
        factor = used.factor(group)
        codes, levels = factor.codes, factor.levels
    curve: list[CurvePoint] = []
    summary: list[Row] = []
    warned: list[Warned] = []
    z = float(norm.isf((1.0 - confidence) / 2.0))
    for code, level in enumerate(levels):
        own = codes == code
        points = _curve(level, times[own], events[own], interval, z)
        curve += points
        summary.append(_summary(level, points, horizon, warned))
    return KaplanMeier(
        method=f"Kaplan-Meier, Greenwood, {interval.replace('_', '-')} intervals",
        warnings=tuple(warned),
        n_observations=used.n,
        n_left_out=used.n_left_out,
        left_out=used.left_out,
        curve=tuple(curve),
        summary=tuple(summary),
    )


def _curve(
    level: str, times: FloatArray, events: FloatArray, interval: str, z: float
) -> list[CurvePoint]:
    points: list[CurvePoint] = []
    survival, variance, at_risk = 1.0, 0.0, len(times)
    for time in np.unique(times):
        own = times == time
        d = int(events[own].sum())
        survival *= (at_risk - d) / at_risk
        variance += d / (at_risk * (at_risk - d)) if d < at_risk else 0.0
        se, lower, upper = _limits(survival, math.sqrt(variance), interval, z)
        points.append(
            CurvePoint(
                level,
                float(time),
                at_risk,
                d,
                int(own.sum()) - d,
                survival,
                se,
                lower,
                upper,
            )
        )
        at_risk -= int(own.sum())
    return points


def _limits(
    survival: float, relative_se: float, interval: str, z: float
) -> tuple[float | None, float | None, float | None]:
    """The standard error and the limits, from that of log S."""
    if survival == 0.0:
        return None, None, None
    if relative_se == 0.0:
        return 0.0, 1.0, 1.0
    se = survival * relative_se
    if interval == "plain":
        low, high = survival - z * se, survival + z * se
    elif interval == "log":
        low, high = (survival * math.exp(s * z * relative_se) for s in (-1.0, 1.0))
    else:
        spread = z * relative_se / abs(math.log(survival))
        low, high = (survival ** math.exp(s * spread) for s in (1.0, -1.0))
    return se, max(low, 0.0), min(high, 1.0)


def _summary(
    level: str, points: list[CurvePoint], horizon: float | None, warned: list[Warned]
) -> Row:
    times = [p.time for p in points]
    if points[-1].survival == 0.0:
        message = (
            f"The curve of group '{level}' is 0 at time {times[-1]:g}: its se, lower "
            "and upper are not defined there."
        )
        warned.append(Warned("curve_reaches_zero", message))
    medians = {
        "median": _median(times, [p.survival for p in points]),
        "median_lower": _median(times, [p.lower for p in points]),
        "median_upper": _median(times, [p.upper for p in points]),
    }
    missing = [name for name, value in medians.items() if value is None]
    if missing:
        message = (
            f"Not defined for group '{level}': {', '.join(missing)}; the curve or its "
            "limit does not fall to one half."
        )
        warned.append(Warned("median_not_reached", message))
    cells: dict[str, str | int | float | None] = {
        "group": level,
        "n": points[0].at_risk,
        "events": sum(p.events for p in points),
        **medians,
    }
    if horizon is not None:
        mean, se = _restricted_mean(points, float(horizon))
        cells |= {"restricted_mean": mean, "restricted_mean_se": se}
        if horizon > times[-1] and points[-1].survival > 0.0:
            message = (
                f"The last time of group '{level}' is {times[-1]:g}, before the "
                f"horizon {horizon:g}: its curve is taken to stay as it is up to there."
            )
            warned.append(Warned("horizon_beyond_data", message))
    return Row(cells)


def _median(times: list[float], curve: list[float | None]) -> float | None:
    for i, value in enumerate(curve):
        if value is None or value > 0.5 + HALF:
            continue
        later = (
            t
            for t, v in zip(times[i + 1 :], curve[i + 1 :], strict=True)
            if v is not None and v < value - HALF
        )
        end = next(later, None) if value > 0.5 - HALF else None
        return times[i] if end is None else (times[i] + end) / 2.0
    return None


def _restricted_mean(points: list[CurvePoint], horizon: float) -> tuple[float, float]:
    """Area under the curve up to the horizon, and Greenwood's standard error of it."""
    kept = [p for p in points if p.time < horizon]
    edges = np.array([0.0, *(p.time for p in kept), horizon])
    heights = np.array([1.0, *(p.survival for p in kept)])
    areas = heights * np.diff(edges)
    after = areas[::-1].cumsum()[::-1][1:]
    terms = [
        float(area) ** 2 * p.events / (p.at_risk * (p.at_risk - p.events))
        for area, p in zip(after, kept, strict=True)
        if p.events < p.at_risk
    ]
    return float(areas.sum()), math.sqrt(sum(terms))
