"""CADSS: 23 items of dissociation from 0 to 4, asked of the participant.

The scale's wording is its authors'. An item shows its number and the area that it is
about; the rater reads the question from the site's own copy.
"""

from assessments.instruments.definition import Choice, Instrument, Item, Recall, Total
from assessments.instruments.words import mark as _

_DEGREES = (
    Choice(0, _("not at all")),
    Choice(1, _("slightly")),
    Choice(2, _("moderately")),
    Choice(3, _("considerably")),
    Choice(4, _("extremely")),
)

_SELF = _("sense of self")
_SURROUNDINGS = _("sense of surroundings")
_MEMORY = _("memory")

_AREAS = {
    **dict.fromkeys(range(1, 24), _SURROUNDINGS),
    **dict.fromkeys((3, 4, 5, 6, 7, 20, 23), _SELF),
    **dict.fromkeys((14, 15, 22), _MEMORY),
}

_ITEMS = tuple(
    Item(f"CADSS1{number:02}", str(number), area, 0, 4, _DEGREES, group=area)
    for number, area in sorted(_AREAS.items())
)

_SHORT_FORM = (1, 2, 6, 7, 15, 22)

CADSS = Instrument(
    code="cadss",
    abbreviation="CADSS",
    name=_("clinician-administered dissociative states scale"),
    version="23 items",
    category="CADSS",
    domain="QS",
    codes_are_standard=False,
    filled_by="rater",
    recall=(
        Recall("now", _("right now")),
        Recall("infusion", _("since the start of the infusion")),
    ),
    items=_ITEMS,
    totals=(
        Total("CADSS124", _("CADSS total"), tuple(i.code for i in _ITEMS), 0, 92),
        Total(
            "CADSS6",
            _("CADSS-6"),
            tuple(f"CADSS1{number:02}" for number in _SHORT_FORM),
            0,
            24,
        ),
    ),
    missing_rule=_("A missing item leaves open the totals that it belongs to."),
    source=(
        "Bremner et al., J Trauma Stress 1998; 11: 125-136; range as in NCT04226963; "
        "CADSS-6: Rodrigues et al. 2021. Other trials use 19 and 8 items."
    ),
    licence=_(
        "Ask the author. Numbers and areas only; the grouping into areas is to be "
        "confirmed against the licensed form."
    ),
    wording_is_free=False,
)
