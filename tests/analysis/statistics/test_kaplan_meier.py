import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.kaplan_meier import kaplan_meier

# Freireich et al. 1963: weeks in remission on 6-mercaptopurine, negative if censored.
WEEKS = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23]
WEEKS += [-25, -32, -32, -34, -35]
REMISSION = pd.DataFrame(
    {
        "weeks": [abs(week) for week in WEEKS],
        "relapse": [int(week > 0) for week in WEEKS],
    }
)


def frame_of(times: list[float], events: list[int]) -> pd.DataFrame:
    return pd.DataFrame({"t": times, "e": events})


def test_the_curve_of_freireichs_trial_is_that_of_the_textbook() -> None:
    # Klein and Moeschberger 2003, table 4.1B: survival and Greenwood's standard error
    result = kaplan_meier(REMISSION, "weeks", "relapse")
    points = {p.time: p for p in result.curve if p.events}
    expected = {
        6: (0.857, 0.076),
        7: (0.807, 0.087),
        10: (0.753, 0.096),
        13: (0.690, 0.107),
        16: (0.627, 0.114),
        22: (0.538, 0.128),
        23: (0.448, 0.135),
    }
    assert list(points) == list(expected)
    for time, (survival, se) in expected.items():
        assert points[time].survival == pytest.approx(survival, abs=6e-4)
        assert points[time].se == pytest.approx(se, abs=6e-4)
    assert result.summary[0]["median"] == 23


def test_events_come_before_censorings_of_the_same_time() -> None:
    result = kaplan_meier(frame_of([5, 5, 8], [1, 0, 1]), "t", "e")
    assert result.curve[0][2:5] == (3, 1, 1)
    assert result.curve[0].survival == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("interval", "lower", "upper"),
    [
        # By hand from S = 0.75 and Greenwood's se of log S, sqrt(1 / 12)
        ("plain", 0.325655, 1.0),
        ("log", 0.425932, 1.0),
        ("log_log", 0.127947, 0.960549),
    ],
)
def test_limits_are_on_the_scale_asked_for(
    interval: str, lower: float, upper: float
) -> None:
    frame = frame_of([1, 2, 3, 4], [1, 0, 0, 0])
    point = kaplan_meier(frame, "t", "e", interval=interval).curve[0]
    assert (point.lower, point.upper) == pytest.approx((lower, upper), abs=1e-6)


def test_a_stretch_at_exactly_one_half_has_its_median_in_the_middle() -> None:
    result = kaplan_meier(frame_of([1, 2, 5, 7], [1, 1, 1, 1]), "t", "e")
    assert result.summary[0]["median"] == 3.5


def test_a_half_that_is_not_exact_in_binary_counts_as_one_half() -> None:
    # 9/10 * 8/9 * 7/8 * 6/7 * 5/6 is 0.5 on paper only.
    times = [float(t) for t in range(1, 11)]
    result = kaplan_meier(frame_of(times, [1] * 10), "t", "e")
    assert result.summary[0]["median"] == 5.5


def test_a_curve_that_stays_at_one_half_has_the_time_it_came_there() -> None:
    result = kaplan_meier(frame_of([1, 2, 5, 7], [1, 1, 0, 0]), "t", "e")
    assert result.summary[0]["median"] == 2


def test_a_median_that_is_not_reached_is_none_and_says_so() -> None:
    result = kaplan_meier(frame_of([1, 2, 3, 4], [1, 0, 0, 0]), "t", "e")
    assert result.summary[0]["median"] is None
    assert [w.code for w in result.warnings] == ["median_not_reached"]


def test_where_the_curve_is_zero_there_is_no_interval() -> None:
    result = kaplan_meier(frame_of([1, 2, 3], [1, 1, 1]), "t", "e")
    assert result.curve[-1][5:] == (0.0, None, None, None)
    assert "curve_reaches_zero" in [w.code for w in result.warnings]


