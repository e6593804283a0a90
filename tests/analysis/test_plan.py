import dataclasses

import pytest

from analysis.plan import ByPainGroup, Course
from analysis.plans import CURRENT, PLANS
from analysis.plans.published import PUBLISHED, REMISSION, RESPONSE
from assessments.instruments import INSTRUMENTS
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
    assert [a.code for a in PUBLISHED.analyses] == [
        "response_by_pain",
        "remission_by_pain",
        "madrs_course",
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
        assert set(plan.collection.last_visits.values()) <= visits
        for analysis in plan.analyses:
            if isinstance(analysis, ByPainGroup):
                scale, named = analysis.endpoint.scale, {analysis.endpoint.visit}
            else:
                assert isinstance(analysis, Course)
                scale, named = analysis.scale, {p.visit for p in analysis.points}
            totals = {total.code for total in INSTRUMENTS[scale.instrument].totals}
            assert named <= visits
            assert scale.measure in totals


def test_the_pain_rule_reads_items_of_the_sheet_it_names() -> None:
    source = PUBLISHED.pain
    items = {item.code for item in INSTRUMENTS[source.instrument].items}
    assert {source.vas_mm, source.ppi, *source.descriptors} == items


def test_an_unknown_analysis_is_named() -> None:
    with pytest.raises(KeyError, match=r"published 1\.0 has no analysis anova"):
        PUBLISHED.analysis("anova")
