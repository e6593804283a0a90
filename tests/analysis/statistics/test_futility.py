import math

import pytest
from scipy.stats import norm

from analysis.statistics.futility import conditional_power, futility_bounds
from analysis.statistics.group_sequential import group_sequential


def test_efficacy_bounds_do_not_know_of_futility() -> None:
    plain = group_sequential([0.5, 1], alpha=0.025, sides=1)
    design = futility_bounds([0.5, 1])
    assert [s.z for s in design.stages] == [s.z for s in plain.stages]


def test_futility_bounds_agree_with_the_bivariate_normal() -> None:
    design = futility_bounds([0.5, 1], power=0.9)
    # R 4.2, mvtnorm: pnorm(f - d sqrt(.5)) = 2 - 2 pnorm(qnorm(.95) / sqrt(.5)), and
    # pmvnorm(c(f, -Inf), c(2.96258804, 1.96859564), mean = c(d sqrt(.5), d)) plus the
    # former = 0.1 at f = 0.26702501, d = 3.28179972
    assert design.stages[0].futility_z == pytest.approx(0.26702501196, abs=1e-8)
    assert design.drift == pytest.approx(3.28179972384, abs=1e-8)
    assert design.stages[0].cumulative_beta == pytest.approx(0.0200092537161, abs=1e-11)


def test_power_and_type_two_error_are_as_asked_at_the_end() -> None:
    design = futility_bounds(
        [0.3, 0.6, 1], "pocock", "hwang_shih_decani", power=0.8, beta_gamma=-2
    )
    last = design.stages[-1]
    assert last.futility_z == last.z
    assert last.cumulative_beta == pytest.approx(0.2, abs=1e-9)
    assert last.cumulative_power == pytest.approx(0.8, abs=1e-9)
    assert design.inflation > 1


def test_conditional_power_with_one_look_left_is_the_normal_tail() -> None:
    result = conditional_power(1.2, 0.5, [1], [1.9686], drift=2.8)
    for belief, have in [
        (2.8, result.design),
        (1.2 / math.sqrt(0.5), result.current_trend),
        (0.0, result.null),
    ]:
        mean = 1.2 * math.sqrt(0.5) + 0.5 * belief
        assert have == pytest.approx(norm.sf((1.9686 - mean) / math.sqrt(0.5)))


def test_conditional_power_before_everything_tends_to_the_power() -> None:
    design = group_sequential([0.5, 1], alpha=0.025, sides=1, power=0.8)
    z = [s.z for s in design.stages if s.z is not None]
    drift = design.to_dict()["drift"]
    near = conditional_power(drift * 1e-4, 1e-8, [0.5, 1], z, drift)
    assert near.design == pytest.approx(0.8, abs=1e-4)


def test_without_a_drift_the_power_of_the_design_is_none_with_a_warning() -> None:
    result = conditional_power(1.2, 0.5, [1], [1.97])
    assert result.design is None
    assert [w.code for w in result.warnings] == ["no_drift"]


@pytest.mark.parametrize(
    ("arguments", "mention"),
    [
        ((math.inf, 0.5, [1], [1.97]), "z is inf"),
        ((1.2, 1, [1], [1.97]), "information is 1"),
        ((1.2, 0.5, [0.4, 1], [2.1, 1.97]), "information"),
        ((1.2, 0.5, [0.7, 1], [1.97]), "later_bounds"),
    ],
)
def test_an_interim_look_that_cannot_be_is_refused(
    arguments: tuple[float, float, list[float], list[float]], mention: str
) -> None:
    with pytest.raises(ValueError, match=mention):
        conditional_power(*arguments)


def test_beta_spending_is_refused_by_its_own_name() -> None:
    with pytest.raises(ValueError, match="beta_spending is 'slow'"):
        futility_bounds([0.5, 1], beta_spending="slow")
