"""How blood is handled in version 1: from the draw to the freezer, and after."""

from trial.protocol import BloodLimit
from trial.words import mark as _

_PAPER = "ChiCTR-OOC-17012239, methods: blood"
_DRAFT = "draft, to be signed by the principal investigator"

BLOOD = (
    BloodLimit("draw_hour", _("hour of the draw"), _PAPER, 8, 10),
    BloodLimit(
        "spin_within_minutes",
        _("minutes from the draw to the spin"),
        _PAPER,
        at_least=0,
        at_most=60,
    ),
    BloodLimit("spin_minutes", _("minutes of the spin"), _PAPER, at_least=10),
    BloodLimit(
        "cold_celsius",
        _("temperature of tube and centrifuge, °C"),
        _DRAFT,
        at_least=0,
        at_most=8,
        draft=True,
    ),
    BloodLimit(
        "freezer_within_minutes",
        _("minutes from the spin to the freezer"),
        _DRAFT,
        at_least=0,
        at_most=30,
        draft=True,
    ),
    BloodLimit(
        "freezer_celsius",
        _("temperature of the freezer, °C"),
        _DRAFT,
        at_most=-70,
        draft=True,
    ),
    BloodLimit("thaws", _("times thawed"), _DRAFT, at_most=1, draft=True),
)
