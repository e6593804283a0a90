"""The two plans side by side over one cut, and why they disagree where they do."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, conceals, refuse_concealed, require
from analysis.models import DataCut
from analysis.plans import CURRENT
from analysis.plans.pairs import PAIRS, Pair
from analysis.sentences import p_value

Results = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Beside:
    """`agree` is None where one of the two is not there."""

    question: str
    published: str
    prospective: str
    agree: bool | None
    why: str


def beside(
    pair: Pair, published: Results, prospective: Results, alpha: float
) -> Beside:
    """They disagree where one p is below the level of the plans and one is not."""
    first = p_of(published, *pair.published)
    second = p_of(prospective, *pair.prospective)
    agree = None
    if first is not None and second is not None:
        agree = (first < alpha) == (second < alpha)
    return Beside(
        question=_(pair.question) % dict(pair.named),
        published=p_value(first),
        prospective=p_value(second),
        agree=agree,
        why=_(pair.why) if agree is False else "",
    )


def p_of(results: Results, code: str, test: str) -> float | None:
    for row in results.get(code, {}).get("tests", ()):
        if row["name"] == test:
            found: float | None = row["p"]
            return found
    return None


@require_GET
def plans_beside(request: PersonRequest, pk: int) -> HttpResponse:
    """Disagreements first. What was not run over this cut has a dash."""
    require(request, "result.view")
    cut = get_object_or_404(DataCut, pk=pk)
    if conceals(request, "results_by_group", None):
        refuse_concealed("results_by_group")
    results = (results_of(cut, "published"), results_of(cut, "prospective"))
    alpha = CURRENT["prospective"].alpha
    lines = [beside(pair, *results, alpha) for pair in PAIRS]
    lines.sort(key=lambda line: line.agree is not False)
    context = {"cut": cut, "lines": lines, "alpha": alpha}
    return render(request, "analysis/beside.html", context)


def results_of(cut: DataCut, plan: str) -> Results:
    run = cut.runs.filter(plan=plan).first()
    if run is None:
        return {}
    return {row.code: row.result for row in run.results.all() if row.result}
