"""An infusion made ready for its start, as the people of the cast would do it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from records import forms
from trial import drug, gate, infusions, preparing
from trial.models import Infusion, Lot, Movement, Preparation


def person(name: str) -> User:
    return User.objects.get(username=name)


def gate_values(at: datetime, weight_kg: str = "60") -> dict[str, Any]:
    """What lets the gate pass for a start at `at`, but for the C-SSRS."""
    return {
        "weight_kg": Decimal(weight_kg),
        "weighed_on": timezone.localdate(at),
        "solids_at": at - timedelta(hours=12),
        "clear_fluids_at": at - timedelta(hours=4),
        "systolic_mmhg": 120,
        "diastolic_mmhg": 80,
        "urine_hcg": "negative",
        "urine_drugs": "negative",
        "escort": True,
        "medication_today": "none",
    }


def asked(infusion: Infusion) -> None:
    """The C-SSRS of this infusion is complete."""
    gate.ask_cssrs(infusion)
    form = gate.cssrs_form(infusion)
    assert form is not None
    forms.complete(form, by=person("investigator"))


def lot(infusion: Infusion, vials: int = 20) -> Lot:
    """The lot of the infusion's site: 10 mg/mL in vials of 20 mL."""
    found, made = Lot.objects.get_or_create(
        site_id=infusion.site_id,
        code="K1",
        defaults={
            "concentration_mg_per_ml": 10,
            "vial_ml": 20,
            "expires_on": timezone.localdate() + timedelta(days=300),
        },
    )
    if made:
        drug.move(
            found,
            Movement.Kind.RECEIVED,
            by=person("infusion_nurse"),
            witness=person("investigator"),
            vials=vials,
        )
    found.refresh_from_db()
    return found


def through_the_gate(infusion: Infusion, at: datetime, weight_kg: str = "60") -> None:
    asked(infusion)
    gate.record(infusion, gate_values(at, weight_kg))


def prepared(infusion: Infusion) -> Preparation:
    return preparing.prepare(infusion, lot(infusion), by=person("infusion_nurse"))


def ready(infusion: Infusion, at: datetime, weight_kg: str = "60") -> Infusion:
    """The gate is passed and the dose checked by a second person."""
    through_the_gate(infusion, at, weight_kg)
    preparing.check(prepared(infusion), by=person("investigator"))
    return infusion


def started(infusion: Infusion, at: datetime, weight_kg: str = "60") -> Infusion:
    return infusions.start(ready(infusion, at, weight_kg), at=at)


def given(infusion: Infusion, at: datetime, *, pain: bool = False) -> Infusion:
    """The pump ran for its forty minutes."""
    return infusions.stop(
        started(infusion, at),
        at=at + timedelta(minutes=40),
        pain_reported=pain,
        by=person("infusion_nurse"),
    )
