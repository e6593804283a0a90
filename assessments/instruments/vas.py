"""VAS: a line of 100 mm for pain, stored in whole mm and reported from 0 to 10."""

from assessments.instruments.definition import Answers, Instrument, Item, Recall, Total
from assessments.instruments.words import mark as _

VAS = Instrument(
    code="vas",
    abbreviation="VAS",
    name=_("visual analogue scale of pain"),
    version="100 mm",
    category="PAIN VAS",
    domain="QS",
    codes_are_standard=False,
    filled_by="participant",
    recall=(
        Recall("now", _("right now")),
        Recall("24_hours", _("the last 24 hours")),
    ),
    items=(Item("PAINVAS", "1", _("pain"), 0, 100, kind="millimetres"),),
    totals=(Total("PAINVAS", _("VAS"), ("PAINVAS",), 0, 10, rule="tenths"),),
    missing_rule=_("A line that was not touched is missing, not 0."),
    source="Huskisson, Lancet 1974; 304: 1127-1131",
    licence=_("Free to use."),
    wording_is_free=True,
)


def visit_vas_mm(
    vas: Answers | None = None, sfmpq: Answers | None = None
) -> int | None:
    """The visit's one VAS in mm: the line of the SF-MPQ where that form was filled,
    else the VAS alone."""
    return sfmpq.get("SFMP117") if sfmpq is not None else (vas or {}).get("PAINVAS")
