"""C-SSRS, at baseline and since the last visit: suicidal ideation and behaviour.

Yes is 1 and no is 0. The five kinds of ideation rise in gravity; the third to fifth are
asked only after a yes to the second. There is no total score.
"""

from dataclasses import replace

from assessments.instruments.definition import (
    Alert,
    Choice,
    Instrument,
    Item,
    Recall,
    Total,
)
from assessments.instruments.words import mark as _

_IDEATION = (
    _("wish to be dead"),
    _("suicidal thoughts, not specific"),
    _("suicidal thoughts with a method"),
    _("suicidal thoughts with some intent"),
    _("suicidal thoughts with plan and intent"),
)
_INTENSITY = (
    (_("intensity: how often"), 1),
    (_("intensity: how long"), 1),
    (_("intensity: control"), 0),
    (_("intensity: deterrents"), 0),
    (_("intensity: reasons"), 0),
)
_BEHAVIOUR = (
    (12, _("actual attempt")),
    (14, _("self-injury without intent to die")),
    (15, _("interrupted attempt")),
    (17, _("aborted attempt")),
    (19, _("preparatory acts")),
)
_COUNTS = (
    (13, _("number of actual attempts"), 12),
    (16, _("number of interrupted attempts"), 15),
    (18, _("number of aborted attempts"), 17),
)
_YES_NO = (Choice(0, _("no")), Choice(1, _("yes")))

_IDEATION_GROUP = _("ideation")
_INTENSITY_GROUP = _("intensity of the most severe ideation")
_BEHAVIOUR_GROUP = _("behaviour")


def _yes_no(code: str, number: str, name: str, group: str) -> Item:
    return Item(code, number, name, 0, 1, _YES_NO, kind="yes_no", group=group)


def _ideation(prefix: str, period: str, name_of_period: str) -> tuple[Item, ...]:
    codes = [f"{prefix}{number:02}{period}" for number in range(1, 7)]
    group = name_of_period or _IDEATION_GROUP
    kinds = [
        replace(
            _yes_no(codes[place], f"{place + 1}{period}", name, group),
            asked_after_yes_to=(codes[1],) if place >= 2 else (),
        )
        for place, name in enumerate(_IDEATION)
    ]
    worst = Item(
        codes[5],
        f"6{period}",
        _("most severe ideation"),
        1,
        5,
        tuple(Choice(place, name) for place, name in enumerate(_IDEATION, 1)),
        asked_after_yes_to=tuple(codes[:5]),
        group=group,
    )
    return (*kinds, worst)


def _intensity(prefix: str, after: tuple[Item, ...]) -> tuple[Item, ...]:
    codes = tuple(item.code for item in after if item.kind == "yes_no")
    return tuple(
        Item(
            f"{prefix}{number:02}",
            str(number),
            name,
            lowest,
            5,
            asked_after_yes_to=codes,
            group=_INTENSITY_GROUP,
        )
        for number, (name, lowest) in enumerate(_INTENSITY, 7)
    )


def _behaviour(prefix: str, period: str, name_of_period: str) -> tuple[Item, ...]:
    group = name_of_period or _BEHAVIOUR_GROUP
    acts = [
        _yes_no(f"{prefix}{number}{period}", f"{number}{period}", name, group)
        for number, name in _BEHAVIOUR
    ]
    counts = [
        Item(
            f"{prefix}{number}{period}",
            f"{number}{period}",
            name,
            1,
            99,
            kind="count",
            asked_after_yes_to=(f"{prefix}{after}{period}",),
            group=group,
        )
        for number, name, after in _COUNTS
    ]
    return tuple(sorted((*acts, *counts), key=lambda item: item.code))


def _seen(prefix: str) -> Item:
    name = _("suicidal behaviour seen in the interview")
    return _yes_no(f"{prefix}20", "20", name, _BEHAVIOUR_GROUP)


