"""The results of a run without the groups, for whom the outcome by group is concealed.

Only sums over both groups: no part of a group can be told from them.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from analysis.models import AnalysisResult, Run
from analysis.plan import Course, Plan
from analysis.plans import PLANS
from analysis.sentences import endpoint_name, is_main, number
from analysis.titles import title_of


@dataclass(frozen=True)
class Pooled:
    """`endpoints` and `courses` as tables print them; `waiting` of them to come."""

    endpoints: list[dict[str, str]]
    courses: list[dict[str, Any]]
    waiting: int


def pooled(run: Run) -> Pooled:
    plan = PLANS[run.plan, run.plan_version]
    rows = list(run.results.select_related("job"))
    done = [(row, row.result) for row in rows if row.result is not None]
    main = [(row, result) for row, result in done if is_main(plan.analysis(row.code))]
    return Pooled(
        endpoints=[endpoint(r) for _row, r in main if r["kind"] == "by_pain_group"],
        courses=[course(plan, row, r) for row, r in main if r["kind"] == "course"],
        waiting=sum(row.shown_state == AnalysisResult.State.WAITING for row in rows),
    )


def endpoint(result: dict[str, Any]) -> dict[str, str]:
    n = sum(group["n"] for group in result["groups"])
    events = sum(group["events"] for group in result["groups"])
    return {
        "name": endpoint_name(result["endpoint"]),
        "counted": _("%(events)s of %(n)s") % {"events": events, "n": n},
        "percent": f"{number(100 * events / n if n else None)} %",
    }


def course(plan: Plan, row: AnalysisResult, result: dict[str, Any]) -> dict[str, Any]:
    analysis = plan.analysis(row.code)
    assert isinstance(analysis, Course)
    return {
        "title": title_of(analysis),
        "points": [
            {"label": _(point.label), **mean(result, point.visit)}
            for point in analysis.points
        ],
    }


def mean(result: dict[str, Any], visit: str) -> dict[str, str]:
    """The mean of everybody: the groups' means, weighted by their numbers."""
    groups = [m for m in result["means"] if m["visit"] == visit and m["n"]]
    n = sum(group["n"] for group in groups)
    total = sum(group["n"] * group["mean"] for group in groups)
    return {"n": str(n), "mean": number(total / n if n else None)}
