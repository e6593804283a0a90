"""From answers to totals, problems and alerts: one way for every instrument."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assessments.instruments.definition import (
    Alert,
    Answers,
    Instrument,
    Item,
    Total,
)
from assessments.instruments.words import Message
from assessments.instruments.words import mark as _


@dataclass(frozen=True)
class Score:
    """A total, or None with the note that says why there is none. A total that leaves
    an item out because it was not assessed has a note too."""

    code: str
    name: str
    value: float | None
    note: Message | None = None


@dataclass(frozen=True)
class Scores(Mapping[str, Score]):
    """Every total of one answer sheet by its code, in the order of the form."""

    totals: tuple[Score, ...]

    def __getitem__(self, code: str) -> Score:
        for total in self.totals:
            if total.code == code:
                return total
        raise KeyError(code)

    def __iter__(self) -> Iterator[str]:
        return (total.code for total in self.totals)

    def __len__(self) -> int:
        return len(self.totals)

    def value(self, code: str) -> float | None:
        return self[code].value


@dataclass(frozen=True)
class Problem:
    """What is wrong with one answer, in a sentence that says what is allowed."""

    code: str
    message: Message


def score(instrument: Instrument, answers: Answers) -> Scores:
    """Every total of `instrument`; an answer out of range counts as none."""
    return Scores(
        tuple(_score(instrument, total, answers) for total in instrument.totals)
    )


def problems(instrument: Instrument, answers: Answers) -> tuple[Problem, ...]:
    """What is wrong with the answers given; a missing answer is no problem here."""
    found = [
        Problem(code, Message(_("%(instrument)s has no item %(code)s"), names))
        for code in answers
        if code not in {item.code for item in instrument.items}
        for names in [{"instrument": instrument.abbreviation, "code": code}]
    ]
    asked = instrument.asked(answers)
    for item in instrument.items:
        answer = answers.get(item.code)
        if answer is None:
            continue
        if not item.accepts(answer):
            found.append(_out_of_range(instrument, item))
        elif item not in asked:
            found.append(_asked_too_early(instrument, item))
        elif _both_alternatives(instrument, item, answers):
            found.append(_answered_twice(instrument, item))
    return tuple(found)


def alerts(
    instrument: Instrument, answers: Answers, own_baseline: Answers | None = None
) -> tuple[Alert, ...]:
    """The suicidality rules that these answers meet, complete or not.

    `own_baseline` is the person's first sheet; without it no rise can be seen, and an
    item that it leaves open counts as 0: rather one call too many. An answer out of
    range meets no rule.
    """
    return tuple(
        alert
        for alert in instrument.alerts
        if _meets(alert, instrument.item(alert.item), answers, own_baseline)
    )


def _score(instrument: Instrument, total: Total, answers: Answers) -> Score:
    asked = [item for item in instrument.asked(answers) if item.code in total.items]
    given = {
        item.code: answer
        for item in asked
        if (answer := answers.get(item.code)) is not None and item.accepts(answer)
    }
    needed = {item.slot for item in asked}
    answered = {item.slot for item in asked if item.code in given}
    if answered < needed:
        counts: dict[str, str | int | Message] = {
            "answered": len(answered),
            "needed": len(needed),
        }
        why = Message(_("%(answered)s of %(needed)s items answered"), counts)
        return Score(total.code, total.name, None, why)
    twice = [item for item in asked if _both_alternatives(instrument, item, answers)]
    if twice:
        why = _answered_twice(instrument, twice[0]).message
        return Score(total.code, total.name, None, why)
    assessed = {
        item.code: given[item.code]
        for item in asked
        if item.code in given and given[item.code] != item.not_assessed
    }
    left_out = answered - {item.slot for item in asked if item.code in assessed}
    note = _left_out(instrument, left_out) if left_out else None
    return Score(total.code, total.name, _value(total, assessed), note)


def _value(total: Total, given: Mapping[str, int]) -> float:
    if total.rule == "sum":
        return sum(given.values())
    if total.rule == "tenths":
        return sum(given.values()) / 10
    if total.rule == "any_yes":
        return int(any(given.values()))
    return max(
        (place for place, code in enumerate(total.items, 1) if given.get(code)),
        default=0,
    )


def _both_alternatives(instrument: Instrument, item: Item, answers: Answers) -> bool:
    """Whether `item` and the item that it stands in for were both assessed."""
    if item.alternative_to is None:
        return False
    first = instrument.item(item.alternative_to)
    return _is_assessed(first, answers) and _is_assessed(item, answers)


def _is_assessed(item: Item, answers: Answers) -> bool:
    answer = answers.get(item.code)
    return item.accepts(answer) and answer != item.not_assessed


def _meets(
    alert: Alert, item: Item, answers: Answers, own_baseline: Answers | None
) -> bool:
    answer = answers.get(item.code)
    if answer is None or not item.accepts(answer):
        return False
    if alert.at_least is not None and answer >= alert.at_least:
        return True
    if alert.rise is None or own_baseline is None:
        return False
    before = own_baseline.get(alert.item_at_baseline or alert.item) or 0
    return answer - before >= alert.rise


def _named(instrument: Instrument, item: Item) -> dict[str, str | int | Message]:
    return {
        "instrument": instrument.abbreviation,
        "number": item.number,
        "item": item.name,
    }


def _out_of_range(instrument: Instrument, item: Item) -> Problem:
    values = _named(instrument, item) | {"allowed": item.allowed}
    if len(instrument.items) == 1:
        text = _("%(instrument)s, %(item)s, must be %(allowed)s")
    else:
        text = _("%(instrument)s item %(number)s, %(item)s, must be %(allowed)s")
    return Problem(item.code, Message(text, values))


def _asked_too_early(instrument: Instrument, item: Item) -> Problem:
    earlier = ", ".join(
        instrument.item(code).number for code in item.asked_after_yes_to
    )
    text = _(
        "%(instrument)s item %(number)s, %(item)s, is asked only after a yes "
        "to item %(earlier)s"
    )
    return Problem(
        item.code, Message(text, _named(instrument, item) | {"earlier": earlier})
    )


def _answered_twice(instrument: Instrument, item: Item) -> Problem:
    first = instrument.item(item.slot)
    text = _(
        "%(instrument)s items %(first)s and %(number)s answer one question: "
        "rate one of them"
    )
    values = _named(instrument, item) | {"first": first.number}
    return Problem(item.code, Message(text, values))


def _left_out(instrument: Instrument, slots: set[str]) -> Message:
    numbers = ", ".join(
        item.number for item in instrument.items if item.code in sorted(slots)
    )
    return Message(
        _("without item %(numbers)s, which was not assessed"), {"numbers": numbers}
    )
