"""HAMD-17: seventeen items of depression, 0 to 2 or 0 to 4, rated by a clinician.

Item 16 is rated once, by history (A) or by weight (B). A 3 there means "not assessed":
it is no severity and stands in no sum.
"""

from assessments.instruments.definition import (
    Alert,
    Choice,
    Instrument,
    Item,
    Recall,
    Total,
)
from assessments.instruments.words import mark as _


def _item(number: str, name: str, *anchors: str) -> Item:
    """An item whose anchors count up from 0: its range is the number of anchors."""
    choices = tuple(Choice(value, words) for value, words in enumerate(anchors))
    code = f"HAMD1{number.zfill(2)}"
    return Item(code, number, name, 0, len(anchors) - 1, choices)


def _weight(letter: str, name: str, alternative_to: str | None, *words: str) -> Item:
    choices = tuple(Choice(value, text) for value, text in enumerate(words))
    return Item(
        f"HAMD116{letter}",
        f"16{letter}",
        name,
        0,
        2,
        choices,
        not_assessed=3,
        alternative_to=alternative_to,
    )


_ABSENT = _("absent")
_DOUBTFUL = _("doubtful or slight")
_CLEAR = _("clear")
_NOT_ASSESSED = _("not assessed")

_ITEMS = (
    _item(
        "1",
        _("depressed mood"),
        _ABSENT,
        _("said only when asked"),
        _("said without being asked"),
        _("shows in face, posture, voice, tears"),
        _("almost nothing else is said or shown"),
    ),
    _item(
        "2",
        _("guilt"),
        _ABSENT,
        _("blames self, has let people down"),
        _("broods over past faults"),
        _("sees the illness as a punishment"),
        _("hears or sees accusations"),
    ),
    _item(
        "3",
        _("suicide"),
        _ABSENT,
        _("life is not worth living"),
        _("wishes to be dead"),
        _("thoughts or gestures of suicide"),
        _("an attempt"),
    ),
    _item(
        "4",
        _("insomnia, early"),
        _ABSENT,
        _("at times over half an hour to fall asleep"),
        _("every night"),
    ),
    _item(
        "5",
        _("insomnia, middle"),
        _ABSENT,
        _("restless in the night"),
        _("wakes and leaves the bed"),
    ),
    _item(
        "6",
        _("insomnia, late"),
        _ABSENT,
        _("wakes early, sleeps again"),
        _("wakes early for good"),
    ),
    _item(
        "7",
        _("work and activities"),
        _("no difficulty"),
        _("feels unable or tired"),
        _("has lost interest"),
        _("does clearly less"),
        _("has stopped work because of the illness"),
    ),
    _item(
        "8",
        _("retardation"),
        _ABSENT,
        _("slightly slow in the interview"),
        _("clearly slow"),
        _("the interview is hard to hold"),
        _("stupor"),
    ),
    _item(
        "9",
        _("agitation"),
        _ABSENT,
        _("fidgets"),
        _("plays with hands or hair"),
        _("cannot sit still"),
        _("wrings hands, bites nails, pulls hair"),
    ),
    _item(
        "10",
        _("anxiety, psychic"),
        _ABSENT,
        _("tense, irritable"),
        _("worries over small things"),
        _("apprehension shows in face or speech"),
        _("fear told without being asked"),
    ),
    _item(
        "11",
        _("anxiety, somatic"),
        _ABSENT,
        _("mild"),
        _("moderate"),
        _("severe"),
        _("disabling"),
    ),
    _item(
        "12",
        _("gastrointestinal symptoms"),
        _ABSENT,
        _("eats little, without being urged"),
        _("eats only when urged, or needs medicine for it"),
    ),
    _item("13", _("general somatic symptoms"), _ABSENT, _DOUBTFUL, _CLEAR),
    _item("14", _("genital symptoms"), _ABSENT, _DOUBTFUL, _CLEAR),
    _item(
        "15",
        _("hypochondriasis"),
        _ABSENT,
        _("attentive to the body"),
        _("taken up with health"),
        _("complains and asks for help all the time"),
        _("convinced beyond reason of an illness"),
    ),
    _weight(
        "A",
        _("weight loss by history"),
        None,
        _("none"),
        _("probable"),
        _("certain by what is told"),
        _NOT_ASSESSED,
    ),
    _weight(
        "B",
        _("weight loss by weekly weight"),
        "HAMD116A",
        _("under 0.5 kg in the week"),
        _("over 0.5 kg in the week"),
        _("over 1 kg in the week"),
        _NOT_ASSESSED,
    ),
    _item(
        "17",
        _("insight"),
        _("knows of being ill"),
        _("puts it down to food, climate, work, a virus"),
        _("denies being ill"),
    ),
)

HAMD17 = Instrument(
    code="hamd17",
    abbreviation="HAMD-17",
    name=_("Hamilton depression rating scale, 17 items"),
    version="1960, 17 items",
    category="HAMD 17",
    domain="RS",
    codes_are_standard=True,
    filled_by="rater",
    recall=(Recall("7_days", _("the last 7 days")),),
    items=_ITEMS,
    totals=(
        Total("HAMD118", _("HAMD-17 total"), tuple(i.code for i in _ITEMS), 0, 52),
    ),
    missing_rule=_(
        "A missing item leaves the total open; item 16 is rated by history or by "
        "weight, and a 3 there is not summed."
    ),
    source="Hamilton, J Neurol Neurosurg Psychiatry 1960; 23: 56-62; CDISC C100138",
    licence=_(
        "Treated as public domain by CDISC; structured interview guides are not. "
        "Names and anchors here are ours."
    ),
    wording_is_free=False,
    alerts=(
        Alert("HAMD103", _("HAMD-17 item 3, suicide, 3 or more"), at_least=3),
        Alert("HAMD103", _("HAMD-17 item 3, suicide, worse than at baseline"), rise=1),
    ),
)
