"""One-way analysis of variance: numbers of R 4, undefined values, refusals."""

import numpy as np
import pandas as pd
import pytest

from analysis.statistics import one_way_anova, two_sample_t

# R's data set `PlantGrowth`.
PLANTS = pd.DataFrame(
    {
        "weight": [
            *(4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14),
            *(4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69),
            *(6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26),
        ],
        "group": ["ctrl"] * 10 + ["trt1"] * 10 + ["trt2"] * 10,
    }
)


def test_fisher_and_welch_agree_with_r() -> None:
    # R: anova(lm(weight ~ group, PlantGrowth)), and oneway.test of the same
    found = one_way_anova(PLANTS, "weight", "group")
    assert pytest.approx(4.8461, abs=5e-5) == found.F
    assert found.p == pytest.approx(0.01591, abs=5e-6)
    assert found.welch_F == pytest.approx(5.181, abs=5e-4)
    assert found.welch_den_df == pytest.approx(17.128, abs=5e-4)
    assert found.welch_p == pytest.approx(0.01739, abs=5e-6)


def test_brown_forsythe_agrees_with_r() -> None:
    # R: car::leveneTest(weight ~ group, PlantGrowth): F = 1.1192, p = 0.3412
    found = one_way_anova(PLANTS, "weight", "group")
    assert found.brown_forsythe_F == pytest.approx(1.1192, abs=5e-5)
    assert found.brown_forsythe_p == pytest.approx(0.3412, abs=5e-5)


def test_two_groups_give_the_square_of_student_s_t() -> None:
    pair = PLANTS[PLANTS["group"] != "ctrl"]
    t = two_sample_t(pair, "weight", "group").t
    assert pytest.approx(t * t) == one_way_anova(pair, "weight", "group").F


def test_a_constant_group_has_no_welch_test() -> None:
    frame = pd.DataFrame({"y": [5.0, 5, 5, 1, 2, 4], "g": list("aaabbb")})
    found = one_way_anova(frame, "y", "g")
    assert (found.welch_F, found.welch_den_df, found.welch_p) == (None, None, None)
    assert found.F is not None
    assert found.groups[0].shapiro_w is None
    assert {"zero_variance", "too_few_values"} <= {w.code for w in found.warnings}


def test_order_scale_and_shift_do_not_matter() -> None:
    one = one_way_anova(PLANTS, "weight", "group")
    other = PLANTS.assign(weight=PLANTS["weight"] * 1e-3 + 1e4).iloc[::-1]
    two = one_way_anova(other, "weight", "group")
    for name in ("F", "welch_F", "levene_F", "brown_forsythe_F", "eta_squared"):
        assert getattr(two, name) == pytest.approx(getattr(one, name), rel=1e-6)
    shapiro = [row.shapiro_p for row in one.groups]
    assert [row.shapiro_p for row in two.groups] == pytest.approx(shapiro, rel=1e-5)


def test_as_many_groups_as_rows_are_refused() -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 3], "g": list("abc")})
    with pytest.raises(ValueError, match="3 rows for 3 levels of 'g'"):
        one_way_anova(frame, "y", "g")


def test_an_outcome_that_never_varies_is_refused() -> None:
    frame = pd.DataFrame({"y": np.ones(4), "g": list("aabb")})
    with pytest.raises(ValueError, match="'y' never varies"):
        one_way_anova(frame, "y", "g")
