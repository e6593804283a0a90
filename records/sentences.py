"""Events as sentences that a person reads: who did what to which field, and why."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records.models import Event

# Columns that only the machine reads: they would bury what a person changed.
UNSPOKEN = frozenset(
    {"id", "participant_id", "site_id", "version", "about_id", "about_type_id"}
)


@dataclass(frozen=True)
class Sentence:
    at: datetime
    sentence: str
    why: str


Names = Mapping[tuple[str, int], str]


def sentences(events: Iterable[Event], names: Names | None = None) -> list[Sentence]:
    """One sentence an event, in the order given.

    `names` says what a row is called, by table and id, where it has a better name
    than its kind and number.
    """
    models = {model._meta.db_table: model for model in apps.get_models()}
    found = []
    for event in events:
        model = models.get(event.table_name)
        noun = str(model._meta.verbose_name) if model else event.table_name
        own = (names or {}).get((event.table_name, event.row_id))
        said = sentence(event, model, own or f"{noun} {event.row_id}")
        found.append(Sentence(event.at, said, event.reason))
    return found


def sentence(event: Event, model: type[Model] | None, noun: str) -> str:
    who = event.person.full_name if event.person else event.task or event.database_role
    what = {"who": who, "noun": noun}
    if event.kind == Event.Kind.INSERT:
        facts = listed(model, event.new or {})
        return _("%(who)s created %(noun)s: %(facts)s") % {**what, "facts": facts}
    if event.kind == Event.Kind.DELETE:
        return _("%(who)s deleted %(noun)s") % what
    return (
        "; ".join(changes(event, model, what))
        or _("%(who)s saved %(noun)s without a change") % what
    )


def changes(event: Event, model: type[Model] | None, what: dict[str, Any]) -> list[str]:
    """A clause a field: from what it was to what it is."""
    old, new = event.old or {}, event.new or {}
    shown = [name for name in new if name not in UNSPOKEN]
    if not shown:
        counted = ngettext("%(n)s field", "%(n)s fields", len(new)) % {"n": len(new)}
        return [_("%(who)s updated %(noun)s (%(n)s)") % {**what, "n": counted}]
    return [
        _("%(who)s changed %(noun)s, %(field)s, from %(old)s to %(new)s")
        % {
            **what,
            "field": label_of(model, name),
            "old": spoken(model, name, old.get(name)),
            "new": spoken(model, name, new[name]),
        }
        for name in shown
    ]


def listed(model: type[Model] | None, facts: dict[str, Any]) -> str:
    return ", ".join(
        f"{label_of(model, name)} {spoken(model, name, value)}"
        for name, value in facts.items()
        if is_spoken(name) and value not in (None, "", [], {})
    )


def is_spoken(column: str) -> bool:
    """Whether the first values of a new row name this column: no row says its keys,
    a signature's content stands on the page of the signature."""
    keys = column.endswith("_id") or column in ("item", "content")
    return column not in UNSPOKEN and not keys


def label_of(model: type[Model] | None, column: str) -> str:
    """The field's name in the reader's language."""
    for name in (column, column.removesuffix("_id")):
        try:
            field = model._meta.get_field(name) if model else None
        except FieldDoesNotExist:
            continue
        if field is not None:
            return str(getattr(field, "verbose_name", name))
    return column


def spoken(model: type[Model] | None, column: str, value: Any) -> str:
    """A value as a person says it: the label of a choice, yes and no, a dash."""
    if value is None or value == "":
        return "–"
    if column.endswith("_sealed"):
        return _("(encrypted)")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict | list):
        return shorten(json.dumps(value, ensure_ascii=False), 120, placeholder=" …")
    try:
        field = model._meta.get_field(column) if model else None
    except FieldDoesNotExist:
        field = None
    choices = dict(getattr(field, "flatchoices", ()) or ())
    return str(choices.get(value, value))
