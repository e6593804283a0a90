"""One value of the wells of a specimen, by hand."""

import math

import pytest

from labs.assessing import OfFile
from labs.valuation import Range, Value, WellSeen, of_runs, value_of

# y = 10 + 990 / (1 + (x/100)**-1): x = 100 (y - 10) / (1000 - y)
CURVE = OfFile({"A": 10.0, "B": 1000.0, "C": 100.0, "D": -1.0})
RANGE = Range(CURVE, lloq=2.0, uloq=400.0)


def well(
    net: float | None, flag: str = "in_range", bound: float | None = None
) -> WellSeen:
    return WellSeen(net, 2.0, None, flag, bound)


def x_of(net: float) -> float:
    return 2 * 100 * (net - 10) / (1000 - net)


def test_the_value_is_back_calculated_from_the_mean_net_of_the_duplicates() -> None:
    value = value_of([well(100), well(300)], RANGE)
    assert value.concentration == pytest.approx(x_of(200))
    assert value.concentration != pytest.approx((x_of(100) + x_of(300)) / 2)
    assert (value.flag, value.n) == ("in_range", 2)
    singles = [x_of(100), x_of(300)]
    sd = abs(singles[0] - singles[1]) / math.sqrt(2)
    assert value.cv == pytest.approx(100 * sd / (sum(singles) / 2))


def test_limits_are_those_of_the_standards_times_the_dilution() -> None:
    value = value_of([well(100)], RANGE)
    assert (value.lloq, value.uloq) == (4.0, 800.0)


@pytest.mark.parametrize(
    ("net", "flag"), [(25, "below"), (200, "in_range"), (900, "above")]
)
def test_beyond_the_limits_the_number_stands_with_its_flag(
    net: float, flag: str
) -> None:
    value = value_of([well(net)], RANGE)
    assert value.concentration == pytest.approx(x_of(net))
    assert (value.flag, value.bound) == (flag, None)


def test_outside_the_curve_there_is_no_number_only_the_printed_bound() -> None:
    low = value_of([well(5, "below", 1.5), well(8, "below", 1.25)], RANGE)
    assert (low.concentration, low.flag, low.bound) == (None, "below", 1.5)
    high = value_of([well(1200, "above", 900), well(1100, "above", 950)], RANGE)
    assert (high.concentration, high.flag, high.bound) == (None, "above", 900)


def test_one_of_two_is_never_dropped() -> None:
    """The second well alone has no answer on the curve; the mean of both has."""
    value = value_of([well(200), well(5, "below", 1.5)], RANGE)
    assert value.concentration == pytest.approx(x_of(102.5))
    assert value.n == 2


def test_wells_without_a_signal_give_nothing() -> None:
    assert value_of([well(None)], RANGE).flag == "not_available"


def test_wells_of_two_dilutions_are_each_taken_by_their_own() -> None:
    wells = [WellSeen(100, 2, None, "", None), WellSeen(100, 4, None, "", None)]
    value = value_of(wells, RANGE)
    assert value.concentration == pytest.approx(1.5 * x_of(100))


def run(x: float | None, flag: str = "in_range", bound: float | None = None) -> Value:
    return Value(x, None, flag, bound, 4.0, 800.0, 2)


def test_two_runs_give_their_mean_and_the_narrower_limits() -> None:
    other = Value(30.0, None, "in_range", None, 5.0, 700.0, 2)
    both = of_runs(run(10.0), other)
    assert (both.concentration, both.lloq, both.uloq, both.n) == (20.0, 5.0, 700.0, 4)
    assert both.cv == pytest.approx(100 * math.sqrt(200) / 20)


def test_runs_that_agree_to_be_below_keep_the_bound_that_holds_for_both() -> None:
    both = of_runs(run(None, "below", 1.0), run(None, "below", 2.0))
    assert (both.concentration, both.flag, both.bound) == (None, "below", 2.0)


def test_runs_of_which_one_has_no_number_give_none() -> None:
    both = of_runs(run(10.0), run(None, "below", 2.0))
    assert (both.concentration, both.flag, both.bound) == (None, "not_available", None)
