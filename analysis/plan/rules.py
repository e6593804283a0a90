"""What no plan may ask for: its refusals, applied to its own analyses.

The published plan is reproduced with what was wrong with it: an analysis that says
`improper` is not held to the rules on covariates and baselines.
"""

from collections import Counter
from collections.abc import Iterator

from analysis.plan import (
    Analysis,
    Comparison,
    Course,
    Description,
    MixedModel,
    Plan,
    Regression,
    Survival,
)
from analysis.statistics.formula import parse_formula

# What every table of `analysis.run` has beside the columns of the plan.
ALWAYS = frozenset({"group", "visit", "participant", "plate", "sex"})
BASELINE_COLUMNS = frozenset(
    {
        "age",
        "male",
        "education_years",
        "employed",
        "bmi",
        "illness_months",
        "psychiatric_comorbidity",
        "family_history",
        "antidepressant_dose_mg_day",
        "antipsychotic",
        "mood_stabiliser",
        "benzodiazepine",
    }
)


def broken_rules(plan: Plan) -> list[str]:
    """What is wrong with a plan, in sentences; empty for one that may be run."""
    return [
        *_unknown_codes(plan),
        *(
            f"{analysis.code}: {sentence}"
            for analysis in plan.analyses
            for sentence in _of_analysis(plan, analysis)
        ),
    ]


def _unknown_codes(plan: Plan) -> Iterator[str]:
    for code, n in Counter(a.code for a in plan.analyses).items():
        if n > 1:
            yield f"the code {code} is given to {n} analyses."
    populations = {"", *(one.code for one in plan.populations)}
    families = {"", *(one.code for one in plan.families)}
    for analysis in plan.analyses:
        if analysis.population not in populations:
            yield f"{analysis.code} names no population of the plan."
        if analysis.family not in families:
            yield f"{analysis.code} names no family of the plan."
    if plan.looks and plan.looks.analysis not in {a.code for a in plan.analyses}:
        yield f"the looks name {plan.looks.analysis}, which is no analysis of the plan."


def _of_analysis(plan: Plan, analysis: Analysis) -> Iterator[str]:
    columns, outcome = set(_columns(analysis)), _outcome(analysis)
    unknown = sorted(columns - ALWAYS - known_columns(plan))
    if unknown:
        yield f"there is no column {unknown[0]}."
    zero = {f"{s.code}_baseline" for s in plan.scales if s.zero_without_pain}
    if isinstance(analysis, Comparison) and analysis.column in zero:
        yield (
            f"{analysis.column} is 0 in one group by the definition of the group: a "
            "test between groups is refused."
        )
    if analysis.improper or plan.code == "published":
        return
    if isinstance(analysis, MixedModel):
        yield from _of_model(plan, analysis)
    if "log(" in _text(analysis) or "log10(" in _text(analysis):
        yield (
            "the formula takes a logarithm of levels that are logarithms; log of 0 is "
            "refused before."
        )
    named = {*plan.covariates, f"{outcome}_baseline", outcome}
    chosen = sorted((columns & BASELINE_COLUMNS) - named)
    if chosen and isinstance(analysis, MixedModel | Regression | Survival):
        yield (
            f"{chosen[0]} is not among the covariates that the plan names before the "
            "data; a choice by a test is refused."
        )


def _of_model(plan: Plan, model: MixedModel) -> Iterator[str]:
    zero = {scale.code for scale in plan.scales if scale.zero_without_pain}
    if model.measure in zero and model.subset != "pain":
        yield (
            f"{model.measure} does not vary at baseline without pain: one covariance "
            "for both groups is refused."
        )
    if "baseline" in model.visits and f"{model.measure}_baseline" in _text(model):
        yield "the baseline is covariate and response at once, which is refused."
    if bool(model.repeated) == bool(model.random):
        yield "give either random effects or a covariance over visits."


def known_columns(plan: Plan) -> frozenset[str]:
    """Every column that an analysis of the plan may name."""
    visits = [visit for visit in _visits(plan) if visit != "baseline"]
    found = set(BASELINE_COLUMNS)
    measures = [scale.code for scale in plan.scales]
    measures += [code for code, _name in plan.assay.analytes]
    for measure in measures:
        found |= {measure, f"{measure}_baseline"}
        for visit in visits:
            found |= {f"{measure}_{visit}", f"{measure}_change_{visit}"}
    for analysis in plan.analyses:
        if hasattr(analysis, "endpoint"):
            found.add(f"days_to_{analysis.endpoint.code}")
    return frozenset(found)


def _visits(plan: Plan) -> list[str]:
    courses = [a for a in plan.analyses if isinstance(a, Course)]
    return sorted({p.visit for a in courses for p in a.points} | set(plan.assay.visits))


def _text(analysis: Analysis) -> str:
    return str(getattr(analysis, "formula", "") or getattr(analysis, "cox", ""))


def _outcome(analysis: Analysis) -> str:
    text = _text(analysis)
    return text.partition("~")[0].strip().split("_")[0]


def _columns(analysis: Analysis) -> Iterator[str]:
    text = _text(analysis)
    if text:
        yield from parse_formula(text, outcome=not text.startswith("~")).columns
    if isinstance(analysis, Description):
        yield from analysis.columns
    for name in ("column", "x", "m", "y"):
        if hasattr(analysis, name):
            yield getattr(analysis, name)
    yield from getattr(analysis, "covariates", ())
