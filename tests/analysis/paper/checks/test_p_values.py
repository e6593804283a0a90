"""A p belongs to its statistic where rounding allows it, and nowhere else."""

import pytest

from analysis.paper.checks.p_values import (
    fits,
    least_p_of_indirect,
    p_range_of_beta,
    p_range_of_chi2,
    p_range_of_d,
    p_range_of_f,
    p_range_of_t,
    t_of_beta,
)
from analysis.paper.printed import Printed, Range


def test_p_of_a_printed_t_is_that_of_r() -> None:
    # R: 2 * pt(2.0, 10, lower.tail = FALSE) is 0.07338803
    found = p_range_of_t(Range(2, 2), 10)
    assert (found.low, found.high) == pytest.approx((0.07338803, 0.07338803))


def test_a_coarse_t_leaves_p_open() -> None:
    possible = p_range_of_t(Printed("2.0").range, 10)
    assert fits(Printed("0.079"), possible)
    assert fits(Printed("0.068"), possible)
    assert not fits(Printed("0.081"), possible)


def test_the_sign_of_t_does_not_matter() -> None:
    assert p_range_of_t(Range(-2.1, -2.0), 10) == p_range_of_t(Range(2.0, 2.1), 10)


def test_a_chi_square_of_nought_has_p_one() -> None:
    assert fits(Printed("1.000"), p_range_of_chi2(Printed("0.000").range, 1))


def test_p_of_f_spans_the_denominator_df_that_are_possible() -> None:
    # R: pf(4, 2, c(10, 1000), lower.tail = FALSE) is 0.05291846 0.01861159
    possible = p_range_of_f(Range(4, 4), 2, (10, 1000))
    assert possible.high == pytest.approx(0.0529, abs=1e-4)
    assert possible.low == pytest.approx(0.0186, abs=1e-4)


def test_d_of_two_groups_is_t_over_root_of_half_n() -> None:
    # d 1 with 8 and 8 is t 2 on 14 df; R: 2 * pt(-2, 14) is 0.06528795
    assert p_range_of_d(Range(1, 1), 8).low == pytest.approx(0.06528795)


def test_a_simple_beta_is_a_correlation() -> None:
    # r 0.6 with 11 people: t = 0.6 * sqrt(9 / 0.64) = 2.25
    assert t_of_beta(0.6, 11) == pytest.approx(2.25)
    assert fits(Printed("0.051"), p_range_of_beta(Printed("0.600").range, 11))


def test_an_indirect_effect_has_no_smaller_p_than_the_normal_p_of_path_a() -> None:
    # t of 0.6 in 11 people is 2.25; R: 2 * pnorm(-2.25) is 0.02444895
    assert least_p_of_indirect(Range(0.6, 0.6), 11) == pytest.approx(0.02444895)
