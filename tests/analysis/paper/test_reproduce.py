"""Every printed number has one verdict, and what cannot be known is not invented."""

import json
import math

import pytest

from analysis.paper import Reproduction, reproduce
from analysis.paper.verdicts import Comparison, Verdict


@pytest.fixture(scope="module")
def found() -> Reproduction:
    return reproduce()


def at(found: Reproduction, where: str, item: str) -> Comparison:
    (one,) = (c for c in found.comparisons if (c.where, c.item) == (where, item))
    return one


def test_disagreements_come_first(found: Reproduction) -> None:
    order = list(Verdict)
    places = [order.index(comparison.verdict) for comparison in found.comparisons]
    assert places == sorted(places)
    assert found.comparisons[0].verdict is Verdict.CONTRADICTED


def test_no_number_is_judged_twice(found: Reproduction) -> None:
    places = [(c.where, c.item) for c in found.comparisons]
    assert len(places) == len(set(places))


def test_every_inconsistency_shows_in_a_verdict(found: Reproduction) -> None:
    refused = {Verdict.CONTRADICTED, Verdict.OUTSIDE}
    for finding in found.findings:
        assert at(found, finding.where, finding.item).verdict in refused


@pytest.mark.parametrize(
    ("where", "item", "verdict"),
    [
        ("table 1, male", "chi-square", Verdict.EQUAL),
        ("table 1, age", "p", Verdict.INSIDE),
        ("table 1, body mass index", "t", Verdict.INSIDE),
        ("table 1, body mass index", "p", Verdict.CONTRADICTED),
        ("table 1, duration of illness", "t", Verdict.OUTSIDE),
        ("table 1, VAS at baseline", "total SD", Verdict.INSIDE),
        ("table 1, response at day 13", "p", Verdict.EQUAL),
        ("results, efficacy", "MADRS time, F", Verdict.NOT_COMPUTABLE),
        ("results, efficacy", "MADRS group, p", Verdict.INSIDE),
        ("results, regressions", "IL-6 on MADRS, day 13, beta", Verdict.NOT_COMPUTABLE),
        ("results, regressions", "IL-6 on MADRS, day 13, p", Verdict.EQUAL),
        ("table 2, TNF-α, day 13, pain", "t", Verdict.NOT_COMPUTABLE),
        ("table 2, TNF-α, day 13, pain", "p", Verdict.EQUAL),
        ("table 2, MIP-1β, day 26, pain", "p", Verdict.INSIDE),
        ("discussion", "infusions with pain reported, percent", Verdict.EQUAL),
    ],
)
def test_known_numbers_get_their_verdict(
    found: Reproduction, where: str, item: str, verdict: Verdict
) -> None:
    assert at(found, where, item).verdict is verdict


def test_what_is_not_computable_has_no_number_and_says_what_it_needs(
    found: Reproduction,
) -> None:
    for comparison in found.comparisons:
        if comparison.verdict is Verdict.NOT_COMPUTABLE:
            assert comparison.recomputed is None
            assert comparison.reason.startswith("needs ")


def test_only_a_suspicion_is_voiced_where_summaries_do_not_decide(
    found: Reproduction,
) -> None:
    suspect = at(found, "results, efficacy", "VAS group, F")
    assert suspect.verdict is Verdict.NOT_COMPUTABLE
    assert "about 157" in suspect.reason


def test_inside_always_shows_its_range(found: Reproduction) -> None:
    for comparison in found.comparisons:
        if comparison.verdict is Verdict.INSIDE:
            assert comparison.possible is not None
            assert str(comparison.possible) in comparison.reason


def test_counts_are_of_all_numbers(found: Reproduction) -> None:
    assert sum(found.counts.values()) == len(found.comparisons)
    assert 0 < found.n_built_in < found.counts[Verdict.EQUAL]


def test_the_document_is_plain_and_the_same_every_time(found: Reproduction) -> None:
    text = json.dumps(found.to_dict(), allow_nan=False)
    assert text == json.dumps(reproduce().to_dict(), allow_nan=False)
    for comparison in found.comparisons:
        assert comparison.recomputed is None or math.isfinite(comparison.recomputed)
