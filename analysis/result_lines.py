"""One line for each analysis of a run, whatever its kind."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from analysis.models import AnalysisResult
from analysis.plan import Plan
from analysis.sentences import number, p_value
from analysis.titles import title_of

Values = dict[str, Any]
# Estimates worth a place in a list; a model with more has them on its own.
MOST_TESTS = 4


@dataclass(frozen=True)
class TestLine:
    name: str
    statistic: str
    p: str
    adjusted: str


@dataclass(frozen=True)
class ResultLine:
    """`subset` is the pain group that it is about, `n` the rows used."""

    row: AnalysisResult
    title: str
    subset: str
    n: str
    tests: list[TestLine]
    notes: list[str]


def result_line(
    plan: Plan,
    row: AnalysisResult,
    result: Values | None,
    adjusted: dict[tuple[str, str], float | None],
) -> ResultLine:
    analysis = plan.analysis(row.code)
    subset = getattr(analysis, "subset", "")
    if result is None:
        return ResultLine(row, title_of(analysis), subset, "–", [], [])
    tests = [
        TestLine(
            test["name"],
            statistic(test),
            p_value(test["p"]),
            p_value(adjusted.get((row.code, test["name"]))) if test["family"] else "",
        )
        for test in result["tests"][:MOST_TESTS]
    ]
    return ResultLine(
        row, title_of(analysis), subset, str(result["n"] or "–"), tests, notes(result)
    )


def statistic(test: Values) -> str:
    """As journals print it: F(1, 64.2) = 4.06."""
    if test["value"] is None:
        return ""
    df = ", ".join(number(d, 0 if float(d).is_integer() else 1) for d in test["df"])
    inside = f"({df})" if df else ""
    return f"{test['statistic']}{inside} = {number(test['value'], 2)}"


def notes(result: Values) -> list[str]:
    """What a reader must know: why it is improper, not converged, warned of."""
    said = [_(result["improper"])] if result["improper"] else []
    if not result["converged"]:
        said.append(_("The model has not converged."))
    return said + [warning["message"] for warning in result["warnings"]]
