"""The rules of the edit checks of ratings: plain values in, what to show out, None
where nothing is wrong. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from assessments.instruments import INSTRUMENTS, Answers, score

Values = Mapping[str, object]
LONG_COURSE = 3
HIGH_TOTAL = 20
ITEMS_FOR_A_PATTERN = 8
THINKS_OF_DYING, HARDLY_THINKS = 4, 1
TOTALS = {"madrs": "MADRS111", "hamd17": "HAMD118"}
DESCRIPTORS = tuple(f"SFMP1{number:02}" for number in range(1, 16))
PPI, VAS_MM = "SFMP116", "SFMP117"
# Scales whose every item has a weight of its own in the total.
PATTERNED = frozenset(TOTALS)


@dataclass(frozen=True)
class RatingFacts:
    """One complete rating, in local time, with what it is held against.

    `before` are the earlier ratings of the same scale, oldest first; `hamd17` the
    answers of the screening where this is the baseline MADRS.
    """

    instrument: str
    answers: Answers
    rated_at: datetime
    window_opens: datetime | None = None
    window_closes: datetime | None = None
    infusion_started_at: datetime | None = None
    infusion_number: int = 0
    before: tuple[Answers, ...] = ()
    hamd17: Answers | None = None


@dataclass(frozen=True)
class AwaitedFacts:
    """A form of the baseline visit, and the start of infusion 1."""

    is_open: bool
    first_infusion_at: datetime | None


def outside_window(facts: RatingFacts) -> Values | None:
    opens, closes, at = facts.window_opens, facts.window_closes, facts.rated_at
    if opens is None or closes is None or opens <= at <= closes:
        return None
    return {
        "rated": _said(at),
        "opens": _said(opens),
        "closes": _said(closes),
    }


def before_its_infusion(facts: RatingFacts) -> Values | None:
    started = facts.infusion_started_at
    if started is None or facts.rated_at >= started:
        return None
    return {
        "rated": _said(facts.rated_at),
        "number": facts.infusion_number,
        "started": _said(started),
    }


def zero_after_high(facts: RatingFacts) -> Values | None:
    if total_of(facts.instrument, facts.answers) != 0:
        return None
    earlier = [total_of(facts.instrument, one) for one in facts.before]
    high = [total for total in earlier if total is not None and total >= HIGH_TOTAL]
    if len(earlier) < LONG_COURSE or len(high) < len(earlier):
        return None
    return {"n": len(earlier), "lowest": int(min(high))}


def identical_throughout(facts: RatingFacts) -> Values | None:
    """All items alike and not 0, which is no pattern but health."""
    values = {value for value in facts.answers.values() if value is not None}
    few = len(facts.answers) < ITEMS_FOR_A_PATTERN
    if few or facts.instrument not in PATTERNED or len(values) != 1 or 0 in values:
        return None
    if None in facts.answers.values():
        return None
    return {"value": values.pop()}


def same_as_before(facts: RatingFacts) -> Values | None:
    if facts.instrument not in PATTERNED or not facts.before:
        return None
    last = facts.before[-1]
    if dict(facts.answers) != dict(last) or not any(facts.answers.values()):
        return None
    return {"n": len(facts.answers)}


def words_without_line(facts: RatingFacts) -> Values | None:
    """Descriptors above 0 while the line says no pain."""
    told = sum(facts.answers.get(code) or 0 for code in DESCRIPTORS)
    if facts.answers.get(VAS_MM) != 0 or told == 0:
        return None
    return {"total": told}


def line_without_words(facts: RatingFacts) -> Values | None:
    """The line says pain while each descriptor and the intensity are 0."""
    millimetres = facts.answers.get(VAS_MM)
    others = [facts.answers.get(code) for code in (*DESCRIPTORS, PPI)]
    if not millimetres or any(value != 0 for value in others):
        return None
    return {"mm": millimetres}


def suicidality_apart(facts: RatingFacts) -> Values | None:
    """MADRS item 10 of baseline against HAMD item 3 of screening."""
    if facts.hamd17 is None:
        return None
    madrs, hamd = facts.answers.get("MADRS110"), facts.hamd17.get("HAMD103")
    if madrs is None or hamd is None:
        return None
    high_then_none = hamd >= THINKS_OF_DYING - 1 and madrs <= HARDLY_THINKS
    none_then_high = hamd == 0 and madrs >= THINKS_OF_DYING
    if not (high_then_none or none_then_high):
        return None
    return {"madrs": madrs, "hamd": hamd}


def baseline_missing(facts: AwaitedFacts) -> Values | None:
    if not facts.is_open or facts.first_infusion_at is None:
        return None
    return {"started": _said(facts.first_infusion_at)}


def total_of(instrument: str, answers: Answers) -> float | None:
    code = TOTALS.get(instrument)
    return score(INSTRUMENTS[instrument], answers).value(code) if code else None


def _said(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
