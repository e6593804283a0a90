"""What moving an infusion would do: told before anything is written."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trial.due import Facts, InfusionFact, planned_infusion_dates
from trial.moving import (
    DONE_OUTSIDE,
    RATING_ON_HOLIDAY,
    SITE_CLOSED,
    TOO_EARLY,
    TOO_LATE,
    Course,
    Shift,
    shifts,
)
from trial.protocols import CURRENT

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)
DATES = planned_infusion_dates(CURRENT.infusion, MONDAY)


def course(
    given: int = 0,
    holidays: frozenset[date] = frozenset(),
    attended: dict[str, datetime] | None = None,
) -> Course:
    """From Monday 2 March; the first `given` infusions were given at ten."""
    infusions = tuple(
        InfusionFact(n, on, at(on) if n <= given else None)
        for n, on in enumerate(DATES, 1)
    )
    done = frozenset(attended or {}) | {"screening"}
    facts = Facts(
        "patient", CHINA, date(2026, 2, 20), infusions=infusions, closed_visits=done
    )
    return Course(CURRENT, facts, holidays, attended or {})


def at(on: date, hour: int = 10) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=CHINA)


def by_label(found: tuple[Shift, ...]) -> dict[str, Shift]:
    return {shift.label: shift for shift in found}


def test_a_move_by_a_day_moves_its_rating_and_what_follows() -> None:
    found = by_label(shifts(course(given=1), 2, date(2026, 3, 5)))
    assert found["infusion 2"].new_on == date(2026, 3, 5)
    assert found["24 h after infusion 2"].new_on == date(2026, 3, 6)
    assert "infusion 1" not in found
    assert "24 h after infusion 1" not in found
    assert not [shift for shift in found.values() if shift.breaks]


@pytest.mark.parametrize(
    ("to", "broken"),
    [
        (date(2026, 3, 6), ()),
        (date(2026, 3, 8), (SITE_CLOSED,)),
        (date(2026, 3, 9), ()),
        (date(2026, 3, 10), (TOO_LATE,)),
    ],
)
def test_both_edges_of_the_window_are_inside(to: date, broken: tuple[str, ...]) -> None:
    found = by_label(shifts(course(given=2), 3, to))
    assert (found["infusion 3"].breaks if "infusion 3" in found else ()) == broken


def test_before_its_window_is_said() -> None:
    found = by_label(shifts(course(given=3), 4, date(2026, 3, 8)))
    assert found["infusion 4"].breaks == (TOO_EARLY, SITE_CLOSED)


def test_what_no_window_holds_any_more_is_said() -> None:
    monday = frozenset({date(2026, 3, 16)})
    found = by_label(shifts(course(4, monday), 5, date(2026, 3, 14)))
    assert found["infusion 6"].breaks == (TOO_LATE,)


def test_a_baseline_that_was_done_stays_and_is_named_when_it_falls_outside() -> None:
    done = at(date(2026, 2, 28), 9)
    later = shifts(course(attended={"baseline": done}), 1, date(2026, 3, 4))
    shift = by_label(later)["baseline"]
    assert shift.breaks == (DONE_OUTSIDE,)
    assert shift.new_on == shift.old_on
    still_inside = at(date(2026, 3, 2), 8)
    near = shifts(course(attended={"baseline": still_inside}), 1, date(2026, 3, 4))
    assert "baseline" not in by_label(near)


def test_a_holiday_moves_an_infusion_and_never_a_rating() -> None:
    holiday = date(2026, 3, 12)
    moved = by_label(shifts(course(3, frozenset({holiday})), 4, date(2026, 3, 10)))
    assert moved["infusion 5"].new_on == date(2026, 3, 13)
    found = by_label(shifts(course(3, frozenset({holiday})), 4, date(2026, 3, 11)))
    rating = found["24 h after infusion 4"]
    assert (rating.new_on, rating.breaks) == (holiday, (RATING_ON_HOLIDAY,))


@given(number=st.integers(1, 6), late=st.integers(-3, 10), done=st.integers(0, 5))
def test_what_is_done_never_moves_and_every_rating_follows_its_infusion(
    number: int, late: int, done: int
) -> None:
    if number <= done:
        return
    attended = {f"day{d + 1}": at(d_on) for d, d_on in _rated(done)}
    to = DATES[number - 1] + timedelta(days=late)
    try:
        found = shifts(course(given=done, attended=attended), number, to)
    except ValueError:
        return
    by_number = {s.infusion: s for s in found if s.infusion}
    assert all(n >= number for n in by_number)
    for shift in found:
        if shift.label.startswith("24 h after infusion"):
            n = int(shift.label.rsplit(" ", 1)[1])
            assert n > done
            assert shift.new_on == by_number[n].new_on + timedelta(days=1)
            assert shift.new.closes_at - shift.new.opens_at == timedelta(hours=8)


def _rated(done: int) -> list[tuple[int, date]]:
    days = CURRENT.infusion.study_days
    return [(days[n], DATES[n] + timedelta(days=1)) for n in range(done)]
