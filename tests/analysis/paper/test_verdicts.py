"""Five verdicts: which one a number gets, and that contradictions come first."""

from analysis.paper.findings import Finding, Rule
from analysis.paper.printed import Printed, Range
from analysis.paper.verdicts import Judge, Verdict

UNTROUBLED = Judge(())


def judge(rule: Rule) -> Judge:
    return Judge([Finding("table 1", "t", rule, "t 2.0", "it is 3.0")])


def test_the_same_printed_digits_are_equal() -> None:
    found = UNTROUBLED.number("table 1", "t", Printed("2.0"), 2.04)
    assert found.verdict is Verdict.EQUAL


def test_other_digits_that_rounding_allows_are_inside_and_show_the_range() -> None:
    found = UNTROUBLED.number("table 1", "t", Printed("2.0"), 2.2, Range(1.9, 2.5))
    assert found.verdict is Verdict.INSIDE
    assert "1.9 to 2.5" in found.reason


def test_other_digits_that_rounding_does_not_allow_are_outside() -> None:
    found = UNTROUBLED.number("table 1", "t", Printed("2.0"), 2.2, Range(2.1, 2.5))
    assert found.verdict is Verdict.OUTSIDE


def test_other_digits_from_exact_inputs_are_outside() -> None:
    found = UNTROUBLED.number("table 1", "t", Printed("2.0"), 2.2)
    assert found.verdict is Verdict.OUTSIDE


def test_a_range_alone_is_equal_only_where_all_of_it_prints_so() -> None:
    tight, wide = Range(1.96, 2.04), Range(1.90, 2.04)
    for possible, verdict in ((tight, Verdict.EQUAL), (wide, Verdict.INSIDE)):
        found = UNTROUBLED.number("x", "p", Printed("2.0"), None, possible)
        assert found.verdict is verdict


def test_two_printed_numbers_that_disagree_are_a_contradiction() -> None:
    found = judge(Rule.P_AND_T).number("table 1", "t", Printed("2.0"), 2.0)
    assert found.verdict is Verdict.CONTRADICTED
    assert "it is 3.0" in found.reason


def test_a_number_recomputed_from_others_is_outside_and_not_contradicted() -> None:
    found = judge(Rule.T_AND_MEANS).number("table 1", "t", Printed("2.0"), 3.0)
    assert found.verdict is Verdict.OUTSIDE


def test_what_summaries_cannot_give_says_what_it_needs() -> None:
    found = UNTROUBLED.uncomputable("x", "F", "12.7", "every rating")
    assert found.verdict is Verdict.NOT_COMPUTABLE
    assert found.recomputed is None
    assert found.reason == "needs every rating"


def test_a_contradiction_about_an_uncomputable_number_is_told() -> None:
    found = judge(Rule.P_AND_T).uncomputable("table 1", "t", "2.0", "every rating")
    assert found.verdict is Verdict.CONTRADICTED


def test_a_statement_holds_unless_a_check_denies_it() -> None:
    assert UNTROUBLED.statement("x", "y", "lower").verdict is Verdict.EQUAL
    denied = judge(Rule.STATEMENTS).statement("table 1", "t", "lower")
    assert denied.verdict is Verdict.CONTRADICTED
