"""Contingency tables: numbers of R 4 and of the papers, empty cells, refusals."""

from math import comb

import numpy as np
import pandas as pd
import pytest

from analysis.statistics import contingency, contingency_from_counts
from analysis.statistics.contingency import TwoByTwo


def two_by_two(counts: list[list[int]]) -> TwoByTwo:
    found = contingency_from_counts(counts)
    assert isinstance(found, TwoByTwo)
    return found


def limits(found: TwoByTwo, method: str) -> tuple[float | None, ...]:
    (row,) = [row for row in found.intervals if row.method == method]
    return row.estimate, row.lower, row.upper


def test_the_tea_table_has_its_exact_limits_to_the_end() -> None:
    # R: fisher.test(matrix(c(3, 1, 1, 3), 2)) prints 6.408309 (0.2117329, 621.9337);
    # its root searches stop early, the tail equation itself is solved by 626.24.
    estimate, lower, upper = limits(two_by_two([[3, 1], [1, 3]]), "exact")
    assert estimate == pytest.approx(6.408309, rel=1e-5)
    assert lower == pytest.approx(0.2117329, rel=5e-5)
    assert upper == pytest.approx(626.24, rel=1e-5)


def test_fisher_of_a_four_by_four_table_agrees_with_r() -> None:
    # R: fisher.test(Job) from ?fisher.test, p-value = 0.7827
    job = [[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]]
    assert contingency_from_counts(job).fisher_p == pytest.approx(0.7827, abs=5e-5)


def test_fisher_of_tens_of_thousands_agrees_with_r() -> None:
    # R 4.2: fisher.test(matrix(c(30000, 50000, 40000, 60000), 2))
    found = contingency_from_counts([[30_000, 40_000], [50_000, 60_000]])
    assert found.fisher_p == pytest.approx(2.90148905161219e-27, rel=1e-9)


def test_fisher_keeps_its_digits_in_the_far_tail() -> None:
    found = contingency_from_counts([[100, 0], [0, 100]])
    assert found.fisher_p == pytest.approx(2 / comb(200, 100), rel=1e-10)


def test_fisher_is_none_where_the_tables_are_too_many() -> None:
    found = contingency_from_counts((np.eye(6, dtype=int) * 50 + 20).tolist())
    assert found.fisher_p is None
    assert "exact_not_feasible" in {warned.code for warned in found.warnings}


def test_score_and_hybrid_limits_agree_with_newcombe() -> None:
    # Newcombe (1998), Table II, case (a): 56/70 less 48/80
    found = two_by_two([[32, 48], [14, 56]])
    assert limits(found, "newcombe")[1:] == pytest.approx((0.0524, 0.3339), abs=5e-5)
    score = limits(found, "miettinen_nurminen")[1:]
    assert score == pytest.approx((0.0528, 0.3382), abs=5e-5)
    assert limits(found, "wald")[1:] == pytest.approx((0.0575, 0.3425), abs=5e-5)


def test_the_second_row_is_compared_with_the_first() -> None:
    found = two_by_two([[30, 10], [20, 20]])
    assert found.odds_ratio == pytest.approx(3)
    assert found.risk_ratio == pytest.approx(2)
    assert found.risk_difference == pytest.approx(0.25)


def test_an_empty_cell_takes_the_limits_of_woolf_and_katz() -> None:
    found = two_by_two([[12, 0], [7, 5]])
    assert limits(found, "woolf") == (None, None, None)
    assert limits(found, "katz") == (None, None, None)
    # The equation of the lower tail solved to 1e-13 in R.
    estimate, lower, upper = limits(found, "exact")
    assert (estimate, upper) == (None, None)
    assert lower == pytest.approx(1.1281352871028)
    assert {w.code for w in found.warnings} == {"zero_cell", "small_expected_count"}


def test_an_empty_cell_without_events_leaves_katz_alone() -> None:
    found = two_by_two([[0, 12], [5, 7]])
    assert limits(found, "woolf") == (0.0, None, None)
    assert None not in limits(found, "katz")


def test_independence_gives_zero_and_one() -> None:
    found = two_by_two([[10, 20], [10, 20]])
    assert (found.chi2, found.p, found.likelihood_ratio) == (0, 1, 0)
    assert found.fisher_p == pytest.approx(1)
    assert found.yates_chi2 == 0


def test_turning_the_table_changes_no_test() -> None:
    counts = np.array([[5, 9, 2], [11, 3, 6]])
    one = contingency_from_counts(counts.tolist())
    two = contingency_from_counts(counts.T.tolist())
    assert two.chi2 == pytest.approx(one.chi2)
    assert two.fisher_p == pytest.approx(one.fisher_p)


def test_a_frame_counts_what_it_leaves_out() -> None:
    frame = pd.DataFrame({"g": ["a", "a", "b", "b", "b"], "r": [1, 0, 1, 0, None]})
    found = contingency(frame, "g", "r")
    assert (found.n_observations, found.n_left_out) == (4, 1)
    assert [tuple(row) for row in found.left_out] == [("r", "missing", 1)]
    assert [cell.column for cell in found.cells] == ["0", "1", "0", "1"]


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        ([[3, -1], [2, 5]], "negative"),
        ([[3, 1.5], [2, 5]], "1.5"),
        ([[3, 0], [2, 0]], "column '2'"),
        ([[0, 0], [2, 1]], "row '1'"),
        ([[3, 1]], "two or more rows"),
        ([[3, 1], [2]], "same length"),
    ],
)
def test_unusable_counts_are_refused(counts: list[list[int]], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        contingency_from_counts(counts)


def test_labels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="rows has the labels a"):
        contingency_from_counts([[3, 1], [2, 5]], rows=["a"])
