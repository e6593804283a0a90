"""Rows of Table 2: p from t by Bonferroni, t against the rows alike."""

from dataclasses import replace

import pytest

from analysis.paper.checks.cytokines import (
    StandardErrors,
    adjusted_p,
    allowance,
    p_against_t,
    p_range,
    se_against_rows_alike,
    se_range,
    standard_errors,
    t_needed,
    usable_se,
)
from analysis.paper.findings import Rule
from analysis.paper.printed import Printed
from analysis.paper.table2 import CHANGES, Change, Group

PAIN: Group = "pain"


def row(day: int, mean: str, t: str, p: str, analyte: str = "IL-6") -> Change:
    return Change(
        analyte, day, PAIN, Printed(mean), Printed("0.30"), Printed(t), Printed(p)
    )


# Baseline 1.20 and a standard error of 0.05: t 2.000 at 1.10 and 4.000 at 1.00.
EARLY, LATE = row(13, "1.10", "2.000", "0.143"), row(26, "1.00", "4.000", "<0.001")
ERRORS = StandardErrors(least=0.04, middle=0.05)


def test_p_is_multiplied_by_three_and_ends_at_one() -> None:
    # R has 0.0476 for the two-sided p of 2 on 128 df.
    assert adjusted_p(2.0) == pytest.approx(0.1429, abs=1e-4)
    assert adjusted_p(0.5) == 1.0


def test_the_t_that_a_p_needs_gives_that_p_back() -> None:
    needed = t_needed(Printed("0.005"))
    assert adjusted_p(needed.low) == pytest.approx(0.0055)
    assert adjusted_p(needed.high) == pytest.approx(0.0045)
    assert t_needed(Printed("<0.001")).high == float("inf")
    assert t_needed(Printed("1.000")).low == 0.0


def test_a_t_may_be_off_by_the_rounding_of_difference_and_error() -> None:
    assert allowance(3.0, 0.05) == pytest.approx(0.04)
    assert allowance(-3.0, 0.05) == pytest.approx(0.04)


def test_a_p_of_its_t_is_left_alone() -> None:
    assert not list(p_against_t(EARLY, 0.05))
    assert not list(p_against_t(LATE, 0.05))


def test_a_p_within_the_allowance_is_left_alone_and_beyond_it_is_found() -> None:
    # |t| 2.000 may be 1.970 to 2.030, whose p are 0.1530 and 0.1333.
    assert not list(p_against_t(replace(EARLY, p=Printed("0.152")), 0.05))
    (finding,) = p_against_t(replace(EARLY, p=Printed("0.160")), 0.05)
    assert finding.rule is Rule.P_AND_T
    possible = p_range(EARLY, 0.05)
    assert possible.low == pytest.approx(0.1332, abs=5e-4)
    assert possible.high == pytest.approx(0.1532, abs=5e-4)


def test_a_bound_on_p_that_t_does_not_reach_is_found() -> None:
    (finding,) = p_against_t(replace(LATE, t=Printed("0.400")), 0.05)
    assert "or more" in finding.found


def test_two_days_of_one_row_imply_a_standard_error() -> None:
    found = se_range(EARLY, LATE)
    assert found is not None
    assert found.low == pytest.approx(0.045)
    assert found.high == pytest.approx(0.055)


def test_means_alike_leave_the_standard_error_open() -> None:
    assert se_range(EARLY, replace(LATE, mean=Printed("1.10"))) is None
    assert se_range(EARLY, replace(LATE, t=EARLY.t)) is None


def test_a_row_unlike_the_others_is_found_at_the_t_that_its_p_denies() -> None:
    assert not list(se_against_rows_alike(EARLY, LATE, ERRORS))
    slipped = replace(LATE, t=Printed("2.200"), p=Printed("<0.001"))
    (finding,) = se_against_rows_alike(EARLY, slipped, ERRORS)
    assert finding.rule is Rule.SE_OF_ROWS
    assert finding.where == "table 2, IL-6, day 26, pain"


def test_the_first_day_is_named_where_its_own_p_denies_its_t() -> None:
    early = replace(EARLY, t=Printed("3.900"), p=Printed("0.143"))
    (finding,) = se_against_rows_alike(early, LATE, ERRORS)
    assert finding.where == "table 2, IL-6, day 13, pain"


def test_standard_errors_of_the_printed_table_lie_about_a_twentieth() -> None:
    errors = standard_errors(CHANGES)
    assert errors.least == pytest.approx(0.0301, abs=1e-4)
    assert errors.middle == pytest.approx(0.046, abs=1e-3)


def test_a_row_that_tells_no_error_is_lent_the_smallest() -> None:
    errors = standard_errors(CHANGES)
    by_place = {change.where: change for change in CHANGES}
    open_row = by_place["table 2, MIP-1β, day 26, no pain"]
    odd_row = by_place["table 2, IL-2, day 26, pain"]
    assert usable_se(open_row, errors) == errors.least
    assert usable_se(odd_row, errors) == errors.least
