"""Six infusions of ketamine in treatment-resistant depression, version 1.

Visits, dose and criteria are those of the published trial ChiCTR-OOC-17012239; the
windows, limits and gate that it does not print are drafts.
"""

from decimal import Decimal

from trial.protocol import (
    Anchor,
    InfusionPlan,
    Limit,
    Protocol,
    Requirement,
    VisitType,
)
from trial.protocols.ketamine_v1_bedside import BEDSIDE
from trial.protocols.ketamine_v1_blood import BLOOD
from trial.protocols.ketamine_v1_criteria import CRITERIA
from trial.words import mark as _

_STUDY_DAYS = (1, 3, 5, 8, 10, 12)
_MOST_DAYS_LATE = 3

_INFUSION_LABELS = (
    _("infusion 1"),
    _("infusion 2"),
    _("infusion 3"),
    _("infusion 4"),
    _("infusion 5"),
    _("infusion 6"),
)
_RATING_LABELS = (
    _("24 h after infusion 1"),
    _("24 h after infusion 2"),
    _("24 h after infusion 3"),
    _("24 h after infusion 4"),
    _("24 h after infusion 5"),
    _("day 13: 24 h after infusion 6"),
)


def _infusion(number: int) -> VisitType:
    """What is written on that day is the run sheet; before it the C-SSRS is asked."""
    return VisitType(
        code=f"infusion{number}",
        label=_INFUSION_LABELS[number - 1],
        arm="patient",
        anchor=Anchor("infusion", number),
        unit="days",
        offset=0,
        before=0,
        after=_MOST_DAYS_LATE,
        instruments=("cssrs_since_last",),
        infusion=number,
        draft=True,
    )


def _rating(number: int) -> VisitType:
    """The rating 24 h after an infusion; after the sixth the whole form and blood."""
    last = number == len(_STUDY_DAYS)
    return VisitType(
        code=f"day{_STUDY_DAYS[number - 1] + 1}",
        label=_RATING_LABELS[number - 1],
        arm="patient",
        anchor=Anchor("infusion", number),
        unit="hours",
        offset=24,
        before=4,
        after=4,
        instruments=("madrs", "sfmpq" if last else "vas"),
        specimens=("plasma",) if last else (),
        draft=True,
    )


_SCREENING = VisitType(
    code="screening",
    label=_("screening"),
    arm="patient",
    anchor=Anchor("screening"),
    unit="days",
    offset=0,
    before=0,
    after=28,
    instruments=("hamd17",),
    draft=True,
)
_BASELINE = VisitType(
    code="baseline",
    label=_("baseline"),
    arm="patient",
    anchor=Anchor("infusion", 1),
    unit="days",
    offset=0,
    before=3,
    after=0,
    instruments=("madrs", "sfmpq"),
    specimens=("plasma",),
    ends_at_anchor=True,
    draft=True,
)
_DAY_26 = VisitType(
    code="day26",
    label=_("day 26: 14 days after infusion 6"),
    arm="patient",
    anchor=Anchor("infusion", 6),
    unit="days",
    offset=14,
    before=2,
    after=2,
    instruments=("madrs", "sfmpq"),
    specimens=("plasma",),
    draft=True,
)
_CONTROL = VisitType(
    code="control",
    label=_("blood of a healthy control"),
    arm="control",
    anchor=Anchor("enrolment"),
    unit="days",
    offset=0,
    before=0,
    after=28,
    specimens=("plasma",),
    draft=True,
)

_GATE = (
    Requirement("weight", _("weight measured, with its date")),
    Requirement("fasting", _("6 h without food, 2 h without clear fluids"), draft=True),
    Requirement("pressure", _("blood pressure below the limits for a start")),
    Requirement("urine_hcg", _("urine hCG negative, where it applies")),
    Requirement("urine_drugs", _("urine drug screen seen"), draft=True),
    Requirement("escort", _("an escort for the way home")),
    Requirement("cssrs", _("C-SSRS since the last visit asked")),
    Requirement("medication", _("today's medication recorded")),
    Requirement(
        "second_person",
        _("dose, concentration, volume and rate checked by a second person"),
    ),
)

