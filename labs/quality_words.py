"""What the quality rules found on a plate, in words for the page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from labs.models import Plate
from labs.quality import RULES

MARKS = {"pass": "done", "flag": "flagged", "fail": "failed"}
WORDS = {
    "beads": gettext_noop("well %(well)s: %(value)s beads"),
    "duplicates": gettext_noop("%(sample)s: CV of duplicates %(value)s %%"),
    "recovery": gettext_noop("%(sample)s: recovery %(value)s %%"),
    "control": gettext_noop("%(sample)s: %(value)s pg/mL, outside its range"),
    "blank": gettext_noop("the blank is %(value)s %% of the lowest standard"),
    "hook": gettext_noop("the signal falls by %(value)s %% at the highest standard"),
    "below": gettext_noop("%(value)s %% of specimen wells below the LLOQ"),
}
WITHOUT_VALUE = {
    "recovery": gettext_noop("no standard is recovered within the limits"),
    "control": gettext_noop("%(sample)s: outside the curve"),
    "curve": gettext_noop("no curve: the printed concentrations are used"),
}


def sentence(finding: Mapping[str, Any]) -> str:
    """One finding in words; its number to one decimal."""
    value = finding["value"]
    words = WITHOUT_VALUE if value is None else WORDS
    whole = value is not None and (value >= 100 or value == round(value))
    shown = "" if value is None else f"{value:.{0 if whole else 1}f}"
    return _(words[finding["rule"]]) % {
        "well": finding["well"],
        "sample": finding["sample"].upper(),
        "value": shown,
    }


def rule_table() -> list[dict[str, Any]]:
    """The rules with their words in the reader's language."""
    return [
        {
            "code": rule.code,
            "words": _(rule.words),
            "source": _(rule.source),
            "limits": [
                {"code": one.code, "words": _(one.words), "unit": _(one.unit)}
                for one in rule.limits
            ],
        }
        for rule in RULES
    ]


def analytes_of(plate: Plate) -> list[dict[str, Any]]:
    """Each analyte of the plate with its verdict and what was found, in words."""
    return [
        {
            "row": row,
            "mark": "rejected" if row.rejected_at else MARKS[row.verdict],
            "word": _("rejected") if row.rejected_at else row.get_verdict_display(),
            "findings": [sentence(one) for one in row.findings],
        }
        for row in plate.analytes.select_related("rejected_by")
    ]
