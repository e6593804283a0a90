"""Time to an endpoint as a figure: the stored Kaplan-Meier curves, nothing computed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from analysis.sentences import endpoint_name, number, p_value

Values = dict[str, Any]
GROUPS = ("pain", "no-pain")
POINT = ("group", "time", "at_risk", "events", "censored", "survival", "lower", "upper")


@dataclass(frozen=True)
class CurveFigure:
    code: str
    title: str
    horizon: float
    result: Values

    @property
    def finding(self) -> str:
        return of_survival(self.result)

    @property
    def option(self) -> Values:
        return curve_option(self.result, self.horizon)

    @property
    def rows(self) -> list[Values]:
        return [
            printed(point) for group in GROUPS for point in points(group, self.result)
        ]


def of_survival(result: Values) -> str:
    groups = {row["group"]: row for row in result["curves"]["summary"]}
    with_pain, without = groups["pain"], groups["no-pain"]
    return _(
        "%(endpoint)s: %(pain)s of %(n_pain)s with pain and %(no_pain)s of "
        "%(n_no_pain)s without came to it; median %(pain_median)s with pain and "
        "%(no_pain_median)s without (log-rank p %(p)s)."
    ) % {
        "endpoint": endpoint_name(result["endpoint"]),
        "pain": with_pain["events"],
        "n_pain": with_pain["n"],
        "no_pain": without["events"],
        "n_no_pain": without["n"],
        "pain_median": median(with_pain),
        "no_pain_median": median(without),
        "p": p_value(result["logrank"]["p"]),
    }


def median(summary: Values) -> str:
    if summary["median"] is None:
        return _("not reached")
    return _("day %(day)s") % {"day": f"{summary['median']:g}"}


def points(group: str, result: Values) -> list[Values]:
    return [point for point in result["curves"]["curve"] if point["group"] == group]


def printed(point: Values) -> Values:
    limits = {"lower": percent(point["lower"]), "upper": percent(point["upper"])}
    return {
        "group": point["group"],
        "day": f"{point['time']:g}",
        "at_risk": point["at_risk"],
        "events": point["events"],
        "censored": point["censored"],
        "percent": percent(point["survival"]),
        "interval": _("%(lower)s to %(upper)s") % limits,
    }


def percent(share: float | None) -> str:
    return number(None if share is None else 100 * share)


def curve_option(result: Values, horizon: float) -> Values:
    """Steps down from everybody, with bands, and a tick where somebody is censored."""
    names = {"pain": _("pain"), "no-pain": _("no pain")}
    series: list[Values] = []
    for group in GROUPS:
        own = points(group, result)
        series += [
            band(group, own),
            steps(group, names[group], own),
            ticks(group, own),
        ]
    return {
        "xAxis": {
            "type": "value",
            "name": _("day of the study"),
            "min": 0,
            "max": horizon,
        },
        "yAxis": {
            "type": "value",
            "name": _("percent not yet there"),
            "min": 0,
            "max": 100,
        },
        "tooltip": {"show": False},
        "series": series,
    }


def steps(group: str, name: str, own: list[Values]) -> Values:
    return {
        "type": "line",
        "step": "end",
        "name": name,
        "group": group,
        "data": [[0, 100], *([p["time"], 100 * p["survival"]] for p in own)],
        "showSymbol": False,
        "lineStyle": {"width": 2.5},
        "endLabel": {"show": True, "formatter": name},
        "z": 4,
    }


def band(group: str, own: list[Values]) -> Values:
    """The limits as steps: each holds until the next time; none where S is 0."""
    data: list[list[float]] = []
    low, high = 100.0, 100.0
    for point in own:
        data.append([point["time"], low, high])
        if point["lower"] is None:
            break
        low, high = 100 * point["lower"], 100 * point["upper"]
        data.append([point["time"], low, high])
    return {"type": "band", "group": group, "data": data}


def ticks(group: str, own: list[Values]) -> Values:
    data = [[p["time"], 100 * p["survival"]] for p in own if p["censored"]]
    return {
        "type": "scatter",
        "group": group,
        "data": data,
        "symbol": "rect",
        "symbolSize": [2, 12],
        "silent": True,
        "z": 5,
    }


def curve_lines(result: Values) -> Iterator[list[Any]]:
    """The curves at full precision, with a line of names."""
    yield list(POINT)
    for point in result["curves"]["curve"]:
        yield [point[name] for name in POINT]
    yield []
