"""A printed number keeps its digits, and with them what rounding leaves open."""

import pytest

from analysis.paper.printed import Printed, Range, magnitude, spread


def test_digits_say_how_far_a_number_may_have_been_rounded() -> None:
    for text, low, high in (("12.40", 12.395, 12.405), ("12.4", 12.35, 12.45)):
        found = Printed(text).range
        assert (found.low, found.high) == pytest.approx((low, high))


def test_a_bound_reaches_down_to_nothing() -> None:
    assert Printed("<0.001").range == Range(0.0, 0.001)
    assert Printed("<0.001").shows(0.0009)
    assert not Printed("<0.001").shows(0.001)


def test_a_half_may_be_rounded_either_way() -> None:
    assert Printed("31.6").shows(31.65)
    assert Printed("31.7").shows(31.65)
    assert not Printed("31.6").shows(31.66)


def test_text_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="n/a"):
        Printed("n/a")


def test_ranges_that_only_touch_do_not_meet() -> None:
    # 36.75 and 43.35 average 40.05, which 40.0 may have been rounded from at most.
    assert not Printed("40.0").range.meets(Range((36.75 + 43.35) / 2, 40.15))
    assert Printed("40.1").range.meets(Range((36.75 + 43.35) / 2, 40.15))
    assert not Range((36.75 + 43.35) / 2, 40.15).meets(Printed("40.0").range)
    assert not Range(0.1, 0.3).meets(Range(0.3 - 1e-16, 0.4))
    assert not Range(0.3 - 1e-16, 0.4).meets(Range(0.1, 0.3))


def test_spread_is_taken_over_all_corners() -> None:
    assert spread(lambda a, b: a - b, Range(1, 2), Range(10, 20)) == Range(-19, -8)


def test_magnitude_of_a_range_across_nought_begins_at_nought() -> None:
    assert magnitude(Range(-3, 2)) == Range(0, 3)
    assert magnitude(Range(-3, -2)) == Range(2, 3)
