"""No dose without the gate, the second person, and signed exceptions."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from records import signing
from tests.bedside import (
    asked,
    gate_values,
    given,
    lot,
    person,
    prepared,
    ready,
    started,
    through_the_gate,
)
from trial import exceptions, gate, infusions, preparing
from trial.models import Baseline, Gate, Infusion, Participant, Preparation

pytestmark = pytest.mark.django_db
Refused = Callable[[Infusion], Any]


@pytest.fixture
def infusion(patient: Participant) -> Infusion:
    return patient.infusions.get(number=1)


@pytest.fixture
def now() -> datetime:
    return timezone.localtime().replace(second=0, microsecond=0)


def state_of(infusion: Infusion, code: str, at: datetime) -> str:
    found = {line.code: line for line in gate.lines(gate.gate_of(infusion), at)}
    return found[code].state


def test_a_gate_that_holds_all_is_passed(infusion: Infusion, now: datetime) -> None:
    through_the_gate(infusion, now)
    row = Gate.objects.get(infusion=infusion)
    assert (row.state, row.unmet) == (Gate.State.PASSED, "")


def test_the_gate_waits_for_the_cssrs(infusion: Infusion, now: datetime) -> None:
    gate.record(infusion, gate_values(now))
    assert Gate.objects.get(infusion=infusion).state == Gate.State.OPEN
    assert state_of(infusion, "cssrs", now) == "to_do"
    asked(infusion)
    assert state_of(infusion, "cssrs", now) == "done"


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("weight", {"weighed_on": -1}),
        ("fasting", {"solids_at": timedelta(hours=5, minutes=59)}),
        ("fasting", {"clear_fluids_at": timedelta(hours=1, minutes=59)}),
        ("pressure", {"systolic_mmhg": 160}),
        ("pressure", {"diastolic_mmhg": 100}),
        ("urine_hcg", {"urine_hcg": "positive"}),
        ("escort", {"escort": False}),
    ],
)
def test_a_line_past_its_limit_stops_until_an_exception_is_signed(
    infusion: Infusion, now: datetime, line: str, values: dict[str, Any]
) -> None:
    typed = gate_values(now)
    for name, value in values.items():
        if isinstance(value, timedelta):
            value = now - value
        elif name == "weighed_on":
            value = typed[name] + timedelta(days=value)
        typed[name] = value
    ready(infusion, now)
    gate.record(infusion, typed)
    with pytest.raises(ValidationError, match="No dose without the gate"):
        infusions.start(infusion, at=now)
    exceptions.grant(infusion, line, reason="seen", by=person("investigator"))
    assert infusions.start(infusion, at=now).state == Infusion.State.RUNNING


def test_the_limits_themselves_are_kept(infusion: Infusion, now: datetime) -> None:
    asked(infusion)
    values = gate_values(now) | {
        "solids_at": now - timedelta(hours=6),
        "clear_fluids_at": now - timedelta(hours=2),
        "systolic_mmhg": 159,
        "diastolic_mmhg": 99,
    }
    gate.record(infusion, values)
    assert not list(gate.open_lines(gate.gate_of(infusion), now))


@pytest.mark.parametrize(
    ("sex", "born", "state"),
    [("F", 1985, "to_do"), ("M", 1985, "done"), ("F", 1960, "done")],
)
def test_hcg_applies_to_women_of_child_bearing_age(
    infusion: Infusion, now: datetime, sex: str, born: int, state: str
) -> None:
    Baseline.objects.filter(participant=infusion.participant).update(
        sex=sex, birth_year=born
    )
    infusion = Infusion.objects.get(pk=infusion.pk)
    assert state_of(infusion, "urine_hcg", now) == state


def test_what_forbids_further_infusions_stops_every_later_one(
    infusion: Infusion, now: datetime
) -> None:
    doctor = person("investigator")
    exceptions.halt(
        infusion.participant, "mania", on=now.date(), text="sleepless", by=doctor
    )
    ready(infusion, now)
    with pytest.raises(ValidationError, match="mania"):
        infusions.start(infusion, at=now)
    row = exceptions.grant(infusion, "mania", reason="over since May", by=doctor)
    infusions.start(infusion, at=now)
    signed = signing.standing_on(row).get()
    assert "over since May" in signed.content


def test_the_database_refuses_a_start_without_gate_or_second_person(
    infusion: Infusion, now: datetime
) -> None:
    running = {"state": "running", "weight_kg": 60, "dose_mg": 30, "started_at": now}
    rows = Infusion.objects.filter(pk=infusion.pk)

    def refusal() -> str:
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            rows.update(**running)
        return str(refused.value)

    assert "without the gate" in refusal()
    through_the_gate(infusion, now)
    assert "without a second person" in refusal()
    row = prepared(infusion)
    assert "without a second person" in refusal()
    preparing.check(row, by=person("investigator"))
    Gate.objects.update(unmet="pressure")
    assert "without a signed exception" in refusal()
    Gate.objects.update(unmet="")
    assert rows.update(**running) == 1


def test_the_second_person_is_another_person(infusion: Infusion, now: datetime) -> None:
    through_the_gate(infusion, now)
    row = prepared(infusion)
    with pytest.raises(ValidationError, match="must be another person"):
        preparing.check(row, by=row.prepared_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Preparation.objects.update(checked_by=row.prepared_by_id, checked_at=now)


def test_a_dose_over_the_limit_needs_a_signed_exception(
    infusion: Infusion, now: datetime
) -> None:
    through_the_gate(infusion, now)
    nurse, more = person("infusion_nurse"), Decimal("0.6")
    with pytest.raises(ValidationError, match="more than the protocol allows"):
        preparing.prepare(infusion, lot(infusion), by=nurse, mg_per_kg=more)
    exceptions.grant(infusion, "dose", reason="agreed", by=person("investigator"))
    row = preparing.prepare(infusion, lot(infusion), by=nurse, mg_per_kg=more)
    assert row.dose_mg == Decimal("36.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        Preparation.objects.update(excepted_by=None)


def test_a_dose_for_another_weight_is_not_given(
    infusion: Infusion, now: datetime
) -> None:
    ready(infusion, now)
    gate.record(infusion, {"weight_kg": Decimal(70)})
    with pytest.raises(ValidationError, match="prepared for another weight"):
        infusions.start(infusion, at=now)


def test_a_seventh_infusion_needs_a_signed_exception(
    infusion: Infusion, now: datetime
) -> None:
    participant, doctor = infusion.participant, person("investigator")
    row = Infusion(
        participant=participant,
        site=participant.site,
        number=7,
        planned_on=now.date(),
    )
    with pytest.raises(ValidationError, match="The protocol allows six infusions"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    seventh = exceptions.plan_one_more(
        participant, now.date(), reason="responds", by=doctor
    )
    assert seventh.number == 7
    assert seventh.exceptions.get().line == "number"


def test_a_start_in_the_middle_keeps_what_was_checked(
    infusion: Infusion, now: datetime
) -> None:
    row = started(infusion, now - timedelta(minutes=5), "61.5")
    assert (row.dose_mg, row.weight_kg) == (Decimal("30.75"), Decimal("61.5"))


def test_what_the_pump_gave_leaves_out_the_time_it_stood(
    infusion: Infusion, now: datetime
) -> None:
    row = started(infusion, now - timedelta(minutes=40))
    infusions.interrupt(
        row,
        since=now - timedelta(minutes=30),
        until=now - timedelta(minutes=20),
        reason="line blocked",
    )
    assert infusions.dose_given_mg(row, now) == Decimal("22.50")


def test_a_gate_is_closed_once_the_pump_runs(infusion: Infusion, now: datetime) -> None:
    given(infusion, now - timedelta(minutes=50))
    with pytest.raises(ValidationError, match="it is given"):
        gate.record(infusion, {"escort": False})
