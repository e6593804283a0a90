"""The trial's rows: participants, what was agreed, visits and infusions."""

from trial.models.baseline import Baseline
from trial.models.deviation import Deviation
from trial.models.infusion import Infusion, Interruption, VitalSigns
from trial.models.participant import Consent, Participant, Screening
from trial.models.visit import Visit

__all__ = [
    "Baseline",
    "Consent",
    "Deviation",
    "Infusion",
    "Interruption",
    "Participant",
    "Screening",
    "Visit",
    "VitalSigns",
]
