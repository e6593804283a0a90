"""The curve and the duplicates of a plate as options of charts."""

from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from labs.curves import Curve
from labs.curves.equation import response_at
from labs.duplicates import Duplicates
from labs.plate_curves import PlateCurve, Point

Option = dict[str, Any]
CROSS = "path://M0,0L8,8M8,0L0,8"
STEPS = 80
VERDICTS = {
    "passes": ("var(--accent)", "circle"),
    "flagged": ("var(--late)", "triangle"),
    "repeat": ("var(--wrong)", "diamond"),
}


def curve_option(found: PlateCurve) -> Option:
    """Net MFI over concentration, both in decades: curves, points, limits."""
    series = [
        line(_("our fit"), found.fit, found.standards, "solid", "var(--accent)"),
        line(
            _("instrument's curve"),
            found.instrument,
            found.standards,
            "dashed",
            "var(--question)",
        ),
        dots(_("specimens"), found.specimens, "circle", "var(--ink-quiet)", 3),
        dots(_("standards"), drawn(found.standards), "circle", "var(--accent)", 8),
        crossed(found.standards),
        dots(_("controls"), drawn(found.controls), "triangle", "var(--late)", 10),
    ]
    if found.fit:
        series[0]["markLine"] = limits_of(found.fit)
    return {
        "legend": {"bottom": 0, "textStyle": {"color": "var(--ink)"}},
        "grid": {"left": 64, "right": 24, "top": 24, "bottom": 84},
        "xAxis": {"type": "log", "name": "pg/mL"},
        "yAxis": {"type": "log", "name": _("Net MFI"), "nameGap": 44},
        "series": [one for one in series if one.get("data")],
    }


def line(
    name: str, curve: Any, standards: list[Point], dash: str, colour: str
) -> Option:
    if curve is None or not standards:
        return {}
    levels = [point.expected_pg_ml for point in standards if point.expected_pg_ml > 0]
    if not levels:
        return {}
    x = np.geomspace(min(levels) / 2, max(levels) * 2, STEPS)
    y = response_at(curve.coefficients, x)
    return {
        "type": "line",
        "name": name,
        "showSymbol": False,
        "silent": True,
        "lineStyle": {"type": dash, "color": colour, "width": 1.5},
        "itemStyle": {"color": colour},
        "data": [
            [float(f"{a:.4g}"), float(f"{b:.4g}")]
            for a, b in zip(x.tolist(), y.tolist(), strict=True)
            if b > 0
        ],
    }


def limits_of(curve: Curve) -> Option:
    """Upright lines where the curve may be read from and to."""
    named = ((_("LLOQ"), curve.lloq), (_("ULOQ"), curve.uloq))
    return {
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": "var(--ink-quiet)", "type": "dotted", "width": 1.5},
        "label": {"color": "var(--ink-quiet)", "formatter": "{b}"},
        "data": [{"name": name, "xAxis": x} for name, x in named if x is not None],
    }


def drawn(points: list[Point]) -> list[tuple[float, float]]:
    """What a scale of decades can show: blanks and wells without signal stand in the
    table only."""
    return [
        (point.expected_pg_ml, point.net_mfi)
        for point in points
        if not point.excluded and point.expected_pg_ml > 0 and point.net_mfi > 0
    ]


def dots(
    name: str, points: list[tuple[float, float]], symbol: str, colour: str, size: int
) -> Option:
    return {
        "type": "scatter",
        "name": name,
        "symbol": symbol,
        "symbolSize": size,
        "itemStyle": {"color": colour},
        "data": [[float(f"{x:.4g}"), y] for x, y in points if y > 0],
    }


def crossed(points: list[Point]) -> Option:
    out = [
        (point.expected_pg_ml, point.net_mfi)
        for point in points
        if point.excluded and point.expected_pg_ml > 0 and point.net_mfi > 0
    ]
    made = dots(_("excluded"), out, CROSS, "transparent", 9)
    made["itemStyle"] |= {"borderColor": "var(--wrong)", "borderWidth": 2}
    return made


def recovery_option(found: PlateCurve) -> Option:
    """What each standard is recovered as, with the limits as lines."""
    low, high = found.limits
    points = [
        (point.expected_pg_ml, round(point.recovery, 1))
        for point in found.standards
        if point.recovery is not None and not point.excluded
    ]
    made = dots(_("standards"), points, "circle", "var(--accent)", 7)
    made["markLine"] = {
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": "var(--ink-quiet)", "type": "dashed"},
        "label": {"color": "var(--ink-quiet)", "formatter": "{c} %"},
        "data": [{"yAxis": low}, {"yAxis": 100}, {"yAxis": high}],
    }
    return {
        "grid": {"left": 64, "right": 56, "top": 16, "bottom": 44},
        "xAxis": {"type": "log", "name": "pg/mL"},
        "yAxis": {"type": "value", "name": "%", "scale": True, "nameGap": 40},
        "series": [made],
    }


def duplicates_option(groups: list[Duplicates]) -> Option:
    """One upright line a pair, from its lowest to its highest well."""
    shown = [group for group in groups if len(group.values) > 1]
    series: list[Option] = []
    for verdict, (colour, symbol) in VERDICTS.items():
        own = [(i, g) for i, g in enumerate(shown) if g.verdict == verdict]
        series += [
            {
                "type": "interval",
                "name": word_of(verdict),
                "color": colour,
                "itemStyle": {"color": colour},
                "data": [[i, min(g.values), max(g.values)] for i, g in own],
            },
            {
                "type": "scatter",
                "name": word_of(verdict),
                "symbol": symbol,
                "symbolSize": 7,
                "itemStyle": {"color": colour},
                "data": [[i, value] for i, g in own for value in g.values],
            },
        ]
    return {
        "legend": {"top": 0, "textStyle": {"color": "var(--ink)"}},
        "grid": {"left": 64, "right": 16, "top": 36, "bottom": 92},
        "xAxis": {
            "type": "category",
            "data": [group.name for group in shown],
            "axisLabel": {"rotate": 90, "interval": 0, "fontSize": 10},
        },
        "yAxis": {"type": "log", "name": "pg/mL", "nameGap": 44},
        "series": [one for one in series if one["data"]],
    }


def word_of(verdict: str) -> str:
    return {
        "passes": _("up to 15 %"),
        "flagged": _("15 to 25 %, flagged"),
        "repeat": _("above 25 %, to be repeated"),
        "none": _("no two numbers"),
    }[verdict]
