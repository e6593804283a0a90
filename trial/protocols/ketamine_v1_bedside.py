"""Version 1 at the bed: numbers of the gate and the run sheet, and what is asked for.

The published trial gives the dose and the number of infusions; the rest are drafts.
"""

from decimal import Decimal

from trial.protocol import Bedside, Requirement
from trial.words import mark as _

_SYMPTOMS = (
    Requirement("dissociation", _("dissociation")),
    Requirement("dizziness", _("dizziness")),
    Requirement("headache", _("headache")),
    Requirement("nausea", _("nausea")),
    Requirement("vomiting", _("vomiting")),
    Requirement("pain", _("pain")),
    Requirement("blurred_vision", _("blurred vision")),
    Requirement("anxiety", _("anxiety")),
    Requirement("chest_pain", _("chest pain")),
    Requirement("agitation", _("severe agitation")),
)

BEDSIDE = Bedside(
    most_mg_per_kg=Decimal("0.5"),
    most_infusions=6,
    weight_days=0,
    solids_hours=6,
    clear_fluids_hours=2,
    child_bearing_to_years=55,
    tolerance_minutes=5,
    discharge_minutes=120,
    discharge_pressure_percent=20,
    discharge_moaas=5,
    lock_after_minutes=5,
    symptoms=_SYMPTOMS,
)
