"""F, d, beta, indirect effects and days: silent where they agree, found where not."""

import pytest

from analysis.paper.checks.efficacy import (
    d_against_p,
    days_against_counts,
    indirect_against_paths,
    p_against_beta,
    p_against_f,
)
from analysis.paper.findings import Rule
from analysis.paper.printed import Printed
from analysis.paper.prose import (
    Effect,
    LargestDifference,
    Mediation,
    ModelTest,
    Regression,
)
from analysis.paper.table1 import Mean


def model(F: str, p: str) -> ModelTest:
    return ModelTest("MADRS", "time", 2, Printed(F), Printed(p))


def regression(beta: str, p: str) -> Regression:
    return Regression("VAS", 13, Printed(beta), Printed(p))


def mediation(beta: str, p: str) -> Mediation:
    effect = Effect("indirect", Printed("0.500"), Printed(p))
    return Mediation(effect, effect, regression(beta, "0.001"))


def days(mean: str, sd: str) -> Mean:
    return Mean(Printed(mean), Printed(sd))


def test_a_p_that_f_has_at_some_denominator_is_left_alone() -> None:
    # p of F 4.00 on 2 df is 0.053 at 10 denominator df, 0.019 at 1000.
    for p in ("0.053", "0.030", "0.019"):
        assert not list(p_against_f(model("4.00", p), (10, 1000)))


def test_a_p_that_f_has_at_no_denominator_is_found() -> None:
    (finding,) = p_against_f(model("4.00", "0.060"), (10, 1000))
    assert finding.rule is Rule.P_AND_F


@pytest.mark.parametrize(("d", "n_findings"), [("0.490", 1), ("0.500", 0)])
def test_the_largest_difference_must_be_significant_itself(
    d: str, n_findings: int
) -> None:
    # With 33 and 33, p is 0.0509 at d 0.490 and 0.0464 at 0.500.
    claim = LargestDifference("MADRS", "infusion 3", Printed(d), 0.05, ("infusion 3",))
    assert len(list(d_against_p(claim, 33))) == n_findings


def test_a_beta_whose_p_is_another_is_found() -> None:
    # r 0.478 in 33 people has p 0.0049, r 0.333 has 0.058.
    assert not list(p_against_beta(regression("0.478", "0.005"), 33))
    (finding,) = p_against_beta(regression("0.333", "0.001"), 33)
    assert finding.rule is Rule.BETA


def test_an_indirect_p_below_that_of_its_path_is_found() -> None:
    # r 0.600 in 11 people is t 2.25, whose normal p is 0.0244.
    assert not list(indirect_against_paths(mediation("0.600", "0.025"), 11))
    assert not list(indirect_against_paths(mediation("0.600", "0.300"), 11))
    (finding,) = indirect_against_paths(mediation("0.600", "0.020"), 11)
    assert finding.rule is Rule.INDIRECT


@pytest.mark.parametrize(
    ("mean", "sd", "reached"),
    [
        # 5 of 10 from day 2 to 13, 5 at day 26: from 14 to 19.5.
        ("16.0", "10.0", 5),
        # All ten between day 2 and day 13.
        ("7.5", "5.0", 10),
        ("11.0", "3.0", 5),
        # Nobody reached it, and all stand at the last rating.
        ("26.0", "0.0", 0),
    ],
)
def test_days_that_the_counts_allow_are_left_alone(
    mean: str, sd: str, reached: int
) -> None:
    assert not list(days_against_counts("here", "pain", days(mean, sd), reached, 10))


def test_days_between_the_two_ways_of_censoring_are_found() -> None:
    (finding,) = days_against_counts("here", "pain", days("13.5", "5.0"), 5, 10)
    assert finding.rule is Rule.DAYS
    assert "14 to 19.5" in finding.found


def test_days_that_spread_too_far_for_their_mean_are_found() -> None:
    # Ten values from 2 to 13 with mean 11 have an SD of 4.47 at most.
    (finding,) = days_against_counts("here", "pain", days("11.0", "5.0"), 5, 10)
    assert "4.47 or less" in finding.found
