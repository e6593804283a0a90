"""What an instrument is: items with their ranges, totals and how they are made.

An answer sheet is a mapping from item code to a whole number, or None where the item
has no answer; the reason for a missing answer is kept elsewhere. Everything here is a
frozen value, so a new scale is one file of values and one test.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assessments.instruments.words import Message
from assessments.instruments.words import mark as _

Answers = Mapping[str, int | None]

Kind = Literal["choice", "yes_no", "count", "millimetres"]
Rule = Literal["sum", "tenths", "highest_yes", "any_yes"]
FilledBy = Literal["rater", "participant", "observer"]


@dataclass(frozen=True)
class Choice:
    value: int
    label: str


@dataclass(frozen=True)
class Item:
    """One question. `choices` may name only some of the values: MADRS has anchors at
    even numbers and takes the odd ones too."""

    code: str
    number: str
    name: str
    lowest: int
    highest: int
    choices: tuple[Choice, ...] = ()
    kind: Kind = "choice"
    not_assessed: int | None = None
    alternative_to: str | None = None
    asked_after_yes_to: tuple[str, ...] = ()
    group: str = ""

    def accepts(self, answer: object) -> bool:
        """Whether `answer` is a whole number that this item may have."""
        if isinstance(answer, bool) or not isinstance(answer, int):
            return False
        return self.lowest <= answer <= self.highest or answer == self.not_assessed

    @property
    def values(self) -> tuple[int, ...]:
        """Every number that may be answered, in the order of the keyboard."""
        usual = tuple(range(self.lowest, self.highest + 1))
        return usual if self.not_assessed is None else (*usual, self.not_assessed)

    @property
    def slot(self) -> str:
        """The code of the question that this item answers: two alternatives, such as
        weight by history and weight by scales, answer one question."""
        return self.alternative_to or self.code

    @property
    def allowed(self) -> Message:
        bounds = {"lowest": self.lowest, "highest": self.highest}
        if self.kind == "yes_no":
            return Message(_("yes or no"))
        if self.kind == "millimetres":
            return Message(
                _("a whole number from %(lowest)s to %(highest)s mm"), bounds
            )
        if self.not_assessed is None:
            return Message(_("%(lowest)s to %(highest)s"), bounds)
        return Message(
            _("%(lowest)s to %(highest)s, or %(not_assessed)s for not assessed"),
            {**bounds, "not_assessed": self.not_assessed},
        )


@dataclass(frozen=True)
class Total:
    """A number made of items: their sum, one line in tenths (43 mm is 4.3), the
    position of the highest item answered yes, or whether any was."""

    code: str
    name: str
    items: tuple[str, ...]
    lowest: float
    highest: float
    rule: Rule = "sum"


@dataclass(frozen=True)
class Recall:
    code: str
    name: str


@dataclass(frozen=True)
class Alert:
    """An answer that calls the investigator: at or above a value, or risen by so many
    points above the person's own first sheet, where the item may have another code."""

    item: str
    words: str
    at_least: int | None = None
    rise: int | None = None
    item_at_baseline: str = ""


@dataclass(frozen=True)
class Instrument:
    """A rating scale as one version of it is used here.

    `category` and item codes follow CDISC where `codes_are_standard`; else they are
    the sponsor's own and define.xml has to say so. `wording_is_free` tells whether
    the names of the items are the authors' own words, which this scale's rights
    allow to be shown; for the others names and anchors are ours.
    """

    code: str
    abbreviation: str
    name: str
    version: str
    category: str
    domain: str
    codes_are_standard: bool
    filled_by: FilledBy
    recall: tuple[Recall, ...]
    items: tuple[Item, ...]
    totals: tuple[Total, ...]
    missing_rule: str
    source: str
    licence: str
    wording_is_free: bool
    alerts: tuple[Alert, ...] = ()

    def item(self, code: str) -> Item:
        """The item of that code; KeyError names a code that the scale has not."""
        for item in self.items:
            if item.code == code:
                return item
        raise KeyError(f"{self.abbreviation} has no item {code}")

    def asked(self, answers: Answers) -> tuple[Item, ...]:
        """The items that apply: a question that follows a yes waits for that yes."""
        return tuple(
            item
            for item in self.items
            if not item.asked_after_yes_to
            or any(answers.get(code) == 1 for code in item.asked_after_yes_to)
        )

    def unanswered(self, answers: Answers) -> tuple[Item, ...]:
        """The items that still want an answer, one for each pair of alternatives."""
        asked = self.asked(answers)
        filled = {item.slot for item in asked if item.accepts(answers.get(item.code))}
        return tuple(
            item for item in asked if item.slot not in filled and item.slot == item.code
        )
