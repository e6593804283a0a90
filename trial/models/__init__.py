"""The trial's rows: participants, what was agreed, visits and infusions."""

from trial.models.baseline import Baseline
from trial.models.bedside import Discharge, RescueDose, Symptom
from trial.models.deviation import Deviation
from trial.models.drug import Lot, Movement, Preparation
from trial.models.gate import Gate, Halt, SignedException
from trial.models.infusion import Infusion, Interruption, VitalSigns
from trial.models.participant import Consent, Participant, Screening
from trial.models.visit import Visit

__all__ = [
    "Baseline",
    "Consent",
    "Deviation",
    "Discharge",
    "Gate",
    "Halt",
    "Infusion",
    "Interruption",
    "Lot",
    "Movement",
    "Participant",
    "Preparation",
    "RescueDose",
    "Screening",
    "SignedException",
    "Symptom",
    "Visit",
    "VitalSigns",
]
