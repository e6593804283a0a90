import dataclasses
from collections import Counter

import pytest

from analysis.plan import (
    Analysis,
    ByPainGroup,
    Comparison,
    Course,
    Description,
    MixedModel,
    Plan,
    Regression,
)
from analysis.plan.rules import broken_rules
from analysis.plan.text import differences, sha256_of_plan
from analysis.plans import CURRENT, PLANS
from analysis.plans.parts import REMISSION, RESPONSE
from analysis.plans.prospective import PROSPECTIVE
from analysis.plans.published import PUBLISHED
from assessments.instruments import INSTRUMENTS
from labs.analytes import ANALYTES
from trial.protocols import CURRENT as PROTOCOL


def test_a_plan_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        PUBLISHED.alpha = 0.1  # type: ignore[misc]


def test_the_first_lines_of_the_published_plan() -> None:
    assert (RESPONSE.visit, RESPONSE.rule, RESPONSE.threshold) == (
        "day13",
        "reduced_by",
        0.5,
    )
    assert (REMISSION.visit, REMISSION.rule, REMISSION.threshold) == (
        "day13",
        "at_most",
        10,
    )
    assert PUBLISHED.population.least_infusions == 6


def kinds(plan: Plan) -> Counter[str]:
    return Counter(type(analysis).__name__ for analysis in plan.analyses)


def test_the_published_plan_has_what_the_paper_did() -> None:
    assert kinds(PUBLISHED) == {
        "Comparison": 8,
        "CrossTable": 7,
        "ByPainGroup": 2,
        "Description": 1,
        "Course": 5,
        "MixedModel": 24,
        "Filling": 1,
        "Mancova": 1,
        "Regression": 114,
        "Mediation": 1,
    }
    assert PUBLISHED.looks is None


def test_the_prospective_plan_has_its_sensitivities() -> None:
    found = kinds(PROSPECTIVE)
    assert (found["BelowLimit"], found["Survival"], found["Mediation"]) == (19, 2, 2)
    rules = [a.rule for a in PROSPECTIVE.analyses if isinstance(a, ByPainGroup)]
    assert {rule.vas_mm_above for rule in rules if rule} == {0, 9, 29}
    assert PROSPECTIVE.looks is not None


@pytest.mark.parametrize("plan", PLANS.values(), ids=lambda plan: plan.code)
def test_no_plan_breaks_its_own_rules(plan: Plan) -> None:
    assert broken_rules(plan) == []


def with_(*more: Analysis, plan: Plan = PROSPECTIVE) -> list[str]:
    return broken_rules(dataclasses.replace(plan, analyses=(*plan.analyses, *more)))


def test_a_test_between_groups_of_what_is_zero_by_definition_is_refused() -> None:
    asked = Comparison(code="x", title="x", column="vas_baseline")
    for plan in (PROSPECTIVE, PUBLISHED):
        (sentence,) = with_(asked, plan=plan)
        assert "vas_baseline is 0 in one group by the definition" in sentence


def test_a_covariate_that_the_plan_does_not_name_is_refused() -> None:
    (sentence,) = with_(
        Regression(
            code="x",
            title="x",
            formula="madrs_day13 ~ group + illness_months",
            term="group[T.pain]",
        )
    )
    assert "illness_months is not among the covariates" in sentence


def test_one_covariance_of_a_pain_scale_for_both_groups_is_refused() -> None:
    model = MixedModel(
        code="x",
        title="x",
        measure="vas",
        visits=("baseline", "day13"),
        formula="vas ~ group * visit",
        repeated="unstructured",
    )
    assert "one covariance for both groups is refused" in with_(model)[0]


def test_a_baseline_on_both_sides_and_a_log_of_logs_are_refused() -> None:
    model = MixedModel(
        code="x",
        title="x",
        measure="TNF",
        visits=("baseline", "day13"),
        formula="TNF ~ group * visit + TNF_baseline",
        random="1",
    )
    assert "covariate and response at once" in with_(model)[0]
    twice = Regression(
        code="y", title="y", formula="log(TNF_day13) ~ group", term="group[T.pain]"
    )
    assert "logarithms" in with_(twice)[0]


@pytest.mark.parametrize(
    "formula",
    [
        "madrs_day13 ~ __import__('os').system('true')",
        "madrs_day13 ~ np.log(age)",
        "madrs_day13 ~ age ** 2",
        "madrs_day13 ~ I(age)",
        "madrs_day13 ~ age[0]",
        "madrs_day13 ~ Q('age')",
        "madrs_day13 ~ age; age",
        "madrs_day13 ~ bs(age, 3)",
        "madrs_day13 ~ lambda",
    ],
)
def test_a_formula_that_says_more_than_the_language_is_refused(formula: str) -> None:
    asked = Regression(code="x", title="x", formula=formula, term="age")
    with pytest.raises(ValueError, match="formula"):
        with_(asked)


def test_an_unknown_column_population_or_family_is_named() -> None:
    asked = Description(
        code="x", title="x", columns=("shoe_size",), population="all", family="none"
    )
    assert with_(asked) == [
        "x names no population of the plan.",
        "x names no family of the plan.",
        "x: there is no column shoe_size.",
    ]


def test_a_change_of_one_letter_changes_the_hash_and_is_shown() -> None:
    later = dataclasses.replace(PUBLISHED, version="1.1", alpha=0.01)
    assert sha256_of_plan(later) != sha256_of_plan(PUBLISHED)
    assert differences(PUBLISHED, later) == [
        ("-", '"alpha": 0.05,'),
        ("+", '"alpha": 0.01,'),
        ("-", '"version": "1.0"'),
        ("+", '"version": "1.1"'),
    ]


def test_codes_of_analyses_are_unique_in_every_plan() -> None:
    for plan in PLANS.values():
        codes = [analysis.code for analysis in plan.analyses]
        assert len(codes) == len(set(codes))


def test_every_current_plan_is_kept_under_its_version() -> None:
    for plan in CURRENT.values():
        assert PLANS[plan.code, plan.version] is plan


def test_a_plan_names_only_visits_and_totals_that_exist() -> None:
    visits = {visit.code for visit in PROTOCOL.visit_types}
    for plan in PLANS.values():
        assert {visit for _arm, visit in plan.collection.last_visits} <= visits
        for scale in plan.scales:
            totals = {total.code for total in INSTRUMENTS[scale.instrument].totals}
            assert scale.measure in totals
        for analysis in plan.analyses:
            if isinstance(analysis, ByPainGroup):
                assert analysis.endpoint.visit in visits
            elif isinstance(analysis, Course):
                assert {point.visit for point in analysis.points} <= visits


def test_the_analytes_of_a_plan_are_those_of_the_laboratory() -> None:
    assert [code for code, _name in PUBLISHED.assay.analytes] == [
        code for code, _name, _spellings in ANALYTES
    ]


def test_the_pain_rule_reads_items_of_the_sheet_it_names() -> None:
    source = PUBLISHED.pain
    items = {item.code for item in INSTRUMENTS[source.instrument].items}
    assert {source.vas_mm, source.ppi, *source.descriptors} == items


def test_an_unknown_analysis_is_named() -> None:
    with pytest.raises(KeyError, match=r"published 1\.0 has no analysis anova"):
        PUBLISHED.analysis("anova")
