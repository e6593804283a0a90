"""YMRS: eleven items of mania, four of them counting double."""

from assessments.instruments.definition import Choice, Instrument, Item, Recall, Total
from assessments.instruments.words import mark as _

_DEGREES = (_("absent"), _("slight"), _("clear"), _("marked"), _("extreme"))


def _item(number: int, name: str, highest: int) -> Item:
    """An item to 4, or to 8 where the scale counts double: there the same five
    degrees stand at the even numbers."""
    step = highest // 4
    choices = tuple(Choice(step * place, words) for place, words in enumerate(_DEGREES))
    return Item(f"YMRS1{number:02}", str(number), name, 0, highest, choices)


_ITEMS = (
    _item(1, _("elevated mood"), 4),
    _item(2, _("increased activity and energy"), 4),
    _item(3, _("sexual interest"), 4),
    _item(4, _("reduced need of sleep"), 4),
    _item(5, _("irritability"), 8),
    _item(6, _("speech, rate and amount"), 8),
    _item(7, _("language and thought disorder"), 4),
    _item(8, _("content of thought"), 8),
    _item(9, _("disruptive or aggressive behaviour"), 8),
    _item(10, _("appearance"), 4),
    _item(11, _("lack of insight"), 4),
)

YMRS = Instrument(
    code="ymrs",
    abbreviation="YMRS",
    name=_("Young mania rating scale"),
    version="1978",
    category="YMRS",
    domain="QS",
    codes_are_standard=False,
    filled_by="rater",
    recall=(
        Recall("48_hours", _("the last 48 hours")),
        Recall("since_last", _("since the last rating")),
    ),
    items=_ITEMS,
    totals=(Total("YMRS112", _("YMRS total"), tuple(i.code for i in _ITEMS), 0, 60),),
    missing_rule=_("A missing item leaves the total open."),
    source=(
        "Young et al., Br J Psychiatry 1978; 133: 429-435; item codes are ours until "
        "checked against CDISC"
    ),
    licence=_("Names and degrees here are ours; the anchors are the authors'."),
    wording_is_free=False,
)
