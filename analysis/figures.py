"""Results as what a page shows: rows of tables, options of charts, lines of CSV."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from analysis.curves import curve_lines
from analysis.plan import ByPainGroup, Course, Plan
from analysis.sentences import endpoint_name, interval, number, p_value, points

Values = dict[str, Any]
GROUPS = ("pain", "no-pain")
# Intervals of two groups at one visit stand beside each other, in days.
BESIDE = {"pain": 0.15, "no-pain": -0.15}


def endpoint_row(plan: Plan, code: str, result: Values) -> dict[str, str]:
    """One line of the table of response and remission, as it is printed."""
    without, with_pain = result["groups"]
    analysis = plan.analysis(code)
    assert isinstance(analysis, ByPainGroup)
    difference = interval(result, "risk_difference", "newcombe")
    odds = interval(result, "odds_ratio", "woolf")
    test = result["test"]
    return {
        "name": endpoint_name(result["endpoint"]),
        "words": _(analysis.endpoint.words),
        "pain": counted(with_pain),
        "pain_percent": percent(with_pain),
        "no_pain": counted(without),
        "no_pain_percent": percent(without),
        "difference": points(difference["estimate"]),
        "difference_interval": _("%(lower)s to %(upper)s")
        % {"lower": points(difference["lower"]), "upper": points(difference["upper"])},
        "odds_ratio": number(odds["estimate"], 2),
        "odds_ratio_interval": _("%(lower)s to %(upper)s")
        % {"lower": number(odds["lower"], 2), "upper": number(odds["upper"], 2)},
        "chi2": number(test["chi2"], 2),
        "p": p_value(test["p"]),
        "yates_p": p_value(test["yates_p"]),
        "fisher_p": p_value(test["fisher_p"]),
    }


def counted(group: Values) -> str:
    return _("%(events)s of %(n)s") % {"events": group["events"], "n": group["n"]}


def percent(group: Values) -> str:
    return f"{number(group['percent'])} %"


def course_rows(analysis: Course, result: Values) -> list[dict[str, Any]]:
    """One line a visit: n, mean and interval of each group, as printed."""
    means = {(row["group"], row["visit"]): row for row in result["means"]}
    return [
        {
            "label": _(point.label),
            "groups": [printed(means[group, point.visit]) for group in GROUPS],
        }
        for point in analysis.points
    ]


def printed(row: Values) -> dict[str, str]:
    return {
        "n": str(row["n"]),
        "mean": number(row["mean"]),
        "sd": number(row["sd"]),
        "interval": _("%(lower)s to %(upper)s")
        % {"lower": number(row["lower"]), "upper": number(row["upper"])},
    }


def course_option(analysis: Course, result: Values) -> Values:
    """Means with intervals by group over the lines of single people."""
    names = {"pain": _("pain"), "no-pain": _("no pain")}
    series: list[Values] = []
    for group in GROUPS:
        series += [
            single_lines(group, result),
            intervals(group, result),
            means(group, names[group], result),
        ]
    low, high = analysis.scale.lowest, analysis.scale.highest
    return {
        "xAxis": {
            "type": "value",
            "name": _("day of the study"),
            "min": 0,
            "max": result["days"][-1] + 1,
            "interval": 3,
        },
        "yAxis": {
            "type": "value",
            "name": f"{_(analysis.scale.name)} ({low:g}–{high:g})",
            "min": low,
            "max": high,
        },
        "tooltip": {"show": False},
        "series": series,
    }


def single_lines(group: str, result: Values) -> Values:
    """Everybody of a group in one series: a gap after each, a missing visit spanned."""
    data: list[list[float | None]] = []
    for line in result["lines"]:
        if line["group"] == group:
            seen = zip(result["days"], line["values"], strict=True)
            data += [[day, value] for day, value in seen if value is not None]
            data.append([None, None])
    return {
        "type": "line",
        "group": group,
        "data": data,
        "showSymbol": False,
        "silent": True,
        "connectNulls": False,
        "lineStyle": {"width": 0.75, "opacity": 0.3, "type": "solid"},
        "z": 1,
    }


def intervals(group: str, result: Values) -> Values:
    data = [
        [row["day"] + BESIDE[group], row["lower"], row["upper"]]
        for row in result["means"]
        if row["group"] == group and row["lower"] is not None
    ]
    return {"type": "interval", "group": group, "data": data}


def means(group: str, name: str, result: Values) -> Values:
    data = [
        [row["day"] + BESIDE[group], row["mean"]]
        for row in result["means"]
        if row["group"] == group and row["mean"] is not None
    ]
    return {
        "type": "line",
        "name": name,
        "group": group,
        "data": data,
        "symbolSize": 7,
        "lineStyle": {"width": 2.5},
        "endLabel": {"show": True, "formatter": name},
        "z": 4,
    }


def csv_lines(result: Values) -> Iterator[list[Any]]:
    """The numbers of a result at full precision, with a line of names."""
    if result["kind"] == "course":
        names = ["group", "visit", "day", "n", "mean", "sd", "lower", "upper"]
        yield names
        for row in result["means"]:
            yield [row[name] for name in names]
        return
    if "groups" in result:
        names = ["group", "n", "events", "percent", "missing"]
        yield names
        for group in result["groups"]:
            yield [group[name] for name in names]
    if result["kind"] == "survival":
        yield from curve_lines(result)
    yield ["estimate of", "estimate", "se", "df", "lower", "upper", "p"]
    for row in result["estimates"]:
        names = ["name", "estimate", "se", "df", "lower", "upper", "p"]
        yield [row[name] for name in names]
    yield ["test of", "statistic", "value", "df", "p"]
    for row in result["tests"]:
        df = " ".join(map(str, row["df"]))
        yield [row["name"], row["statistic"], row["value"], df, row["p"]]
    if result["kind"] in ("by_pain_group", "cross_table"):
        yield from table_lines(result["test"])


def table_lines(test: Values) -> Iterator[list[Any]]:
    """The intervals and the three tests of a two by two table."""
    yield []
    yield ["measure", "method", "estimate", "lower", "upper"]
    for row in test["intervals"]:
        measure = ("measure", "method", "estimate", "lower", "upper")
        yield [row[name] for name in measure]
    yield []
    yield ["test", "statistic", "p"]
    yield ["pearson chi-square", test["chi2"], test["p"]]
    yield ["yates chi-square", test["yates_chi2"], test["yates_p"]]
    yield ["fisher exact", "", test["fisher_p"]]
