"""The four positive items of the BPRS, for psychotomimetic effects of an infusion.

Origin 1: each item runs from 1 (absent) to 7, so the sum starts at 4. Trials that
count from 0 report 4 less; the origin is part of the version.
"""

from assessments.instruments.definition import Choice, Instrument, Item, Recall, Total
from assessments.instruments.words import mark as _

_DEGREES = (
    Choice(1, _("not present")),
    Choice(2, _("very mild")),
    Choice(3, _("mild")),
    Choice(4, _("moderate")),
    Choice(5, _("moderately severe")),
    Choice(6, _("severe")),
    Choice(7, _("extremely severe")),
)

_ITEMS = tuple(
    Item(f"BPRS01{number:02}", str(number), name, 1, 7, _DEGREES)
    for number, name in (
        (4, _("conceptual disorganization")),
        (11, _("suspiciousness")),
        (12, _("hallucinatory behavior")),
        (15, _("unusual thought content")),
    )
)

BPRS_POSITIVE = Instrument(
    code="bprs_positive",
    abbreviation="BPRS+",
    name=_("brief psychiatric rating scale, positive items"),
    version="1988, from 1 to 7",
    category="BPRS 1988 VERSION",
    domain="RS",
    codes_are_standard=True,
    filled_by="rater",
    recall=(
        Recall("infusion", _("since the start of the infusion")),
        Recall("3_days", _("the last 3 days")),
    ),
    items=_ITEMS,
    totals=(
        Total(
            "BPRSPOS",
            _("BPRS positive items"),
            tuple(item.code for item in _ITEMS),
            4,
            28,
        ),
    ),
    missing_rule=_("A missing item leaves the total open."),
    source=(
        "Overall and Gorham, Psychopharmacol Bull 1988; 24: 97-99; CDISC C161625; "
        "the sum BPRSPOS is the sponsor's own"
    ),
    licence=_(
        "The 1988 items are widely reproduced; anchored versions belong to their "
        "authors and are not shown."
    ),
    wording_is_free=True,
)
