"""The rules by which a plate is looked at: as data, each with its limits and source.

Their words are translated by the page that shows them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from trial.words import mark as _

Limits = Mapping[str, float]
MERCK: Final = "Merck, data analysis for MILLIPLEX multiplex assays"


@dataclass(frozen=True)
class Limit:
    """One number of a rule, with the value it has unless the study sets another."""

    code: str
    words: str
    default: float
    unit: str


@dataclass(frozen=True)
class Rule:
    """`limits` is empty where the kit lot prints the limit."""

    code: str
    words: str
    source: str
    limits: tuple[Limit, ...]


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "beads",
        _("Beads counted in a well"),
        MERCK,
        (
            Limit("beads_valid", _("valid from"), 50, _("beads")),
            Limit("beads_used", _("not used under"), 35, _("beads")),
        ),
    ),
    Rule(
        "duplicates",
        _("CV of the concentrations of duplicates"),
        _("Merck (target under 15); mpox-luminex-qc (flag above 25)"),
        (
            Limit("cv_pass", _("passes up to"), 15, "%"),
            Limit("cv_flag", _("repeated above"), 25, "%"),
        ),
    ),
    Rule(
        "recovery",
        _("Recovery of the standards"),
        _("Merck (80 to 120); Bio-Plex Manager uses 70 to 130"),
        (
            Limit("recovery_low", _("from"), 80, "%"),
            Limit("recovery_high", _("to"), 120, "%"),
        ),
    ),
    Rule("control", _("Control inside its range"), _("printed with the kit lot"), ()),
    Rule(
        "blank",
        _("Blank against the lowest standard"),
        _("No published limit: a blank as bright as a standard is no blank"),
        (Limit("blank_share", _("flagged from"), 100, "%"),),
    ),
    Rule(
        "hook",
        _("Fall of the signal at the highest standard (hook effect)"),
        _("No published limit; SerolyzeR leaves falling points out"),
        (Limit("hook_fall", _("flagged above"), 5, "%"),),
    ),
    Rule(
        "below",
        _("Share of specimen wells below the LLOQ"),
        _("The plan: no test of means where over 30 percent lie below"),
        (Limit("below_share", _("flagged above"), 30, "%"),),
    ),
    Rule("curve", _("A standard curve"), _("needed for every concentration"), ()),
    Rule(
        "plate",
        _("Share of analytes that fail"),
        _("Draft, to be signed by the principal investigator"),
        (Limit("failed_share", _("the plate fails from"), 50, "%"),),
    ),
)
LIMITS: Final[Mapping[str, Limit]] = {
    limit.code: limit for rule in RULES for limit in rule.limits
}
DEFAULTS: Final[Limits] = {code: limit.default for code, limit in LIMITS.items()}
# The first of each pair is never above the second.
PAIRS: Final = (
    ("beads_used", "beads_valid"),
    ("cv_pass", "cv_flag"),
    ("recovery_low", "recovery_high"),
)
