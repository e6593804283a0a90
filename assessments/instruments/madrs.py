"""MADRS: ten items of depression from 0 to 6, rated by a clinician."""

from assessments.instruments.definition import (
    Alert,
    Choice,
    Instrument,
    Item,
    Recall,
    Total,
)
from assessments.instruments.words import mark as _


def _item(number: int, name: str, *anchors: str) -> Item:
    """An item with anchors at 0, 2, 4 and 6; the odd numbers lie between them."""
    choices = tuple(Choice(2 * step, words) for step, words in enumerate(anchors))
    return Item(f"MADRS1{number:02}", str(number), name, 0, 6, choices)


_ITEMS = (
    _item(
        1,
        _("apparent sadness"),
        _("none to be seen"),
        _("downcast, brightens easily"),
        _("looks sad most of the time"),
        _("looks wretched without a break"),
    ),
    _item(
        2,
        _("reported sadness"),
        _("mood as events call for"),
        _("low, lifts easily"),
        _("low most of the time, still moved by events"),
        _("low without a break, moved by nothing"),
    ),
    _item(
        3,
        _("inner tension"),
        _("calm, tension only in passing"),
        _("uneasy now and then"),
        _("tense all along, panic at times, mastered with effort"),
        _("dread or panic that does not let go"),
    ),
    _item(
        4,
        _("reduced sleep"),
        _("sleeps as usual"),
        _("somewhat short or light"),
        _("at least two hours lost"),
        _("under two or three hours in all"),
    ),
    _item(
        5,
        _("reduced appetite"),
        _("as usual or better"),
        _("slightly less"),
        _("none, food without taste"),
        _("eats only when urged"),
    ),
    _item(
        6,
        _("concentration difficulties"),
        _("none"),
        _("thoughts wander at times"),
        _("cannot keep to reading or talk"),
        _("cannot read or talk at all without great effort"),
    ),
    _item(
        7,
        _("lassitude"),
        _("starts things without trouble"),
        _("slow to start"),
        _("simple tasks cost effort"),
        _("does nothing without help"),
    ),
    _item(
        8,
        _("inability to feel"),
        _("usual interest in people and things"),
        _("enjoys less than usual"),
        _("interest in the world around is lost"),
        _("feels nothing, also for those closest"),
    ),
    _item(
        9,
        _("pessimistic thoughts"),
        _("none"),
        _("thoughts of failure that come and go"),
        _("steady self-blame that can still be reasoned with"),
        _("fixed conviction of ruin or guilt"),
    ),
    _item(
        10,
        _("suicidal thoughts"),
        _("takes life as it comes"),
        _("tired of life, passing thoughts of death"),
        _("better dead: frequent thoughts without plan or intent"),
        _("plans for the next chance, or preparations"),
    ),
)

MADRS = Instrument(
    code="madrs",
    abbreviation="MADRS",
    name=_("Montgomery-Åsberg depression rating scale"),
    version="1979",
    category="MADRS",
    domain="QS",
    codes_are_standard=False,
    filled_by="rater",
    recall=(
        Recall("7_days", _("the last 7 days")),
        Recall("since_last", _("since the last rating")),
    ),
    items=_ITEMS,
    totals=(Total("MADRS111", _("MADRS total"), tuple(i.code for i in _ITEMS), 0, 60),),
    missing_rule=_("A missing item leaves the total open."),
    source="Montgomery and Åsberg, Br J Psychiatry 1979; 134: 382-389",
    licence=_(
        "Copyright S. Montgomery 1978. Short names and anchors here are ours; the "
        "full text needs the site's own licensed copy."
    ),
    wording_is_free=False,
    alerts=(
        Alert("MADRS110", _("MADRS item 10, suicidal thoughts, 4 or more"), at_least=4),
        Alert(
            "MADRS110",
            _("MADRS item 10, suicidal thoughts, worse than at baseline"),
            rise=1,
        ),
    ),
)
