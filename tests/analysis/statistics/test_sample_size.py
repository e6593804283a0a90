import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t

from analysis.statistics.noncentral_t import lower_tail, upper_tail
from analysis.statistics.sample_size import (
    power_means,
    power_proportions,
    sample_size_means,
    sample_size_proportions,
)


def test_sample_size_of_means_agrees_with_power_t_test() -> None:
    # R 4.2: power.t.test(delta = 4, sd = 8, power = .8, strict = TRUE)$n
    size = sample_size_means(4, 8)
    assert size.exact_n_first == pytest.approx(63.7656101708, abs=1e-5)
    assert (size.n_first, size.n_second, size.n_total) == (64, 64, 128)
    assert size.power == pytest.approx(0.801459557922327, abs=1e-10)


def test_one_sided_sample_size_agrees_with_power_t_test() -> None:
    # R 4.2: power.t.test(delta = 5, sd = 8, power = .9, alternative = "one.sided",
    # sig.level = .025)$n
    size = sample_size_means(5, 8, power=0.9, alpha=0.025, sides=1)
    assert size.exact_n_first == pytest.approx(54.7764172514, rel=1e-6)


def test_unequal_groups_agree_with_the_noncentral_t_of_r() -> None:
    # R 4.2: uniroot of pt(qt(.975, v), v, ncp, lower = FALSE) + pt(-qt(.975, v), v,
    # ncp) - .8 over n, v = 3n - 2, ncp = 5 / 8 / sqrt(1/n + 1/(2n))
    size = sample_size_means(5, 8, ratio=2)
    assert size.exact_n_first == pytest.approx(30.7931444809, rel=1e-8)
    assert (size.n_first, size.n_second) == (31, 62)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        # R 4.2: power.t.test(n, delta, sd, sig.level, strict = TRUE)$power
        ((4.2, 8, 33, 33, 0.05, 2), 0.555903960948),
        ((5, 8, 20, 20, 0.05, 1), 0.616458959407),
        ((8, 4, 3, 3, 0.01, 2), 0.156855971812),
    ],
)
def test_power_of_means_agrees_with_power_t_test(
    arguments: tuple[float, float, int, int, float, int], expected: float
) -> None:
    assert power_means(*arguments).power == pytest.approx(expected, abs=1e-10)


def test_the_direction_of_a_difference_does_not_matter() -> None:
    assert sample_size_means(-4, 8, sides=1) == sample_size_means(4, 8, sides=1)


def test_power_at_no_difference_is_alpha() -> None:
    assert power_means(0, 8, 20, 30).power == pytest.approx(0.05, abs=1e-13)
    assert power_proportions(0.3, 0.3, 20, 20).power == pytest.approx(0.05, abs=1e-13)


def test_sample_size_of_proportions_agrees_with_the_reference() -> None:
    # R 4.2: uniroot over n of the power with pooled variance under the null
    size = sample_size_proportions(0.485, 0.727)
    assert size.exact_n_first == pytest.approx(62.8073188706, abs=1e-8)
    assert size.power == pytest.approx(0.801226932293671, abs=1e-12)


def test_one_sided_proportions_agree_with_the_closed_form() -> None:
    p, q, ratio, z_alpha, z_power = 0.2, 0.5, 2, 1.6448536269514722, 0.8416212335729143
    pooled = (p + ratio * q) / (1 + ratio)
    null = z_alpha * math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    other = z_power * math.sqrt(p * (1 - p) + q * (1 - q) / ratio)
    size = sample_size_proportions(p, q, sides=1, ratio=ratio)
    assert size.exact_n_first == pytest.approx(((null + other) / (q - p)) ** 2)


def test_proportions_of_none_and_all_are_always_told_apart() -> None:
    size = sample_size_proportions(0, 1)
    assert size.power == 1.0
    assert size.exact_n_first == pytest.approx(1.959963984540054**2 / 2)


def test_central_t_is_the_noncentral_t_without_a_shift() -> None:
    for df in (0.4, 1, 7, 5e5):
        assert upper_tail(2.5, df, 0.0) == pytest.approx(t.sf(2.5, df), rel=1e-10)


def test_a_large_noncentrality_is_no_nan() -> None:
    # For 10,000 df T is nearly normal around 60 with variance 1 + 60^2 / 20,000.
    value = upper_tail(60.0, 10_000, 60.0)
    assert 0.49 < value < 0.51
    assert value + lower_tail(60.0, 10_000, 60.0) == pytest.approx(1.0)


@settings(max_examples=25, deadline=None)
@given(
    st.floats(0.2, 3), st.floats(0.3, 4), st.sampled_from([1, 2]), st.floats(0.01, 9)
)
def test_the_size_reaches_the_power_and_is_free_of_units(
    effect: float, ratio: float, sides: int, unit: float
) -> None:
    size = sample_size_means(effect, 1.0, power=0.85, sides=sides, ratio=ratio)
    scaled = sample_size_means(
        effect * unit, unit, power=0.85, sides=sides, ratio=ratio
    )
    assert size.power >= 0.85 - 1e-12
    assert scaled.exact_n_first == pytest.approx(size.exact_n_first, rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "mention"),
    [
        ({"difference": 0, "sd": 8}, "difference is 0"),
        ({"difference": math.nan, "sd": 8}, "difference"),
        ({"difference": 4, "sd": 0}, "sd is 0"),
        ({"difference": 4, "sd": 8, "power": 1.2}, "power is 1.2"),
        ({"difference": 4, "sd": 8, "power": 0.04}, "power is 0.04"),
        ({"difference": 4, "sd": 8, "alpha": 0}, "alpha is 0"),
        ({"difference": 4, "sd": 8, "sides": 0}, "sides is 0"),
        ({"difference": 4, "sd": 8, "ratio": -1}, "ratio is -1"),
        ({"difference": 1e-9, "sd": 8}, "too small"),
    ],
)
def test_what_has_no_sample_size_of_means_is_refused(
    arguments: dict[str, float], mention: str
) -> None:
    with pytest.raises(ValueError, match=mention):
        sample_size_means(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "mention"),
    [
        ((0.4, 0.4), "first and second are both 0.4"),
        ((1.4, 0.4), "first is 1.4"),
        ((0.4, -0.1), "second is -0.1"),
    ],
)
def test_what_has_no_sample_size_of_proportions_is_refused(
    arguments: tuple[float, float], mention: str
) -> None:
    with pytest.raises(ValueError, match=mention):
        sample_size_proportions(*arguments)


def test_counts_that_are_no_people_are_refused() -> None:
    with pytest.raises(ValueError, match=r"n_first is 2\.5"):
        power_means(4, 8, 2.5, 30)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="n_second is 1;"):
        power_means(4, 8, 30, 1)
    with pytest.raises(ValueError, match="n_first is -3"):
        power_proportions(0.2, 0.4, -3, 30)
    with pytest.raises(ValueError, match="never vary"):
        power_proportions(1, 1, 30, 30)
