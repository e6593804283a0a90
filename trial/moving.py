"""What moving an infusion does to the rest of a course: the old, the new, what breaks.

Pure: the page shows it before anything is written, and the rows follow from it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from trial.due import (
    Due,
    Facts,
    Window,
    WindowState,
    day_window,
    due,
    infusion_window,
    is_open,
    moved_infusion_dates,
    window_state,
)
from trial.protocol import Protocol
from trial.words import mark as _

TOO_EARLY = _("before its window opens")
TOO_LATE = _("after its window has closed")
SITE_CLOSED = _("the site gives no infusion on this day")
RATING_ON_HOLIDAY = _("on a holiday of the site: a rating after 24 h is not moved")
DONE_OUTSIDE = _("what was done there will lie outside the new window")


@dataclass(frozen=True)
class Course:
    """One participant's course as it stands. `attended` says when each visit that
    took place did."""

    protocol: Protocol
    facts: Facts
    holidays: frozenset[date] = frozenset()
    attended: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def infusion_dates(self) -> tuple[date, ...]:
        """Each infusion's day: of its start once given, else as planned."""
        return tuple(
            infusion.started_at.astimezone(self.facts.time_zone).date()
            if infusion.started_at
            else infusion.planned_on
            for infusion in self.facts.infusions
        )


@dataclass(frozen=True)
class Shift:
    """An infusion (its number in `infusion`) or a visit that gets another day or
    window, or that breaks a rule. The texts of `breaks` wait for translation."""

    label: str
    old_on: date
    new_on: date
    old: Window
    new: Window
    infusion: int | None = None
    breaks: tuple[str, ...] = ()


def shifts(course: Course, number: int, to: date) -> tuple[Shift, ...]:
    """Everything that changes or breaks when infusion `number` is moved to that day.

    What is done keeps its day and its window, and is named where it falls outside the
    new one. ValueError when the day is too near to the infusion before.
    """
    old = course.infusion_dates
    new = moved_infusion_dates(
        course.protocol.infusion, old, number, to, course.holidays
    )
    following = [
        shift
        for shift in _infusions(course, old, new)
        if shift.infusion is not None and shift.infusion >= number
    ]
    moved = [*following, *_visits(course, new)]
    return tuple(
        shift
        for shift in moved
        if shift.breaks or (shift.old_on, shift.old) != (shift.new_on, shift.new)
    )


def _infusions(
    course: Course, old: tuple[date, ...], new: tuple[date, ...]
) -> Iterator[Shift]:
    plan, zone = course.protocol.infusion, course.facts.time_zone
    labels = {v.infusion: v.label for v in course.protocol.visit_types}
    for infusion, was_on, on in zip(course.facts.infusions, old, new, strict=True):
        opens, closes = infusion_window(plan, new[0], infusion.number)
        before = infusion_window(plan, old[0], infusion.number)
        breaks = {
            TOO_EARLY: on < opens,
            TOO_LATE: on > closes,
            SITE_CLOSED: on != was_on and not is_open(on, course.holidays),
        }
        yield Shift(
            label=labels[infusion.number],
            old_on=was_on,
            new_on=on,
            old=day_window(*before, zone),
            new=day_window(opens, closes, zone),
            infusion=infusion.number,
            breaks=tuple(words for words, broken in breaks.items() if broken),
        )


def _visits(course: Course, new: tuple[date, ...]) -> Iterator[Shift]:
    facts = replace(course.facts, closed_visits=frozenset())
    moved = tuple(
        infusion if infusion.started_at else replace(infusion, planned_on=on)
        for infusion, on in zip(facts.infusions, new, strict=True)
    )
    before = {d.visit_type.code: d for d in due(course.protocol, facts)}
    for after in due(course.protocol, replace(facts, infusions=moved)):
        code = after.visit_type.code
        is_missed = code in course.facts.closed_visits and code not in course.attended
        if after.visit_type.infusion is None and not is_missed:
            yield _visit(course, before[code], after)


def _visit(course: Course, before: Due, after: Due) -> Shift:
    """A visit that took place keeps its day; one to come follows its infusion."""
    attended_at = course.attended.get(after.visit_type.code)
    has_moved = before.window != after.window
    breaks: tuple[str, ...] = ()
    if attended_at is not None:
        stays_inside = window_state(after.window, attended_at) is WindowState.OPEN
        breaks = (DONE_OUTSIDE,) if has_moved and not stays_inside else ()
        after = replace(before, window=after.window if breaks else before.window)
    elif has_moved and after.target_on in course.holidays:
        breaks = (RATING_ON_HOLIDAY,) if after.visit_type.unit == "hours" else ()
    return Shift(
        label=after.visit_type.label,
        old_on=before.target_on,
        new_on=after.target_on,
        old=before.window,
        new=after.window,
        breaks=breaks,
    )
