"""What the run sheet shows of an infusion, and its forms while nothing is typed."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from trial import bedside, discharge, drug, gate, infusions, preparing, schedule
from trial.forms import FailForm, InterruptionForm, StartForm, StopForm, VitalSignsForm
from trial.infusion_forms import (
    DischargeForm,
    RescueForm,
    TwoSignaturesForm,
    WasteForm,
    people_who,
)
from trial.models import Infusion, VitalSigns
from trial.protocol import InfusionPlan

# The curves of the strip, with the token of their colour and their shape.
CURVES = (
    ("systolic_mmhg", gettext_lazy("systolic"), "var(--wrong)", "circle"),
    ("diastolic_mmhg", gettext_lazy("diastolic"), "var(--question)", "rect"),
    ("pulse_bpm", gettext_lazy("pulse"), "var(--accent)", "triangle"),
    ("spo2_percent", "SpO2", "var(--ink)", "diamond"),
    ("cadss_total", "CADSS", "var(--late)", "pin"),
)


def context(person: User, row: Infusion) -> dict[str, Any]:
    plan = schedule.protocol_of(row.participant).infusion
    now = timezone.now()
    readings = list(row.vital_signs.all())
    prepared = preparing.standing(row)
    opened = prepared.lot if prepared and prepared.checked_by_id else None
    symptoms = list(row.symptoms.all())
    words = {line.code: _(line.words) for line in plan.bedside.symptoms}
    return {
        "infusion": row,
        "participant": row.participant,
        "plan": plan,
        "now": now,
        "here": "sheet",
        "readings": [(r, infusions.warnings_of(row, r)) for r in readings],
        "due": bedside.due_readings(row, now),
        "stop_now": row.state == Infusion.State.RUNNING and stops(row, readings),
        "interruptions": row.interruptions.all(),
        "given_mg": infusions.dose_given_mg(row, now) if row.started_at else None,
        "prepared": prepared,
        "left_mg": drug.open_mg(row, opened) if opened else None,
        "waiting": list(gate.open_lines(gate.gate_of(row), now))
        if row.state == Infusion.State.PLANNED
        else [],
        "symptoms": [(s, words.get(s.code, s.code)) for s in symptoms],
        "symptom_list": [
            (line.code, words[line.code]) for line in plan.bedside.symptoms
        ],
        "rescue_doses": row.rescue_doses.select_related("given_by", "ordered_by"),
        "criteria": discharge.criteria(row, now),
        "chart": strip(plan, readings) if readings else None,
    }


def stops(row: Infusion, readings: list[VitalSigns]) -> list[str]:
    """What the protocol says to do about the last reading."""
    return infusions.warnings_of(row, readings[-1]) if readings else []


def blank_forms(person: User, row: Infusion) -> dict[str, forms.BaseForm]:
    plan = schedule.protocol_of(row.participant).infusion
    now = bedside.local_now()
    done = {reading.minute for reading in row.vital_signs.all()}
    due = tuple(minute for minute in plan.clock_minutes if minute not in done)
    upcoming = [minute for minute in due if not done or minute > max(done)]
    waste = TwoSignaturesForm(
        auto_id="waste_%s", people=people_who("drug.move", row.site_id, but=person)
    )
    waste.fields |= WasteForm().fields
    return {
        "start": StartForm(auto_id="start_%s", initial={"started_at": now}),
        "stop": StopForm(auto_id="stop_%s", initial=_stop(row, now)),
        "interruption": InterruptionForm(auto_id="pause_%s", initial={"since": now}),
        "not_given": FailForm(auto_id="not_given_%s"),
        "reading": VitalSignsForm(
            minutes=due,
            started_at=row.started_at,
            initial={"observed_at": now, "minute": next(iter(upcoming), None)},
        ),
        "rescue": RescueForm(
            auto_id="rescue_%s",
            plan=plan,
            doctors=people_who("infusion.except", row.site_id),
            initial={"given_at": now},
        ),
        "discharge": DischargeForm(auto_id="discharge_%s", initial={"at": now}),
        "waste": waste,
    }


def _stop(row: Infusion, now: datetime) -> dict[str, Any]:
    """Pain that was tapped is the answer about pain."""
    felt = any(symptom.code == bedside.PAIN for symptom in row.symptoms.all())
    return {"stopped_at": now} | ({"pain_reported": "True"} if felt else {})


def strip(plan: InfusionPlan, readings: list[VitalSigns]) -> dict[str, Any]:
    """The infusion as one picture: readings against minutes, with the stop lines."""
    series: list[dict[str, Any]] = []
    for name, label, colour, symbol in CURVES:
        points = [
            [reading.minute, value]
            for reading in readings
            if (value := getattr(reading, name)) is not None
        ]
        series.append(
            {
                "type": "line",
                "name": str(label),
                "data": points,
                "symbol": symbol,
                "symbolSize": 8,
                "color": colour,
                "endLabel": {"show": True, "formatter": "{a}", "color": colour},
            }
        )
    series[0]["markLine"] = stop_lines(plan)
    return {
        "xAxis": {"type": "value", "name": _("minutes"), "min": -15, "max": 120},
        "yAxis": {"type": "value", "min": 0, "max": 200},
        "series": series,
    }


def stop_lines(plan: InfusionPlan) -> dict[str, Any]:
    drawn = ("systolic_mmhg", "diastolic_mmhg", "pulse_bpm", "spo2_percent")
    lines = [
        {
            "yAxis": limit.at_least if limit.at_least is not None else limit.at_most,
            "name": _(limit.words),
        }
        for limit in plan.limits
        if limit.action == "stop" and limit.reading in drawn
    ]
    return {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": "var(--wrong)", "type": "dashed"},
        "label": {
            "formatter": "{b}",
            "position": "insideStartTop",
            "color": "var(--ink-quiet)",
        },
        "data": lines,
    }
