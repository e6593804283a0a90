"""Adjusted p-values: numbers of R 4, missing values, refusals."""

import pytest

from analysis.statistics import adjust_p

P = [0.01, 0.02, 0.03, 0.04, 0.05]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("bonferroni", [0.05, 0.1, 0.15, 0.2, 0.25]),
        ("holm", [0.05, 0.08, 0.09, 0.09, 0.09]),
        ("hochberg", [0.05, 0.05, 0.05, 0.05, 0.05]),
        ("hommel", [0.05, 0.05, 0.05, 0.05, 0.05]),
        ("bh", [0.05, 0.05, 0.05, 0.05, 0.05]),
        ("by", [0.1141667] * 5),
    ],
)
def test_each_method_agrees_with_r(method: str, expected: list[float]) -> None:
    # The numbers are those of p.adjust in R.
    found = [row.adjusted for row in adjust_p(P, method).values]
    assert found == pytest.approx(expected, rel=1e-6)


def test_missing_p_stay_missing_and_are_not_counted() -> None:
    found = adjust_p([0.04, None, float("nan"), 0.01], "holm")
    assert [row.adjusted for row in found.values] == [0.04, None, None, 0.02]
    assert found.n_tests == 2
    assert [warned.code for warned in found.warnings] == ["missing_p"]


@pytest.mark.parametrize("method", ["holm", "hochberg", "hommel", "bh", "by"])
def test_no_order_matters_and_nothing_falls(method: str) -> None:
    p = [0.3, 0.001, 0.2, 0.04, 0.04, 0.9]
    there = {row.p: row.adjusted for row in adjust_p(p, method).values}
    back = {row.p: row.adjusted for row in adjust_p(p[::-1], method).values}
    assert there == back
    assert all(
        new is not None and old is not None and new >= old for old, new in there.items()
    )


def test_hommel_is_between_bonferroni_and_hochberg() -> None:
    p = [0.001, 0.012, 0.02, 0.03, 0.2]
    hommel = [row.adjusted or 0 for row in adjust_p(p, "hommel").values]
    hochberg = [row.adjusted or 0 for row in adjust_p(p, "hochberg").values]
    assert all(a <= b for a, b in zip(hommel, hochberg, strict=True))


@pytest.mark.parametrize(
    ("p", "method", "word"),
    [([0.2, 1.2], "holm", "1.2"), ([0.2], "sidak", "sidak"), ([], "holm", "no p")],
)
def test_unusable_arguments_are_refused(p: list[float], method: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        adjust_p(p, method)
