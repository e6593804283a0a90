from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trial.due import (
    Due,
    Facts,
    InfusionFact,
    Window,
    WindowState,
    day_window,
    due,
    infusion_window,
    is_open,
    moved_infusion_dates,
    planned_infusion_dates,
    window_state,
)
from trial.protocols import CURRENT

PLAN = CURRENT.infusion
CHINA = ZoneInfo("Asia/Shanghai")
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York")]
)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
MONDAY = date(2026, 3, 2)
COURSE = planned_infusion_dates(PLAN, MONDAY)


def facts(
    *infusions: InfusionFact, zone: ZoneInfo = CHINA, closed: tuple[str, ...] = ()
) -> Facts:
    return Facts(
        arm="patient",
        time_zone=zone,
        screened_on=date(2026, 2, 20),
        infusions=infusions,
        closed_visits=frozenset(closed),
    )


def planned(dates: tuple[date, ...]) -> list[InfusionFact]:
    return [InfusionFact(number, on) for number, on in enumerate(dates, 1)]


def by_code(found: tuple[Due, ...]) -> dict[str, Due]:
    return {visit.visit_type.code: visit for visit in found}


def test_a_course_from_monday_is_monday_wednesday_friday_twice() -> None:
    days = [(on - MONDAY).days + 1 for on in COURSE]
    assert days == [1, 3, 5, 8, 10, 12]


def test_another_start_day_shifts_the_rest_off_the_weekend() -> None:
    dates = planned_infusion_dates(PLAN, date(2026, 3, 3))
    assert [on.strftime("%a") for on in dates] == [
        "Tue",
        "Thu",
        "Mon",
        "Wed",
        "Fri",
        "Mon",
    ]


def test_a_holiday_moves_an_infusion_to_the_next_open_day() -> None:
    dates = planned_infusion_dates(PLAN, MONDAY, holidays={date(2026, 3, 4)})
    assert dates[1] == date(2026, 3, 5)
    assert dates[2] == date(2026, 3, 9)


def test_a_moved_infusion_moves_what_follows_and_not_what_came_before() -> None:
    moved = moved_infusion_dates(PLAN, COURSE, 3, date(2026, 3, 9))
    assert moved[:2] == COURSE[:2]
    assert moved[2:] == (
        date(2026, 3, 9),
        date(2026, 3, 11),
        date(2026, 3, 13),
        date(2026, 3, 16),
    )


def test_an_infusion_cannot_be_moved_next_to_the_one_before() -> None:
    with pytest.raises(ValueError, match="infusion 3 must come 2 days or more after"):
        moved_infusion_dates(PLAN, COURSE, 3, date(2026, 3, 5))


@given(
    first=DAYS,
    number=st.integers(1, 6),
    late=st.integers(-2, 6),
    holidays=st.sets(st.integers(0, 24), max_size=6),
)
def test_what_follows_a_moved_infusion_stays_inside_wherever_a_day_is_left(
    first: date, number: int, late: int, holidays: set[int]
) -> None:
    """Every start, every infusion, every offset from two days before to four after its
    window, with holidays anywhere in the course."""
    closed = {first + timedelta(days=n) for n in holidays}
    course = planned_infusion_dates(PLAN, first, closed)
    to = course[number - 1] + timedelta(days=late)
    least = timedelta(days=PLAN.least_days_between)
    if number > 1 and to - course[number - 2] < least:
        with pytest.raises(ValueError, match=f"infusion {number} must come"):
            moved_infusion_dates(PLAN, course, number, to, closed)
        return
    moved = moved_infusion_dates(PLAN, course, number, to, closed)
    assert moved[:number] == (*course[: number - 1], to)
    for later in range(number + 1, 7):
        on, before = moved[later - 1], moved[later - 2]
        opens, closes = infusion_window(PLAN, moved[0], later)
        assert on - before >= least
        assert is_open(on, closed)
        left = [
            day
            for n in range((closes - opens).days + 1)
            if is_open(day := opens + timedelta(days=n), closed)
            and day - before >= least
        ]
        assert on in left if left else on > closes


@pytest.mark.parametrize(
    ("late", "inside"), [(-1, False), (0, True), (3, True), (4, False)]
)
def test_both_edges_of_an_infusions_window_are_inside(late: int, inside: bool) -> None:
    opens, closes = infusion_window(PLAN, MONDAY, 3)
    assert (opens, closes) == (date(2026, 3, 6), date(2026, 3, 9))
    on = date(2026, 3, 6) + timedelta(days=late)
    assert (opens <= on <= closes) is inside


@settings(deadline=None, derandomize=True)
@given(first=DAYS, holidays=st.sets(DAYS, max_size=5))
def test_infusions_after_the_first_fall_on_open_days_far_enough_apart(
    first: date, holidays: set[date]
) -> None:
    dates = planned_infusion_dates(PLAN, first, holidays)
    assert len(dates) == 6
    for before, after in pairwise(dates):
        assert (after - before).days >= PLAN.least_days_between
        assert after not in holidays
        assert after.weekday() < 5


def test_a_rating_is_due_24_hours_after_the_actual_start() -> None:
    started = datetime(2026, 3, 2, 10, 30, tzinfo=CHINA)
    visit = by_code(due(CURRENT, facts(InfusionFact(1, MONDAY, started))))["day2"]
    assert visit.window.opens_at == started + timedelta(hours=20)
    assert visit.window.closes_at == started + timedelta(hours=28)
    assert visit.target_on == date(2026, 3, 3)
    assert not visit.provisional


