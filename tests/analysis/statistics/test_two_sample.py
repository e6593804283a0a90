"""Two-sample t tests: numbers of R 4, undefined values, refusals, invariances."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics import two_sample_t, two_sample_t_from_summary

# R's data set `sleep`: extra hours of sleep under two drugs.
SLEEP = pd.DataFrame(
    {
        "extra": [
            *(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0),
            *(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4),
        ],
        "group": ["1"] * 10 + ["2"] * 10,
    }
)


def test_welch_agrees_with_r_on_the_sleep_data() -> None:
    # R: t.test(extra ~ group, data = sleep)
    found = two_sample_t(SLEEP, "extra", "group", equal_variance=False)
    assert found.t == pytest.approx(-1.8608, abs=5e-5)
    assert found.df == pytest.approx(17.776, abs=5e-4)
    assert found.p == pytest.approx(0.07939, abs=5e-6)
    assert found.lower == pytest.approx(-3.3654832, abs=5e-8)
    assert found.upper == pytest.approx(0.2054832, abs=5e-8)


def test_student_and_welch_stand_side_by_side() -> None:
    # R: t.test(extra ~ group, data = sleep, var.equal = TRUE)
    found = two_sample_t(SLEEP, "extra", "group")
    assert found.df == 18
    assert found.p == pytest.approx(0.07919, abs=5e-6)
    assert found.welch_p == pytest.approx(0.07939, abs=5e-6)
    assert found.method == "Student two-sample t test"


def test_limits_of_d_invert_the_noncentral_t() -> None:
    # Solved in R with pt(t, 64, ncp) and gamma(), from the published summaries.
    found = two_sample_t_from_summary([12.4, 8.2], [8.6, 7.2], [33, 33])
    assert found.cohens_d == pytest.approx(0.529570723353724, rel=1e-12)
    assert found.cohens_d_lower == pytest.approx(0.0364545942500344, rel=1e-6)
    assert found.cohens_d_upper == pytest.approx(1.01869508877326, rel=1e-6)
    assert found.hedges_g == pytest.approx(0.523336393207753, rel=1e-9)


def test_a_tiny_p_is_not_zero() -> None:
    found = two_sample_t_from_summary([5, 100.0], [1, 1.2], [40, 40])
    assert found.p == pytest.approx(2 * stats.t.sf(abs(found.t), 78), rel=1e-9)
    assert 0 < found.p < 1e-120
    assert found.cohens_d_lower < found.cohens_d < found.cohens_d_upper < 0


def test_a_large_offset_changes_nothing() -> None:
    far = SLEEP.assign(extra=SLEEP["extra"] + 2.0**24)
    near = two_sample_t(SLEEP, "extra", "group")
    assert two_sample_t(far, "extra", "group").t == pytest.approx(near.t, rel=1e-7)


def test_one_group_may_be_constant() -> None:
    frame = pd.DataFrame({"y": [5.0, 5, 5, 1, 2, 3, 4], "g": list("aaabbbb")})
    found = two_sample_t(frame, "y", "g")
    assert found.welch_df == pytest.approx(3)
    assert found.groups[0].sd == 0.0


def test_two_constant_groups_are_refused() -> None:
    frame = pd.DataFrame({"y": [5.0, 5, 3, 3], "g": list("aabb")})
    with pytest.raises(ValueError, match="'y' is constant in both groups"):
        two_sample_t(frame, "y", "g")


def test_three_levels_are_refused_with_their_names() -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 3], "g": list("abc")})
    with pytest.raises(ValueError, match=r"'g' has 3 levels .*a, b, c"):
        two_sample_t(frame, "y", "g")


def test_a_single_value_in_a_group_is_refused_with_its_level() -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 3], "g": list("aab")})
    with pytest.raises(ValueError, match="'b' of 'g' has 1 row"):
        two_sample_t(frame, "y", "g")


@pytest.mark.parametrize(
    ("means", "sds", "ns", "word"),
    [
        ([1, 2, 3], [1, 1], [5, 5], "means"),
        ([1, 2], [1, -1], [5, 5], "negative"),
        ([1, 2], [0, 0], [5, 5], "sds"),
        ([1, 2], [1, 1], [5, 1], "ns"),
        ([1, 2], [1, 1], [5, 2.5], "2.5"),
        ([1, float("nan")], [1, 1], [5, 5], "nan"),
    ],
)
def test_unusable_summaries_are_refused(
    means: list[float], sds: list[float], ns: list[int], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        two_sample_t_from_summary(means, sds, ns)


def test_confidence_outside_0_to_1_is_refused() -> None:
    with pytest.raises(ValueError, match="confidence is 95"):
        two_sample_t(SLEEP, "extra", "group", confidence=95)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.floats(0.01, 100),
    st.floats(-1000, 1000),
)
def test_order_names_scale_and_shift_do_not_matter(
    seed: int, scale: float, shift: float
) -> None:
    generator = np.random.default_rng(seed)
    frame = pd.DataFrame({"y": generator.normal(size=12), "g": ["a"] * 5 + ["b"] * 7})
    other = frame.sample(frac=1, random_state=seed % 1000)
    other = other.assign(
        y=other["y"] * scale + shift, g=other["g"].map({"a": "first", "b": "second"})
    )
    one, two = two_sample_t(frame, "y", "g"), two_sample_t(other, "y", "g")
    for name in ("t", "p", "welch_p", "cohens_d", "cohens_d_lower", "hedges_g"):
        assert getattr(two, name) == pytest.approx(getattr(one, name), rel=1e-6)
    assert two.difference == pytest.approx(one.difference * scale, rel=1e-6)
