"""Rows, formulas and designs: what is accepted, how it is named, what is refused."""

import numpy as np
import pandas as pd
import pytest

from analysis.statistics import regression
from analysis.statistics.aliasing import orthonormal
from analysis.statistics.design import Design, build_design, formula_rows
from analysis.statistics.formula import parse_formula
from analysis.statistics.rows import used_rows


def trial() -> pd.DataFrame:
    generator = np.random.default_rng(2)
    return pd.DataFrame(
        {
            "y": generator.normal(size=24),
            "age": generator.integers(20, 70, size=24),
            "group": ["pain", "none"] * 12,
            "visit": [1.0, 1, 2, 2, 10, 10] * 4,
        }
    )


def design(text: str, frame: pd.DataFrame) -> Design:
    formula = parse_formula(text)
    return build_design(formula, formula_rows(formula, frame))


def test_terms_are_named_the_patsy_way() -> None:
    found = design("y ~ group * C(visit) + log(age)", trial())
    assert found.names == (
        "Intercept",
        "group[T.pain]",
        "C(visit)[T.2]",
        "C(visit)[T.10]",
        "group[T.pain]:C(visit)[T.2]",
        "group[T.pain]:C(visit)[T.10]",
        "log(age)",
    )
    assert found.levels == {"group": ("none", "pain"), "visit": ("1", "2", "10")}
    assert [term.categorical for term in found.terms][3] == ("group", "visit")


def test_rows_at_given_levels_are_rows_of_the_design() -> None:
    found = design("y ~ group * C(visit) + age", trial())
    at = pd.DataFrame({"group": ["pain"], "visit": ["10"], "age": [40.0]})
    assert found.rows_at(at).tolist() == [[1, 1, 0, 1, 0, 1, 40]]


def test_levels_follow_the_categories_and_lose_those_without_rows() -> None:
    values = pd.Categorical(["b", "a", "b"], categories=["c", "b", "a"])
    factor = used_rows(pd.DataFrame({"g": values}), ["g"]).factor("g")
    assert (factor.levels, factor.codes.tolist()) == (("b", "a"), [0, 1, 0])


def test_three_and_three_point_zero_are_one_level() -> None:
    values = pd.Series([3, 3.0, "3", "4"], dtype=object)
    factor = used_rows(pd.DataFrame({"g": values}), ["g"]).factor("g")
    assert factor.levels == ("3", "4")


def test_rows_are_counted_by_column() -> None:
    frame = pd.DataFrame({"a": [1, None, None, 4], "b": [None, None, 3, 4]})
    used = used_rows(frame, ["a", "b"])
    assert (used.n, used.n_left_out) == (1, 3)
    assert [(row.column, row.n) for row in used.left_out] == [("a", 2), ("b", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "y ~ age ** 2",
        "y ~ np.exp(age)",
        "y ~ __import__('os')",
        "y ~ I(age)",
        "y ~ (log)(age)",
        "y ~ age[0]",
        "y ~ age / 2",
        "y ~ Q('age')",
        "y ~ lambda",
        "y ~ C(age + 1)",
        "y + age ~ group",
        "y ~ y",
        "y",
        "~ age",
        "y ~ ",
        "y ~ age +",
        "y ~ log(age",
        "y ~ 7",
        "y ~ log(group)",
        "y ~ log(age - 500)",
        "y ~ 0",
    ],
)
def test_anything_outside_the_language_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="formula"):
        design(text, trial())


def test_an_aliased_term_is_refused_with_what_it_repeats() -> None:
    frame = trial().assign(months=lambda rows: rows["age"] * 12 + 3)
    with pytest.raises(ValueError, match=r"'months' is an exact combination.*'age'"):
        design("y ~ group + age + months", frame)


def test_an_empty_cell_is_refused_by_name() -> None:
    frame = trial()
    frame = frame[~((frame["group"] == "pain") & (frame["visit"] == 10))]
    with pytest.raises(ValueError, match="group 'pain' and visit '10'"):
        design("y ~ group * C(visit)", frame)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"age": np.inf}, "'age' holds an infinite value"),
        ({"age": np.nan}, "No rows are left"),
        ({"group": "pain"}, "'group' has only the level 'pain'"),
        ({"y": "high"}, "'y' must hold numbers"),
    ],
)
def test_unusable_columns_are_refused_by_name(
    change: dict[str, float | str], word: str
) -> None:
    frame = trial()
    for column, value in change.items():
        frame[column] = value
    with pytest.raises(ValueError, match=word):
        regression("y ~ group + age", frame)


def test_an_unknown_column_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no column 'vizit'"):
        design("y ~ vizit", trial())


def test_the_basis_is_orthonormal_beside_a_large_offset() -> None:
    X = np.column_stack([np.ones(24), trial()["age"] + 1e7, trial()["y"]])
    Q, R = orthonormal(X)
    assert np.allclose(Q.T @ Q, np.eye(3), atol=1e-14)
    assert np.allclose(Q @ R, X, rtol=1e-14)


def test_a_number_before_a_column_is_refused_with_the_way_out() -> None:
    with pytest.raises(ValueError, match=r"inside log\( \) or log10\( \) only"):
        design("y ~ 2*age", trial())
