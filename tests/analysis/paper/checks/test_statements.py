"""What the text says is held against the tables and against what it says elsewhere."""

from dataclasses import replace

from analysis.paper.checks.cytokines import standard_errors
from analysis.paper.checks.statements import (
    fall_as_in_table,
    greater_in_pain,
    list_and_rest,
    percent_as_in_table,
    percent_of_count,
    route_as_in_numbers,
    said_alike,
)
from analysis.paper.findings import Rule
from analysis.paper.printed import Printed
from analysis.paper.prose import (
    MEDIATION,
    CountClaim,
    FallClaim,
    Listed,
    MeanClaim,
    PercentClaim,
    RouteClaim,
    Said,
)
from analysis.paper.table1 import DF, count_row, mean_row
from analysis.paper.table2 import CHANGES, change

ERRORS = standard_errors(CHANGES)


def test_greater_is_judged_by_the_means_of_the_table() -> None:
    claim = MeanClaim("education_years", "here", significant=True)
    (finding,) = greater_in_pain(claim, mean_row("education_years"), DF)
    assert finding.rule is Rule.STATEMENT_AND_TABLE
    turned = replace(
        mean_row("education_years"),
        no_pain=mean_row("education_years").pain,
        pain=mean_row("education_years").no_pain,
    )
    assert not list(greater_in_pain(claim, turned, DF))


def test_significantly_greater_is_judged_by_the_t_of_the_table() -> None:
    row = mean_row("bmi_kg_m2")
    tested = MeanClaim("bmi_kg_m2", "here", significant=True)
    assert [f.item for f in greater_in_pain(tested, row, DF)] == ["body mass index"]
    assert not list(greater_in_pain(replace(tested, significant=False), row, DF))


def test_a_percentage_repeated_is_that_of_the_table() -> None:
    row = count_row("response")
    claim = PercentClaim("response", "here", Printed("72.7"))
    assert not list(percent_as_in_table(claim, row))
    assert list(percent_as_in_table(replace(claim, percent=Printed("72.2")), row))


def test_a_count_in_the_text_has_the_percentage_beside_it() -> None:
    claim = CountClaim("infusions", "here", 76, 396, Printed("19.2"))
    assert not list(percent_of_count(claim))
    (finding,) = percent_of_count(replace(claim, percent=Printed("19.3")))
    assert finding.found == "76 of 396 is 19.19 %"


def test_a_fall_is_claimed_exactly_where_the_row_is_significant() -> None:
    named = FallClaim("here", "pain", 13, frozenset({"TNF-α"}))
    none = replace(named, analytes=frozenset())
    fell = change("TNF-α", 13, "pain")
    stayed = change("IL-10", 13, "pain")
    assert not list(fall_as_in_table(named, fell, ERRORS))
    assert not list(fall_as_in_table(named, stayed, ERRORS))
    (finding,) = fall_as_in_table(none, fell, ERRORS)
    assert finding.printed.startswith("said to be not below")


def test_a_fall_whose_printed_p_alone_is_small_is_found() -> None:
    claim = FallClaim("here", "pain", 13, frozenset({"IL-6"}))
    (finding,) = fall_as_in_table(claim, change("IL-6", 13, "pain"), ERRORS)
    assert "printed 0.043" in finding.found


def test_a_t_unlike_its_neighbours_leaves_the_printed_p_to_judge() -> None:
    claim = FallClaim("here", "pain", 26, frozenset({"IL-2"}))
    assert not list(fall_as_in_table(claim, change("IL-2", 26, "pain"), ERRORS))


def test_two_places_that_differ_on_one_thing_are_found() -> None:
    said = (Said("n", "methods", "5"), Said("n", "limits", "7"), Said("m", "x", "9"))
    (finding,) = said_alike(said)
    assert finding.where == "methods; limits"
    assert not list(said_alike((said[0], said[2])))


def test_a_list_and_its_rest_make_up_all() -> None:
    listed = Listed("higher", "here", 2, "levels", not_found=17)
    assert not list(list_and_rest(listed, 19))
    assert not list(list_and_rest(replace(listed, not_found=None), 19))
    assert list(list_and_rest(replace(listed, not_found=16), 19))


def test_the_route_said_to_matter_most_carries_most() -> None:
    assert not list(route_as_in_numbers(RouteClaim("here", "direct"), MEDIATION))
    (finding,) = route_as_in_numbers(RouteClaim("here", "indirect"), MEDIATION)
    assert "22%" in finding.found