def test_before_the_first_event_both_limits_are_one() -> None:
    point = kaplan_meier(frame_of([1, 2, 3], [0, 1, 1]), "t", "e").curve[0]
    assert point[5:] == (1.0, 0.0, 1.0, 1.0)


def test_restricted_mean_is_the_area_under_the_curve() -> None:
    frame = frame_of([1, 2, 3, 4], [1, 1, 1, 1])
    row = kaplan_meier(frame, "t", "e", horizon=3.5).summary[0]
    # Areas 1, 3/4, 2/4 and half of 1/4; Greenwood's sum over times 1, 2, 3
    variance = 1.375**2 / 12 + 0.625**2 / 6 + 0.125**2 / 2
    assert row["restricted_mean"] == pytest.approx(2.375)
    assert row["restricted_mean_se"] == pytest.approx(math.sqrt(variance))


def test_a_horizon_beyond_the_data_is_warned_of() -> None:
    result = kaplan_meier(frame_of([1, 2], [1, 0]), "t", "e", horizon=5)
    assert result.summary[0]["restricted_mean"] == pytest.approx(3.0)
    assert "horizon_beyond_data" in [w.code for w in result.warnings]


def test_missing_values_are_left_out_and_counted() -> None:
    frame = frame_of([1, math.nan, 3], [1, 1, 0])
    result = kaplan_meier(frame, "t", "e")
    assert (result.n_observations, result.n_left_out) == (2, 1)
    assert result.left_out[0][::2] == ("t", 1)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 1), st.sampled_from("xy")),
        min_size=4,
        max_size=30,
    )
)
def test_row_order_and_the_unit_of_time_change_nothing_else(
    rows: list[tuple[int, int, str]],
) -> None:
    frame = pd.DataFrame([(0, 1, "x"), (0, 1, "y"), *rows], columns=["t", "e", "g"])
    one = kaplan_meier(frame, "t", "e", group="g", horizon=4)
    shuffled = frame.sample(frac=1, random_state=3)
    assert kaplan_meier(shuffled, "t", "e", group="g", horizon=4) == one
    weeks = kaplan_meier(frame.assign(t=frame.t * 7), "t", "e", group="g", horizon=28)
    assert [p.survival for p in weeks.curve] == [p.survival for p in one.curve]
    for a, b in zip(one.summary, weeks.summary, strict=True):
        mean = a["restricted_mean"]
        assert isinstance(mean, float)
        assert b["restricted_mean"] == pytest.approx(7 * mean)


@pytest.mark.parametrize(
    ("change", "arguments", "mention"),
    [
        ({"e": [1, 2, 0]}, {}, "'e' must be 1"),
        ({"t": [1, -2, 3]}, {}, "'t' is negative, -2"),
        ({}, {"interval": "logit"}, "logit"),
        ({}, {"horizon": 0}, "horizon is 0"),
        ({}, {"confidence": 95}, "confidence is 95"),
        ({}, {"group": "arm"}, "arm"),
        ({"g": ["x", "x", "x"]}, {"group": "g"}, "'g'"),
        ({"t": [1, np.inf, 3]}, {}, "infinite"),
    ],
)
def test_what_is_no_survival_time_is_refused(
    change: dict[str, list[float]], arguments: dict[str, object], mention: str
) -> None:
    frame = frame_of([1, 2, 3], [1, 1, 0]).assign(**change)
    with pytest.raises(ValueError, match=mention):
        kaplan_meier(frame, "t", "e", **arguments)  # type: ignore[arg-type]


def test_events_may_be_true_and_false() -> None:
    frame = frame_of([1, 2, 3], [1, 1, 0])
    flags = kaplan_meier(frame.assign(e=frame.e == 1), "t", "e")
    assert flags == kaplan_meier(frame, "t", "e")
    objects = frame.assign(e=(frame.e == 1).astype(object))
    assert kaplan_meier(objects, "t", "e") == flags
