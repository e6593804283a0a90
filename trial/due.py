"""What is due when, from the infusions given where they were, planned where not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from trial.protocol import Arm, InfusionPlan, Protocol, VisitType

SATURDAY_AND_SUNDAY = frozenset({5, 6})


@dataclass(frozen=True)
class InfusionFact:
    """An infusion as far as it is known: its planned date, and its start once given.
    One that was not given anchors nothing."""

    number: int
    planned_on: date
    started_at: datetime | None = None
    not_given: bool = False


@dataclass(frozen=True)
class Facts:
    """What the schedule of one participant follows from. `closed_visits` are the codes
    of visits attended or missed: nothing moves them any more. `infusion_at` is the
    usual local time of an infusion, for ratings whose infusion is still planned."""

    arm: Arm
    time_zone: ZoneInfo
    screened_on: date
    enrolled_on: date | None = None
    infusions: tuple[InfusionFact, ...] = ()
    closed_visits: frozenset[str] = frozenset()
    infusion_at: time = time(10)


@dataclass(frozen=True)
class Window:
    """From `opens_at` to `closes_at`, both inside. Windows in days run from the first
    to the last instant of local days; those in hours are instants."""

    opens_at: datetime
    closes_at: datetime


class WindowState(Enum):
    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Due:
    """A visit that is still to come or late. `provisional` while its anchor is only
    planned."""

    visit_type: VisitType
    target_on: date
    window: Window
    provisional: bool


def due(protocol: Protocol, facts: Facts) -> tuple[Due, ...]:
    """Every open visit whose anchor is known, in the order of time."""
    found = [
        visit
        for visit_type in protocol.visits_of(facts.arm)
        if visit_type.code not in facts.closed_visits
        if (visit := _due(visit_type, facts)) is not None
    ]
    return tuple(sorted(found, key=lambda visit: visit.window.closes_at))


def window_state(window: Window, now: datetime) -> WindowState:
    """Where `now`, an aware time, stands to a window whose ends are inside."""
    if now < window.opens_at:
        return WindowState.NOT_YET
    return WindowState.OPEN if now <= window.closes_at else WindowState.CLOSED


def planned_infusion_dates(
    plan: InfusionPlan,
    first: date,
    holidays: Collection[date] = (),
    weekend: Collection[int] = SATURDAY_AND_SUNDAY,
) -> tuple[date, ...]:
    """The dates of the course from its first, each on a day when the site is open.

    `weekend` holds weekdays, Monday being 0. The first date is taken as given.
    """
    return moved_infusion_dates(plan, (first,), 1, first, holidays, weekend)


def moved_infusion_dates(
    plan: InfusionPlan,
    planned: Sequence[date],
    number: int,
    to: date,
    holidays: Collection[date] = (),
    weekend: Collection[int] = SATURDAY_AND_SUNDAY,
) -> tuple[date, ...]:
    """The dates of the course when infusion `number` is moved: those before it stay,
    each after it gets the first open day of its window that is `least_days_between`
    from the one before, so that a move pushes no more than it must. Where a window
    holds no such day the infusion comes after it. The date moved to is taken as given.

    ValueError when it comes too close to the infusion before.
    """
    dates = list(planned[: number - 1])
    if dates and (to - dates[-1]).days < plan.least_days_between:
        raise ValueError(
            f"infusion {number} must come {plan.least_days_between} days or more "
            f"after infusion {number - 1}"
        )
    dates.append(to)
    for later in range(number + 1, len(plan.study_days) + 1):
        opens, _closes = infusion_window(plan, dates[0], later)
        earliest = dates[-1] + timedelta(days=plan.least_days_between)
        dates.append(_next_open_day(max(opens, earliest), holidays, weekend))
    return tuple(dates)


def infusion_window(
    plan: InfusionPlan, first_on: date, number: int
) -> tuple[date, date]:
    """The first and the last day on which infusion `number` may be given, when the
    first is given on `first_on`."""
    opens = first_on + timedelta(days=plan.study_days[number - 1] - 1)
    closes = opens + timedelta(days=plan.most_days_late if number > 1 else 0)
    return opens, closes


def is_open(
    on: date,
    holidays: Collection[date],
    weekend: Collection[int] = SATURDAY_AND_SUNDAY,
) -> bool:
    """Whether the site gives infusions on that day."""
    return on not in holidays and on.weekday() not in weekend


def day_window(first: date, last: date, time_zone: ZoneInfo) -> Window:
    """Whole local days, from the first instant of `first` to the last of `last`."""
    midnight_after = datetime.combine(last + timedelta(days=1), time(), time_zone)
    last_instant = midnight_after.astimezone(UTC) - timedelta(microseconds=1)
    opens_at = datetime.combine(first, time(), time_zone)
    return Window(opens_at, last_instant.astimezone(time_zone))


def _next_open_day(
    on: date, holidays: Collection[date], weekend: Collection[int]
) -> date:
    while not is_open(on, holidays, weekend):
        on += timedelta(days=1)
    return on


def _due(visit_type: VisitType, facts: Facts) -> Due | None:
    anchored = _anchor(visit_type, facts)
    if anchored is None:
        return None
    at, provisional = anchored
    if visit_type.unit == "hours":
        return _due_in_hours(visit_type, at, provisional, facts.time_zone)
    target_on = at.astimezone(facts.time_zone).date() + timedelta(visit_type.offset)
    window = day_window(
        target_on - timedelta(visit_type.before),
        target_on + timedelta(visit_type.after),
        facts.time_zone,
    )
    if visit_type.ends_at_anchor and not provisional:
        window = Window(window.opens_at, at.astimezone(facts.time_zone))
    return Due(visit_type, target_on, window, provisional)


def _due_in_hours(
    visit_type: VisitType, at: datetime, provisional: bool, time_zone: ZoneInfo
) -> Due:
    """Hours are counted in UTC: a clock that is put forward in the night would
    otherwise make "24 hours later" 23 or 25 of them."""
    target, opens_at, closes_at = (
        (at.astimezone(UTC) + timedelta(hours=hours)).astimezone(time_zone)
        for hours in (
            visit_type.offset,
            visit_type.offset - visit_type.before,
            visit_type.offset + visit_type.after,
        )
    )
    window = Window(opens_at, closes_at)
    return Due(visit_type, target.date(), window, provisional)


def _anchor(visit_type: VisitType, facts: Facts) -> tuple[datetime, bool] | None:
    """The anchor's time and whether it is only planned; None while it is unknown."""
    if visit_type.anchor.event == "infusion":
        return _infusion_anchor(visit_type, facts)
    on = facts.screened_on
    if visit_type.anchor.event == "enrolment":
        if facts.enrolled_on is None:
            return None
        on = facts.enrolled_on
    return datetime.combine(on, facts.infusion_at, facts.time_zone), False


def _infusion_anchor(
    visit_type: VisitType, facts: Facts
) -> tuple[datetime, bool] | None:
    for infusion in facts.infusions:
        if infusion.number != visit_type.anchor.number or infusion.not_given:
            continue
        if infusion.started_at is not None:
            return infusion.started_at, False
        planned = datetime.combine(
            infusion.planned_on, facts.infusion_at, facts.time_zone
        )
        return planned, True
    return None
