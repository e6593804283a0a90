"""The trial's rows: participants, what was agreed, visits and infusions."""

from trial.models.assignment import Assignment
from trial.models.baseline import Baseline
from trial.models.bedside import Discharge, RescueDose, Symptom
from trial.models.calendar import CalendarFeed, Chair
from trial.models.deviation import Deviation
from trial.models.drug import Lot, Movement, Preparation
from trial.models.ending import ContactAttempt, Ending
from trial.models.gate import Gate, Halt, SignedException
from trial.models.identity import Identity, IdentityKey
from trial.models.infusion import Infusion, Interruption, VitalSigns
from trial.models.participant import Consent, Participant, Screening
from trial.models.protocol_in_force import ProtocolInForce
from trial.models.visit import Visit

__all__ = [
    "Assignment",
    "Baseline",
    "CalendarFeed",
    "Chair",
    "Consent",
    "ContactAttempt",
    "Deviation",
    "Discharge",
    "Ending",
    "Gate",
    "Halt",
    "Identity",
    "IdentityKey",
    "Infusion",
    "Interruption",
    "Lot",
    "Movement",
    "Participant",
    "Preparation",
    "ProtocolInForce",
    "RescueDose",
    "Screening",
    "SignedException",
    "Symptom",
    "Visit",
    "VitalSigns",
]