def test_a_rating_after_a_planned_infusion_is_provisional() -> None:
    visit = by_code(due(CURRENT, facts(InfusionFact(1, MONDAY))))["day2"]
    assert visit.provisional
    assert visit.window.opens_at == datetime(2026, 3, 3, 6, tzinfo=CHINA)


def test_24_hours_stay_24_in_the_night_when_the_clock_changes() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    started = datetime(2026, 3, 28, 10, tzinfo=berlin)
    found = due(CURRENT, facts(InfusionFact(1, started.date(), started), zone=berlin))
    opens_at = by_code(found)["day2"].window.opens_at
    assert opens_at.astimezone(UTC) - started.astimezone(UTC) == timedelta(hours=20)
    assert opens_at.hour == 7


def test_day_26_counts_from_the_actual_sixth_infusion() -> None:
    started = datetime(2026, 3, 16, 10, tzinfo=CHINA)
    found = by_code(due(CURRENT, facts(InfusionFact(6, COURSE[5], started))))
    assert found["day26"].target_on == date(2026, 3, 30)
    assert found["day13"].target_on == date(2026, 3, 17)


def test_the_baseline_is_over_when_the_first_infusion_starts() -> None:
    started = datetime(2026, 3, 2, 10, 30, tzinfo=CHINA)
    planned_only = by_code(due(CURRENT, facts(InfusionFact(1, MONDAY))))["baseline"]
    assert planned_only.window.closes_at.date() == MONDAY
    given_now = by_code(due(CURRENT, facts(InfusionFact(1, MONDAY, started))))
    assert given_now["baseline"].window.closes_at == started
    assert given_now["baseline"].window.opens_at == datetime(2026, 2, 27, tzinfo=CHINA)


def test_an_infusion_that_was_not_given_anchors_no_rating() -> None:
    found = by_code(due(CURRENT, facts(InfusionFact(1, MONDAY, not_given=True))))
    assert "day2" not in found


def test_before_infusions_are_planned_only_screening_is_due() -> None:
    assert list(by_code(due(CURRENT, facts()))) == ["screening"]


def test_a_control_gives_blood_from_the_day_of_enrolment_on() -> None:
    person = Facts("control", CHINA, date(2026, 3, 1))
    assert due(CURRENT, person) == ()
    enrolled = Facts("control", CHINA, date(2026, 3, 1), date(2026, 3, 5))
    (visit,) = due(CURRENT, enrolled)
    assert visit.window.opens_at == datetime(2026, 3, 5, tzinfo=CHINA)


def test_what_is_done_does_not_move_when_an_infusion_does() -> None:
    first, second, *rest = planned(COURSE)
    given_first = InfusionFact(1, first.planned_on, datetime(2026, 3, 2, 2, tzinfo=UTC))
    done = ("screening", "baseline", "infusion1", "day2")
    before = by_code(
        due(CURRENT, facts(given_first, second, *rest, closed=done)),
    )
    later = moved_infusion_dates(PLAN, COURSE, 2, date(2026, 3, 5))
    after = by_code(
        due(CURRENT, facts(given_first, *planned(later)[1:], closed=done)),
    )
    assert not set(done) & set(after)
    assert set(before) == set(after)
    for code, visit in after.items():
        assert visit.window.opens_at > before[code].window.opens_at


@settings(deadline=None, derandomize=True)
@given(first=DAYS, length=st.integers(0, 60), zone=ZONES)
def test_both_ends_of_a_window_in_days_are_inside(
    first: date, length: int, zone: ZoneInfo
) -> None:
    last = first + timedelta(days=length)
    window = day_window(first, last, zone)
    assert window.opens_at == datetime.combine(first, time(), zone)
    assert window.closes_at.date() == last
    _check_edges(window)
    tomorrow = datetime.combine(last + timedelta(days=1), time(), zone)
    assert window_state(window, tomorrow) is WindowState.CLOSED


@settings(deadline=None, derandomize=True)
@given(
    started=st.datetimes(
        datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        datetime(2035, 12, 31),  # noqa: DTZ001
        timezones=ZONES,
    ),
    number=st.integers(1, 6),
)
def test_both_ends_of_a_window_in_hours_are_inside(
    started: datetime, number: int
) -> None:
    infusion = InfusionFact(number, started.date(), started)
    code = f"day{PLAN.study_days[number - 1] + 1}"
    window = by_code(due(CURRENT, facts(infusion)))[code].window
    _check_edges(window)
    length = window.closes_at.astimezone(UTC) - window.opens_at.astimezone(UTC)
    assert length == timedelta(hours=8)


def _check_edges(window: Window) -> None:
    moment = timedelta(microseconds=1)
    opens_at = window.opens_at.astimezone(UTC)
    closes_at = window.closes_at.astimezone(UTC)
    assert window_state(window, opens_at - moment) is WindowState.NOT_YET
    assert window_state(window, opens_at) is WindowState.OPEN
    assert window_state(window, closes_at) is WindowState.OPEN
    assert window_state(window, closes_at + moment) is WindowState.CLOSED
