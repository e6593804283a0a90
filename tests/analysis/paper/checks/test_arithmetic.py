"""Totals and t from two groups agree with the rows they summarise."""

import numpy as np
import pytest

from analysis.paper.checks.arithmetic import (
    linear_by_linear,
    pooled_t,
    t_range,
    total_mean_range,
    total_sd,
    total_sd_range,
)
from analysis.paper.printed import Range
from analysis.statistics import two_sample_t_from_summary

FIRST, SECOND = np.array([1.0, 2.0, 6.0]), np.array([2.0, 5.0, 8.0, 9.0])


def test_pooled_t_is_the_packages_own() -> None:
    whole = two_sample_t_from_summary((3.0, 5.0), (2.0, 1.0), (5, 9))
    assert pooled_t(3.0, 2.0, 5.0, 1.0, 5, 9) == pytest.approx(whole.t)


def test_total_sd_is_that_of_all_rows() -> None:
    both = np.concatenate([FIRST, SECOND])
    gap = FIRST.mean() - SECOND.mean()
    found = total_sd(gap, FIRST.std(ddof=1), SECOND.std(ddof=1), 3, 4)
    assert found == pytest.approx(both.std(ddof=1))


def test_total_sd_is_least_where_the_means_may_agree() -> None:
    means = Range(1.0, 3.0), Range(2.0, 4.0)
    sd = Range(1.0, 1.0)
    found = total_sd_range((means[0], sd), (means[1], sd), 5, 5)
    assert found.low == pytest.approx(total_sd(0.0, 1.0, 1.0, 5, 5))
    assert found.high == pytest.approx(total_sd(3.0, 1.0, 1.0, 5, 5))


def test_total_mean_weighs_groups_by_their_size() -> None:
    assert total_mean_range(Range(1, 2), Range(5, 6), 3, 1) == Range(2, 3)


def test_t_range_holds_the_t_of_every_rounding() -> None:
    first, second = (Range(9.5, 10.5), Range(1.5, 2.5)), (Range(7.5, 8.5), Range(1, 2))
    found = t_range(first, second, 10, 10)
    assert found.low == pytest.approx(pooled_t(9.5, 2.5, 8.5, 2, 10, 10))
    assert found.high == pytest.approx(pooled_t(10.5, 1.5, 7.5, 1, 10, 10))


def test_linear_by_linear_is_pearsons_less_one_part_in_n() -> None:
    assert linear_by_linear(3.0, 30) == pytest.approx(2.9)