_LIMITS = (
    Limit("no_start", "systolic_mmhg", _("systolic 160 mmHg or more"), 160),
    Limit("no_start", "diastolic_mmhg", _("diastolic 100 mmHg or more"), 100),
    Limit(
        "stop",
        "systolic_mmhg",
        _("systolic 180 mmHg or more, twice 5 min apart"),
        180,
        times=2,
        apart_minutes=5,
    ),
    Limit(
        "stop",
        "diastolic_mmhg",
        _("diastolic 110 mmHg or more, twice 5 min apart"),
        110,
        times=2,
        apart_minutes=5,
    ),
    Limit("stop", "pulse_bpm", _("pulse over 130"), 131),
    Limit("stop", "pulse_bpm", _("pulse under 45"), at_most=44),
    Limit("stop", "spo2_percent", _("SpO2 under 92 % for 1 min on oxygen"), at_most=91),
    Limit("stop", "respiration_bpm", _("respiration under 8 a minute"), at_most=7),
    Limit("stop", "sedation_moaas", _("MOAA/S 2 or less"), at_most=2),
)

_STOP_SIGNS = (
    Requirement("chest_pain", _("chest pain"), draft=True),
    Requirement("agitation", _("severe agitation"), draft=True),
)
_RESCUE = (
    Requirement("antihypertensive", _("antihypertensive")),
    Requirement("benzodiazepine", _("benzodiazepine")),
    Requirement("antiemetic", _("antiemetic")),
)
_DISCHARGE = (
    Requirement("minutes", _("120 min or more since the start")),
    Requirement("pressure", _("pressure within 20 % of that before")),
    Requirement("sedation", _("MOAA/S 5")),
    Requirement("cadss", _("CADSS back to that before")),
    Requirement("walks", _("walks unaided")),
    Requirement("escort", _("the escort is here")),
    Requirement("no_driving", _("told not to drive until the next day")),
    Requirement("cssrs", _("C-SSRS asked")),
)
_NO_FURTHER = (
    Requirement("psychosis", _("psychosis")),
    Requirement("mania", _("mania")),
    Requirement("serious_event", _("serious adverse event")),
    Requirement("new_intent", _("new suicidal intent")),
    Requirement("pregnancy", _("pregnancy")),
)

KETAMINE_V1 = Protocol(
    version="1.0",
    title=_("Six infusions of ketamine in treatment-resistant depression"),
    visit_types=(
        _SCREENING,
        _BASELINE,
        *(
            visit
            for number in range(1, 7)
            for visit in (_infusion(number), _rating(number))
        ),
        _DAY_26,
        _CONTROL,
    ),
    criteria=CRITERIA,
    infusion=InfusionPlan(
        study_days=_STUDY_DAYS,
        least_days_between=2,
        most_days_late=_MOST_DAYS_LATE,
        dose_mg_per_kg=Decimal("0.5"),
        minutes=40,
        clock_minutes=(-15, 0, 10, 20, 30, 40, 60, 80, 120),
        readings=(
            "systolic_mmhg",
            "diastolic_mmhg",
            "pulse_bpm",
            "spo2_percent",
            "respiration_bpm",
            "sedation_moaas",
        ),
        cadss_minutes=(-15, 40, 120),
        gate=_GATE,
        limits=_LIMITS,
        stop_signs=_STOP_SIGNS,
        rescue=_RESCUE,
        discharge=_DISCHARGE,
        no_further=_NO_FURTHER,
        bedside=BEDSIDE,
    ),
    serious_event_hours=24,
    alert_response_hours=1,
    blinded_rating=True,
    blood=BLOOD,
)
