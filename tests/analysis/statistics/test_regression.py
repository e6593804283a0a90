"""Linear regression: numbers of R 4, offsets, exact fits, refusals."""

import numpy as np
import pandas as pd
import pytest

from analysis.statistics import regression

# R's data set `women`: inches and pounds.
WOMEN = pd.DataFrame(
    {
        "height": range(58, 73),
        "weight": [
            *(115, 117, 120, 123, 126, 129, 132, 135, 139, 142, 146, 150, 154),
            *(159, 164),
        ],
    }
)


def trial() -> pd.DataFrame:
    generator = np.random.default_rng(4)
    frame = pd.DataFrame(
        {"x": generator.normal(size=40), "z": generator.normal(size=40)}
    )
    frame["g"] = np.where(np.arange(40) % 2, "pain", "none")
    frame["y"] = frame["x"] + (frame["g"] == "pain") + generator.normal(size=40)
    return frame


def test_a_line_agrees_with_r() -> None:
    # R: summary(lm(weight ~ height, women))
    found = regression("weight ~ height", WOMEN)
    intercept, height = found.coefficients
    assert intercept.estimate == pytest.approx(-87.51667, abs=5e-6)
    assert (height.estimate, height.se) == pytest.approx((3.45, 0.09114), abs=5e-6)
    assert found.r_squared == pytest.approx(0.991, abs=5e-5)
    assert found.residual_sd == pytest.approx(1.525, abs=5e-4)
    assert found.p == pytest.approx(1.091e-14, rel=5e-4)
    assert (height.vif, height.standardised_beta) == pytest.approx((1, 0.9954948))
    assert (intercept.vif, intercept.standardised_beta) == (None, None)


def test_hc3_is_the_jackknife_form() -> None:
    frame = trial()
    X = np.column_stack([np.ones(40), frame["x"], frame["z"]])
    bread = np.linalg.inv(X.T @ X)
    e = frame["y"].to_numpy() - X @ bread @ X.T @ frame["y"].to_numpy()
    h = np.einsum("ij,jk,ik->i", X, bread, X)
    V = bread @ (X.T * (e / (1 - h)) ** 2) @ X @ bread
    found = regression("y ~ x + z", frame, covariance="hc3")
    assert [c.se for c in found.coefficients] == pytest.approx(np.sqrt(np.diag(V)))
    b = np.array([c.estimate for c in found.coefficients])[1:]
    assert pytest.approx(b @ np.linalg.solve(V[1:, 1:], b) / 2) == found.F


def test_a_covariate_near_ten_million_costs_nothing() -> None:
    near = trial()
    far = near.assign(x=near["x"] + 1e7)
    one = regression("y ~ x * g + z", near)
    two = regression("y ~ x * g + z", far)
    assert pytest.approx(one.F, rel=1e-6) == two.F
    for name in ("x", "x:g[T.pain]", "z"):
        (a,) = [c for c in one.coefficients if c.term == name]
        (b,) = [c for c in two.coefficients if c.term == name]
        assert (b.estimate, b.se) == pytest.approx((a.estimate, a.se), rel=1e-6)


def test_an_exact_fit_has_no_t_and_says_so() -> None:
    found = regression("y ~ x", pd.DataFrame({"x": [1, 2, 3, 4], "y": [3, 5, 7, 9]}))
    assert (found.F, found.p, found.coefficients[1].t) == (None, None, None)
    assert [warned.code for warned in found.warnings] == ["zero_variance"]


def test_rows_and_level_names_do_not_matter() -> None:
    frame = trial()
    other = frame.iloc[::-1].assign(g=frame["g"].map({"none": "A", "pain": "B"}))
    one, two = regression("y ~ x * g", frame), regression("y ~ x * g", other)
    for a, b in zip(one.coefficients, two.coefficients, strict=True):
        assert b.p == pytest.approx(a.p, rel=1e-9)


def test_a_row_fitted_exactly_is_refused_under_hc3() -> None:
    frame = trial().assign(only=[1.0] + [0.0] * 39)
    with pytest.raises(ValueError, match="position 0"):
        regression("y ~ x + only", frame, covariance="hc3")


def test_an_unknown_covariance_is_refused() -> None:
    with pytest.raises(ValueError, match="hc9"):
        regression("y ~ x", trial(), covariance="hc9")
