"""The rules of the edit checks of specimens: plain values in, what to show out.

Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

Values = Mapping[str, object]
DRAWN_FROM_HOUR, DRAWN_UNTIL_HOUR = 7, 20


@dataclass(frozen=True)
class DrawFacts:
    """A tube that was drawn, in local time."""

    drawn_at: datetime
    consented_on: date | None


@dataclass(frozen=True)
class OwedFacts:
    """A visit at which blood is drawn: whether it was attended, what is recorded."""

    is_attended: bool
    is_recorded: bool


def before_consent(facts: DrawFacts) -> Values | None:
    if facts.consented_on is None or facts.drawn_at.date() >= facts.consented_on:
        return None
    return {
        "drawn": f"{facts.drawn_at:%Y-%m-%d}",
        "consented": str(facts.consented_on),
    }


def drawn_outside_hours(facts: DrawFacts) -> Values | None:
    minutes = facts.drawn_at.hour * 60 + facts.drawn_at.minute
    if DRAWN_FROM_HOUR * 60 <= minutes <= DRAWN_UNTIL_HOUR * 60:
        return None
    return {"time": f"{facts.drawn_at:%H:%M}"}


def neither_blood_nor_reason(facts: OwedFacts) -> Values | None:
    return {} if facts.is_attended and not facts.is_recorded else None
