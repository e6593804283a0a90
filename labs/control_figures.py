"""Levey-Jennings charts as options: one control large, all of an analyte small."""

from typing import Any

from django.utils.translation import gettext as _

from labs.controls import Chart, Run

Option = dict[str, Any]
COLOURS = ("var(--accent)", "var(--question)", "var(--late)")
SYMBOLS = ("circle", "triangle", "rect")


def small(charts: list[Chart]) -> Option:
    """Every control of an analyte in its lot's range: -1 and 1 are its ends."""
    plates = [run.plate.pk for run in max(charts, key=lambda one: len(one.runs)).runs]
    return {
        "animation": False,
        "grid": {"left": 28, "right": 8, "top": 8, "bottom": 20},
        "xAxis": {
            "type": "category",
            "data": [str(number) for number in range(1, len(plates) + 1)],
        },
        "yAxis": {"type": "value", "min": -2, "max": 2, "interval": 1},
        "series": [
            {
                "type": "line",
                "name": chart.control,
                "symbol": SYMBOLS[place % 3],
                "symbolSize": 6,
                "color": COLOURS[place % 3],
                "data": [
                    [plates.index(run.plate.pk), bounded(run.in_range), run.rules]
                    for run in chart.runs
                    if run.in_range is not None and run.plate.pk in plates
                ],
                "markLine": edges() if not place else None,
            }
            for place, chart in enumerate(charts)
        ],
    }


def bounded(value: float | None) -> float | None:
    """A control far outside stands at the edge of the small picture."""
    return None if value is None else max(-2.0, min(2.0, value))


def edges() -> Option:
    look = {"color": "var(--wrong)", "type": "dashed", "width": 1}
    return {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": look,
        "data": [{"yAxis": -1}, {"yAxis": 1}],
    }


def large(chart: Chart) -> Option:
    """One control in pg/mL: lot range, own limits, rule breaks, changes of lot."""
    return {
        "xAxis": {
            "type": "category",
            "name": _("plate"),
            "data": [str(run.plate) for run in chart.runs],
            "axisLabel": {"show": len(chart.runs) <= 12, "interval": 0},
        },
        "yAxis": {"type": "value", "name": "pg/mL", **ends_of(chart)},
        "grid": {"left": 72, "right": 96, "top": 16, "bottom": 48},
        "series": [
            bound("low", [run.low for run in chart.runs]),
            bound("high", [run.high for run in chart.runs]),
            {
                "type": "line",
                "name": chart.control,
                "symbolSize": 8,
                "color": "var(--accent)",
                "data": [point(run) for run in chart.runs],
                "markLine": own_lines(chart),
            },
        ],
    }


def ends_of(chart: Chart) -> Option:
    """The axis holds every run, the lot's range and 3 SD on both sides."""
    ends = [run.mean for run in chart.runs]
    ends += [x for run in chart.runs for x in (run.low, run.high) if x is not None]
    if chart.limits:
        ends += [chart.limits.mean + side * 3 * chart.limits.sd for side in (-1, 1)]
    room = 0.05 * (max(ends) - min(ends))
    return {
        "min": float(f"{min(ends) - room:.3g}"),
        "max": float(f"{max(ends) + room:.3g}"),
    }


def point(run: Run) -> Option:
    """A break is another shape and colour; its rules stand in the label."""
    marks = [*run.rules, *([_("lot range")] if run.outside else [])]
    if not marks:
        return {"value": run.mean}
    return {
        "value": run.mean,
        "symbol": "diamond",
        "symbolSize": 12,
        "itemStyle": {"color": "var(--wrong)"},
        "label": {"show": True, "formatter": ", ".join(marks), "position": "top"},
    }


def bound(name: str, values: list[float | None]) -> Option:
    return {
        "type": "line",
        "name": _("lot range"),
        "id": name,
        "data": values,
        "step": "middle",
        "showSymbol": False,
        "silent": True,
        "lineStyle": {"color": "var(--wrong)", "type": "dashed", "width": 1},
        "endLabel": {"show": True, "formatter": _("lot range")},
    }


def own_lines(chart: Chart) -> Option:
    """Mean and 1 to 3 SD, dotted while provisional; a line where the lot changes."""
    data: list[Option] = [
        {
            "xAxis": place,
            "lineStyle": {"color": "var(--ink)", "type": "solid", "width": 1},
            "label": {"formatter": _("new lot")},
        }
        for place, run in enumerate(chart.runs)
        if run.new_lot
    ]
    own = chart.limits
    for sds in range(-3, 4) if own else ():
        assert own is not None
        data.append(
            {
                "yAxis": own.mean + sds * own.sd,
                "label": {"formatter": f"{sds:+d} SD" if sds else _("mean")},
            }
        )
    provisional = own is not None and own.provisional
    style = {"color": "var(--ink-quiet)", "type": "dotted" if provisional else "solid"}
    return {"silent": True, "symbol": "none", "data": data, "lineStyle": style}
