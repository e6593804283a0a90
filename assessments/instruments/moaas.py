"""MOAA/S: one number for sedation, from 5 (awake) down to 0, seen by the nurse."""

from assessments.instruments.definition import Choice, Instrument, Item, Recall, Total
from assessments.instruments.words import mark as _

_LEVELS = (
    Choice(5, _("answers readily to the name")),
    Choice(4, _("answers slowly to the name")),
    Choice(3, _("answers only a loud or repeated name")),
    Choice(2, _("answers only a light shake")),
    Choice(1, _("moves only when squeezed hard")),
    Choice(0, _("does not respond")),
)

MOAAS = Instrument(
    code="moaas",
    abbreviation="MOAA/S",
    name=_("modified observer's assessment of alertness and sedation"),
    version="1990, modified",
    category="MOAA/S",
    domain="QS",
    codes_are_standard=False,
    filled_by="observer",
    recall=(Recall("now", _("right now")),),
    items=(Item("MOAAS101", "1", _("alertness"), 0, 5, _LEVELS),),
    totals=(Total("MOAAS101", _("MOAA/S"), ("MOAAS101",), 0, 5),),
    missing_rule=_("Not observed is missing, never 0."),
    source="Chernik et al., J Clin Psychopharmacol 1990; 10: 244-251",
    licence=_("Widely reproduced; the levels here are in our words."),
    wording_is_free=False,
)
