import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.group_sequential import SequentialDesign, group_sequential


def bounds(**arguments: object) -> list[float]:
    stages = group_sequential(**arguments).stages  # type: ignore[arg-type]
    return [stage.z for stage in stages if stage.z is not None]


def designed(**arguments: object) -> SequentialDesign:
    design = group_sequential(**arguments)  # type: ignore[arg-type]
    assert isinstance(design, SequentialDesign)
    return design


def test_obrien_fleming_bounds_agree_with_the_bivariate_normal() -> None:
    # R 4.2, mvtnorm: uniroot over z of 1 - pmvnorm(c(-2.96258804272757, -z),
    # c(2.96258804272757, z), sigma = matrix(c(1, sqrt(.5), sqrt(.5), 1), 2),
    # algorithm = Miwa(512)) - 0.05
    assert bounds(information=[0.5, 1]) == pytest.approx(
        [2.96258804272757, 1.96859564063], abs=1e-8
    )


def test_pocock_bounds_and_size_agree_with_rpact() -> None:
    # rpact 3.3.4: getDesignGroupSequential(typeOfDesign = "asP", sided = 2, beta = 0.1,
    # informationRates = c(1/3, 2/3, 1)); getDesignCharacteristics()
    design = designed(information=[1 / 3, 2 / 3, 1], spending="pocock", power=0.9)
    assert [s.z for s in design.stages] == pytest.approx(
        [2.27942824, 2.29491114, 2.29593835], abs=1e-6
    )
    assert design.drift == pytest.approx(3.48251180, abs=1e-7)
    assert design.inflation == pytest.approx(1.15422101, abs=1e-6)
    assert design.expected_information_null == pytest.approx(1.13082466, abs=1e-6)
    assert design.expected_information_alternative == pytest.approx(0.7211503, abs=1e-6)


def test_hwang_shih_decani_with_gamma_minus_four_agrees_with_rpact() -> None:
    # rpact 3.3.4: typeOfDesign = "asHSD", gammaA = -4, sided = 2, beta = 0.2
    design = designed(
        information=[0.4, 0.7, 1], spending="hwang_shih_decani", gamma=-4, power=0.8
    )
    assert [s.z for s in design.stages] == pytest.approx(
        [2.90371324, 2.50150198, 2.00378827], abs=1e-6
    )
    assert design.drift == pytest.approx(2.82655990, abs=1e-7)
    assert design.stages[1][-1] == pytest.approx(0.454253629, abs=1e-6)


def test_one_sided_obrien_fleming_agrees_with_rpact() -> None:
    # rpact 3.3.4: typeOfDesign = "asOF", sided = 1, alpha = 0.025, four looks
    assert bounds(information=[0.25, 0.5, 0.75, 1], alpha=0.025, sides=1) == (
        pytest.approx([4.33263365, 2.96313160, 2.35904428, 2.01409014], abs=1e-6)
    )


def test_gamma_zero_spends_in_proportion_to_the_information() -> None:
    stages = group_sequential(
        [0.3, 1], spending="hwang_shih_decani", alpha=0.02, gamma=0
    ).stages
    assert [s.cumulative_alpha for s in stages] == pytest.approx([0.006, 0.02])


def test_gamma_one_spends_most_of_it_early() -> None:
    stages = group_sequential([0.5, 1], spending="hwang_shih_decani", gamma=1).stages
    share = (1 - math.exp(-0.5)) / (1 - math.exp(-1))
    assert stages[0].cumulative_alpha == pytest.approx(0.05 * share, rel=1e-12)


def test_a_single_look_is_the_fixed_design() -> None:
    design = designed(information=[1], sides=1, power=0.8)
    assert design.stages[0].z == pytest.approx(1.6448536269514722)
    assert design.inflation == pytest.approx(1.0)
    assert design.expected_information_null == pytest.approx(1.0)


def test_a_look_with_nothing_to_spend_has_no_bound_and_says_so() -> None:
    result = group_sequential([0.0005, 1])
    assert result.stages[0].z is None
    assert result.stages[0].nominal_p is None
    assert [w.code for w in result.warnings] == ["nothing_spent"]
    assert result.stages[1].z == pytest.approx(1.959963984540054, abs=1e-9)


def test_extreme_gammas_do_not_overflow() -> None:
    late = group_sequential([0.5, 1], "hwang_shih_decani", gamma=-2000)
    assert late.stages[1].z == pytest.approx(1.959963984540054, abs=1e-9)


def test_the_size_of_a_simulated_trial_is_alpha() -> None:
    z = bounds(information=[0.3, 0.6, 1], spending="pocock", alpha=0.1)
    steps = np.random.default_rng(5).normal(size=(200_000, 3)) * np.sqrt(
        [0.3, 0.3, 0.4]
    )
    paths = np.abs(steps.cumsum(axis=1) / np.sqrt([0.3, 0.6, 1.0]))
    size = float((paths >= z).any(axis=1).mean())
    assert size == pytest.approx(0.1, abs=4 * math.sqrt(0.09 / 200_000))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 99), min_size=0, max_size=4, unique=True),
    st.sampled_from(["obrien_fleming", "pocock"]),
    st.sampled_from([1, 2]),
    st.floats(0.001, 0.2),
)
def test_all_of_alpha_is_spent_and_power_is_reached(
    percents: list[int], spending: str, sides: int, alpha: float
) -> None:
    information = [p / 100 for p in sorted(percents)] + [1.0]
    design = designed(
        information=information, spending=spending, alpha=alpha, sides=sides, power=0.85
    )
    assert design.stages[-1].cumulative_alpha == pytest.approx(alpha)
    assert design.stages[-1][-1] == pytest.approx(0.85)
    assert design.inflation >= 1 - 1e-9


@pytest.mark.parametrize(
    ("arguments", "mention"),
    [
        ({"information": [0.6, 0.4, 1]}, "information"),
        ({"information": [0.5, 0.5, 1]}, "information"),
        ({"information": [0, 1]}, "information"),
        ({"information": [0.5, 0.9]}, "exactly 1"),
        ({"information": []}, "information"),
        ({"information": [0.5, math.nan, 1]}, "information"),
        ({"information": [0.5, 1], "spending": "haybittle"}, "haybittle"),
        ({"information": [0.5, 1], "alpha": 0}, "alpha"),
        ({"information": [0.5, 1], "sides": 3}, "sides"),
        ({"information": [0.5, 1], "power": 1}, "power"),
        ({"information": [0.5, 1], "power": 0.02}, "power"),
        ({"information": [0.5, 1], "gamma": -4}, "gamma"),
        ({"information": [0.5, 1], "spending": "hwang_shih_decani"}, "gamma"),
    ],
)
def test_what_is_no_design_is_refused(
    arguments: dict[str, object], mention: str
) -> None:
    with pytest.raises(ValueError, match=mention):
        group_sequential(**arguments)  # type: ignore[arg-type]
