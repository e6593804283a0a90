"""SF-MPQ: fifteen words for pain, its present intensity, and a line of 100 mm.

The line is the visit's VAS wherever the whole form is filled: asked once, stored once.
"""

from assessments.instruments.definition import Choice, Instrument, Item, Recall, Total
from assessments.instruments.words import mark as _

_SEVERITIES = (
    Choice(0, _("none")),
    Choice(1, _("mild")),
    Choice(2, _("moderate")),
    Choice(3, _("severe")),
)

_INTENSITIES = (
    Choice(0, _("no pain")),
    Choice(1, _("mild")),
    Choice(2, _("discomforting")),
    Choice(3, _("distressing")),
    Choice(4, _("horrible")),
    Choice(5, _("excruciating")),
)

_SENSORY = (
    _("throbbing"),
    _("shooting"),
    _("stabbing"),
    _("sharp"),
    _("cramping"),
    _("gnawing"),
    _("hot-burning"),
    _("aching"),
    _("heavy"),
    _("tender"),
    _("splitting"),
)
_AFFECTIVE = (
    _("tiring-exhausting"),
    _("sickening"),
    _("fearful"),
    _("punishing-cruel"),
)


def _word(number: int, name: str, group: str) -> Item:
    code = f"SFMP1{number:02}"
    return Item(code, str(number), name, 0, 3, _SEVERITIES, group=group)


_WORDS = tuple(
    _word(number, name, _("sensory") if number <= len(_SENSORY) else _("affective"))
    for number, name in enumerate((*_SENSORY, *_AFFECTIVE), 1)
)
_PPI = Item("SFMP116", "16", _("present pain intensity"), 0, 5, _INTENSITIES)
_LINE = Item("SFMP117", "17", _("pain"), 0, 100, kind="millimetres")

_CODES = tuple(word.code for word in _WORDS)

SFMPQ = Instrument(
    code="sfmpq",
    abbreviation="SF-MPQ",
    name=_("short-form McGill pain questionnaire"),
    version="1987",
    category="SF-MPQ",
    domain="QS",
    codes_are_standard=False,
    filled_by="participant",
    recall=(
        Recall("now", _("right now")),
        Recall("24_hours", _("the last 24 hours")),
    ),
    items=(*_WORDS, _PPI, _LINE),
    totals=(
        Total("SFMP118", _("sensory index"), _CODES[:11], 0, 33),
        Total("SFMP119", _("affective index"), _CODES[11:], 0, 12),
        Total("SFMP120", _("total of the descriptors"), _CODES, 0, 45),
        Total("SFMP116", _("present pain intensity"), ("SFMP116",), 0, 5),
        Total("SFMP117", _("VAS"), ("SFMP117",), 0, 10, rule="tenths"),
    ),
    missing_rule=_(
        "A missing descriptor leaves open the sums that it belongs to, no others."
    ),
    source="Melzack, Pain 1987; 30: 191-197",
    licence=_(
        "Copyright R. Melzack; use needs a licence. The descriptors serve as labels."
    ),
    wording_is_free=True,
)
