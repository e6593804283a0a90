"""Where each mark of a course stands in a picture in true time."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from desk.marks import Mark

WIDTH = 960
LEFT, RIGHT = 84, 24
MARK = 16
LANES = {"infusion": 18, "rating": 50, "blood": 82}
AXIS = 112


@dataclass(frozen=True)
class Placed:
    """A mark with its corner, and the bar of its window where it is still open."""

    mark: Mark
    x: int
    y: int
    window_x: int
    window_width: int


@dataclass(frozen=True)
class Timeline:
    width: int
    height: int
    axis: int
    left: int
    right: int
    placed: list[Placed]
    days: list[tuple[int, date]]
    today: int | None


def timeline(marks: list[Mark]) -> Timeline | None:
    """None where nothing has a date yet."""
    dated = [(mark, mark.on) for mark in marks if mark.on]
    if not dated:
        return None
    first = min(on for _mark, on in dated) - timedelta(days=1)
    last = max(on for _mark, on in dated) + timedelta(days=1)
    days = (last - first).days

    def x_of(on: date) -> int:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (on - first).days / days)

    placed = []
    for mark, on in dated:
        opens, closes = mark.opens or on, mark.closes or on
        start, end = x_of(max(opens, first)), x_of(min(closes, last))
        x, y = x_of(on) - MARK // 2, LANES[mark.kind]
        placed.append(Placed(mark, x, y, start - 4, end - start + 8))
    step = max(1, days // 10)
    today = timezone.localdate()
    return Timeline(
        width=WIDTH,
        height=AXIS + 24,
        axis=AXIS,
        left=LEFT,
        right=WIDTH - RIGHT,
        placed=placed,
        days=[
            (x_of(d), d) for n in range(0, days, step) if (d := first + timedelta(n))
        ],
        today=x_of(today) if first <= today <= last else None,
    )