def _alerts(prefix: str, period: str, own_baseline: bool) -> tuple[Alert, ...]:
    grave = (
        Alert(f"{prefix}04{period}", _("C-SSRS ideation 4, some intent"), at_least=1),
        Alert(f"{prefix}05{period}", _("C-SSRS ideation 5, plan"), at_least=1),
    )
    acts = tuple(
        Alert(f"{prefix}{number}{period}", words, at_least=1)
        for number, words in (
            (12, _("C-SSRS actual attempt")),
            (14, _("C-SSRS self-injury")),
            (15, _("C-SSRS interrupted attempt")),
            (17, _("C-SSRS aborted attempt")),
            (19, _("C-SSRS preparatory acts")),
        )
    )
    seen = Alert(f"{prefix}20", _("C-SSRS suicidal behaviour seen"), at_least=1)
    worse = tuple(
        Alert(
            f"{prefix}{number:02}",
            _("C-SSRS ideation graver than at baseline"),
            rise=1,
            item_at_baseline=f"CSS01{number:02}B",
        )
        for number in range(1, 6)
    )
    if not own_baseline:
        return (*grave, *acts, seen)
    death = Alert(f"{prefix}21", _("C-SSRS suicide"), at_least=1)
    return (*grave, *acts, seen, death, *worse)


def _totals(prefix: str, period: str) -> tuple[Total, ...]:
    kinds = tuple(f"{prefix}{number:02}{period}" for number in range(1, 6))
    acts = tuple(f"{prefix}{number}{period}" for number in (12, 15, 17, 19))
    return (
        Total("CSSIDEA", _("ideation"), kinds, 0, 5, rule="highest_yes"),
        Total("CSSBEHAV", _("suicidal behaviour"), acts, 0, 1, rule="any_yes"),
    )


_LIFE_IDEATION = _ideation("CSS01", "A", _("ideation, ever"))
_MONTH_IDEATION = _ideation("CSS01", "B", _("ideation, the last month"))
_SINCE_IDEATION = _ideation("CSS02", "", "")

_LICENCE = _(
    "Research Foundation for Mental Hygiene: permission and training needed, wording "
    "not to be changed. Short labels only; the licensed form is kept at the site."
)
_MISSING = _("A missing answer leaves open what depends on it; there is no total.")

CSSRS_BASELINE = Instrument(
    code="cssrs_baseline",
    abbreviation="C-SSRS",
    name=_("Columbia suicide severity rating scale, baseline"),
    version="baseline",
    category="C-SSRS BASELINE",
    domain="QS",
    codes_are_standard=False,
    filled_by="rater",
    recall=(Recall("lifetime", _("ever, the last month and the last 3 months")),),
    items=(
        *_LIFE_IDEATION,
        *_MONTH_IDEATION,
        *_intensity("CSS01", _MONTH_IDEATION),
        *_behaviour("CSS01", "A", _("behaviour, ever")),
        *_behaviour("CSS01", "B", _("behaviour, the last 3 months")),
        _seen("CSS01"),
    ),
    totals=_totals("CSS01", "B"),
    missing_rule=_MISSING,
    source=(
        "Posner et al., Am J Psychiatry 2011; 168: 1266-1277; CDISC C100168 gives the "
        "prefix, A and B for the two periods are ours"
    ),
    licence=_LICENCE,
    wording_is_free=False,
    alerts=_alerts("CSS01", "B", own_baseline=False),
)

CSSRS_SINCE_LAST_VISIT = Instrument(
    code="cssrs_since_last",
    abbreviation="C-SSRS",
    name=_("Columbia suicide severity rating scale, since last visit"),
    version="since last visit",
    category="C-SSRS SINCE LAST VISIT",
    domain="QS",
    codes_are_standard=True,
    filled_by="rater",
    recall=(Recall("since_last", _("since the last visit")),),
    items=(
        *_SINCE_IDEATION,
        *_intensity("CSS02", _SINCE_IDEATION),
        *_behaviour("CSS02", "", ""),
        _seen("CSS02"),
        _yes_no("CSS0221", "21", _("suicide"), _BEHAVIOUR_GROUP),
    ),
    totals=_totals("CSS02", ""),
    missing_rule=_MISSING,
    source=(
        "Posner et al., Am J Psychiatry 2011; 168: 1266-1277; CDISC C103461; items "
        "22A to C, the most lethal attempt, stay on the licensed form"
    ),
    licence=_LICENCE,
    wording_is_free=False,
    alerts=_alerts("CSS02", "", own_baseline=True),
)
