"""An answer sheet as a page shows it: lines with their choices, totals in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext as _

from assessments.entry import Sheet
from assessments.instruments import Instrument, Item, Scores
from assessments.models import Answer
from records.models import Query


@dataclass(frozen=True)
class Choice:
    value: int
    label: str
    chosen: bool


@dataclass(frozen=True)
class Line:
    """One item: what may be chosen, what was, and what is wrong with it."""

    item: Item
    name: str
    group: str
    choices: tuple[Choice, ...]
    text: str
    missing: str
    reasons: tuple[tuple[str, str], ...]
    error: str
    theirs: str
    threads: Sequence[Query] = ()


def lines_of(
    instrument: Instrument,
    sheet: Sheet,
    errors: Mapping[str, str],
    theirs: Sheet | None,
    threads: Mapping[str, Sequence[Query]] = MappingProxyType({}),
) -> list[Line]:
    reasons = tuple((code, str(label)) for code, label in Answer.Missing.choices)
    return [
        Line(
            item=item,
            name=_(item.name),
            group=_(item.group) if item.group else "",
            choices=choices_of(item, sheet.values.get(item.code)),
            text=text_of(item, sheet),
            missing=sheet.missing.get(item.code, ""),
            reasons=reasons,
            error=errors.get(item.code, ""),
            theirs=theirs_of(item, sheet, theirs),
            threads=threads.get(item.code, ()),
        )
        for item in instrument.items
    ]


def choices_of(item: Item, chosen: int | None) -> tuple[Choice, ...]:
    labels = {choice.value: _(choice.label) for choice in item.choices}
    if item.kind not in ("choice", "yes_no"):
        return ()
    return tuple(
        Choice(value, labels.get(value, ""), value == chosen) for value in item.values
    )


def text_of(item: Item, sheet: Sheet) -> str:
    value = sheet.values.get(item.code)
    return sheet.unreadable.get(item.code, "") if value is None else str(value)


def theirs_of(item: Item, mine: Sheet, theirs: Sheet | None) -> str:
    """What the other person entered, where it differs from mine."""
    if theirs is None:
        return ""
    other, own = text_of(item, theirs), text_of(item, mine)
    reason = theirs.missing.get(item.code, "")
    return "" if other == own else other or reason or "–"


def totals_of(scores: Scores) -> list[dict[str, str]]:
    """Each total as its name and its number, or why there is none."""
    shown = []
    for total in scores.totals:
        number = "–" if total.value is None else f"{total.value:g}"
        note = total.note.said(_) if total.note else ""
        shown.append(
            {"code": total.code, "name": _(total.name), "value": number, "note": note}
        )
    return shown
