"""Dates as instruments write them, day and month told apart by evidence only.

ISO dates and dates with points (day first) say what they are. A date with slashes is
read by the evidence of the other dates of the file: a first number above 12 says day
first, a second above 12 month first. AM and PM prove nothing.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal

from labs.luminex.plate import PlateWarning
from labs.luminex.wording import quoted

Order = Literal["day first", "month first"]

_TIME: Final = (
    r"(?:[ T,]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?)?"
)
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>[0-9]{4})([-/.])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})" + _TIME
)
_POINTS: Final = re.compile(
    r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{2}|[0-9]{4})" + _TIME
)
_SLASHES: Final = re.compile(
    r"(?P<first>[0-9]{1,2})([/-])(?P<second_number>[0-9]{1,2})\2"
    r"(?P<year>[0-9]{4}|[0-9]{2})" + _TIME
)
_LONGEST: Final = 80
_BEHIND_WORDS: Final = re.compile(r"(?:[A-Za-z]+ )*(?=[0-9])")


class AmbiguousDateError(ValueError):
    """A date whose day and month nothing tells apart."""


def ambiguous_date(text: str, line: int) -> PlateWarning:
    """The warning for a start whose day and month nothing tells apart."""
    return PlateWarning(
        "ambiguous_date",
        f"{quoted(text)} may name the day or the month first and the file does not say "
        "which, so the start of the run is unknown.",
        line,
    )


def order_of(texts: Iterable[str]) -> Order | None:
    """The order of day and month that all slash dates among `texts` agree on.

    A text counts when it is a date, or words and a date (`Passed 05/17/2023 09:25`).
    None without evidence, and None with evidence for both orders.
    """
    orders: set[Order] = set()
    for text in texts:
        if len(text) > _LONGEST:
            continue
        found = _SLASHES.fullmatch(text, _words_before(text))
        if found:
            orders |= _orders_shown(int(found["first"]), int(found["second_number"]))
    return orders.pop() if len(orders) == 1 else None


def read_date(text: str, order: Order | None) -> datetime | None:
    """The moment a text names, naive; None where it names none.

    A date without a time is midnight. AmbiguousDateError where day and month differ
    and `order` does not tell which is which.
    """
    text = text.strip()
    found = _YEAR_FIRST.fullmatch(text) or _POINTS.fullmatch(text)
    if found:
        return _moment(found, int(found["month"]), int(found["day"]))
    found = _SLASHES.fullmatch(text)
    if not found:
        return None
    first, second = int(found["first"]), int(found["second_number"])
    if first == second:
        return _moment(found, first, second)
    if order is None:
        raise AmbiguousDateError(text)
    day, month = (first, second) if order == "day first" else (second, first)
    return _moment(found, month, day)


def _words_before(text: str) -> int:
    found = _BEHIND_WORDS.match(text)
    return found.end() if found else 0


def _orders_shown(first: int, second: int) -> set[Order]:
    shown: set[Order] = set()
    if first > 12:
        shown.add("day first")
    if second > 12:
        shown.add("month first")
    return shown


def _moment(found: re.Match[str], month: int, day: int) -> datetime | None:
    year = int(found["year"])
    hour, minute = int(found["hour"] or 0), int(found["minute"] or 0)
    half = (found["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        # The instrument's local time: the file names no time zone.
        return datetime(  # noqa: DTZ001
            year if year > 99 else 2000 + year,
            month,
            day,
            hour,
            minute,
            int(found["second"] or 0),
        )
    except ValueError:
        return None
