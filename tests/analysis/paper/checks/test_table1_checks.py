"""Each rule of Table 1 on small numbers: silent where they agree, named where not."""

from dataclasses import replace

from analysis.paper.checks.table1 import (
    NOUGHT,
    chi2_against_counts,
    counts_add_up,
    p_against_chi2,
    p_against_t,
    percentages_against_counts,
    rounded,
    t_against_means,
    total_against_groups,
)
from analysis.paper.findings import Rule
from analysis.paper.printed import Printed
from analysis.paper.table1 import CountRow, Mean, MeanRow, Share, Statistic


def mean(text: str, sd: str) -> Mean:
    return Mean(Printed(text), Printed(sd))


def share(count: int, percent: str) -> Share:
    return Share(count, Printed(percent))


# Two groups of 10. t = 2 / (2 sqrt(2 / 10)) = 2.236, p on 18 df 0.038.
ROW = MeanRow(
    "score",
    "score",
    mean("11.0", "2.2"),
    mean("12.0", "2.0"),
    mean("10.0", "2.0"),
    Statistic(Printed("2.236"), Printed("0.038")),
    0,
    60,
)
# 2 of 10 against 7 of 10: Pearson 5.051 (p 0.025), Yates 3.232 (0.072), Fisher 0.070.
COUNTED = CountRow(
    "event",
    "event",
    share(9, "45.0"),
    share(2, "20.0"),
    share(7, "70.0"),
    Statistic(Printed("5.051"), Printed("0.025")),
)


def test_a_p_that_belongs_to_its_t_is_left_alone() -> None:
    assert not list(p_against_t("here", ROW.test, 18))


def test_a_p_that_does_not_belong_to_its_t_is_found() -> None:
    (finding,) = p_against_t("here", Statistic(Printed("2.236"), Printed("0.020")), 18)
    assert finding.rule is Rule.P_AND_T
    assert "0.038" in finding.found


def test_a_t_inside_the_rounding_of_its_means_is_left_alone() -> None:
    inside = replace(ROW, test=Statistic(Printed("2.150"), Printed("0.045")))
    assert not list(t_against_means("here", ROW, 10))
    assert not list(t_against_means("here", inside, 10))


def test_a_t_outside_the_rounding_of_its_means_is_found() -> None:
    outside = replace(ROW, test=Statistic(Printed("2.500"), Printed("0.022")))
    (finding,) = t_against_means("here", outside, 10)
    assert finding.rule is Rule.T_AND_MEANS
    assert "2.072 to 2.408" in finding.found


def test_a_total_that_follows_from_its_groups_is_left_alone() -> None:
    groups = rounded(ROW.no_pain), rounded(ROW.pain)
    assert not list(total_against_groups("here", ROW.total, *groups, 10))


def test_totals_that_do_not_follow_from_their_groups_are_found() -> None:
    groups = rounded(ROW.no_pain), rounded(ROW.pain)
    found = list(total_against_groups("here", mean("11.2", "3.0"), *groups, 10))
    assert [finding.item for finding in found] == ["total mean", "total SD"]


def test_a_group_that_is_nought_by_definition_has_no_rounding() -> None:
    pain = rounded(mean("4.0", "2.0"))
    assert not list(total_against_groups("x", mean("2.0", "2.5"), NOUGHT, pain, 10))
    assert list(total_against_groups("x", mean("2.1", "2.5"), NOUGHT, pain, 10))


def test_counts_of_groups_make_the_total() -> None:
    assert not list(counts_add_up("here", COUNTED))
    (finding,) = counts_add_up("here", replace(COUNTED, total=share(8, "40.0")))
    assert finding.found == "2 and 7 make 9"


def test_a_percentage_of_another_count_is_found() -> None:
    assert not list(percentages_against_counts("here", COUNTED, 10))
    wrong = replace(COUNTED, pain=share(7, "77.0"))
    (finding,) = percentages_against_counts("here", wrong, 10)
    assert finding.item == "pain percent"
    assert finding.found == "7 of 10 is 70.00 %"


def test_pearsons_chi_square_is_left_alone() -> None:
    assert not list(chi2_against_counts("here", COUNTED, 10))
    assert not list(p_against_chi2("here", COUNTED, 10))


def test_a_chi_square_of_another_kind_is_found_and_named() -> None:
    for statistic, name in (("4.798", "linear-by-linear"), ("3.232", "Yates")):
        test = Statistic(Printed(statistic), Printed("0.025"))
        (finding,) = chi2_against_counts("here", replace(COUNTED, test=test), 10)
        assert name in finding.found
        assert "5.051" in finding.found


def test_a_chi_square_of_no_kind_is_found_without_a_name() -> None:
    test = Statistic(Printed("6.000"), Printed("0.014"))
    (finding,) = chi2_against_counts("here", replace(COUNTED, test=test), 10)
    assert finding.found == "Pearson's is 5.051 (p 0.0246)"


def test_a_p_of_another_test_is_found_and_named() -> None:
    test = Statistic(Printed("5.051"), Printed("0.070"))
    (finding,) = p_against_chi2("here", replace(COUNTED, test=test), 10)
    assert "Fisher's" in finding.found
    assert "smallest expected count is 4.5" in finding.found
