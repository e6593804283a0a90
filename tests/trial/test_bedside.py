"""At the bed: symptoms, what is late, rescue, discharge, the locked screen."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from records.models import Event
from tests.bedside import given, person, started
from tests.cast import Cast
from trial import bedside, discharge, infusions
from trial.models import Discharge, Infusion, Participant, Symptom, VitalSigns

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
HOME = {"walks": True, "escort": True, "no_driving": True, "cssrs": True}


@pytest.fixture
def now() -> datetime:
    return timezone.localtime().replace(second=0, microsecond=0)


@pytest.fixture
def infusion(patient: Participant) -> Infusion:
    return patient.infusions.get(number=1)


@pytest.fixture
def running(infusion: Infusion, now: datetime) -> Infusion:
    return started(infusion, now - timedelta(minutes=30))


def read(infusion: Infusion, minute: int, **more: Any) -> VitalSigns:
    assert infusion.started_at is not None
    values: dict[str, Any] = {
        "systolic_mmhg": 120,
        "diastolic_mmhg": 80,
        "pulse_bpm": 70,
        "spo2_percent": 98,
        "sedation_moaas": 5,
        "cadss_total": 0,
    }
    row = VitalSigns(
        infusion=infusion,
        participant=infusion.participant,
        minute=minute,
        observed_at=infusion.started_at + timedelta(minutes=minute),
        **values | more,
    )
    return infusions.record_reading(row)


def url(infusion: Infusion, act: str = "") -> str:
    return f"/infusions/{infusion.pk}/{act and act + '/'}"


def test_what_is_due_and_what_is_late_follows_from_the_clock(
    running: Infusion, now: datetime
) -> None:
    read(running, -15)
    states = {d.minute: d.state for d in bedside.due_readings(running, now)}
    assert states[0] == states[10] == states[20] == "late"
    assert states[30] == "due"
    assert states[40] == "planned"
    late = bedside.late_readings([running], now)
    assert [due.minute for _infusion, due in late] == [0, 10, 20]


def test_a_tolerance_is_not_yet_late(running: Infusion, now: datetime) -> None:
    at = now + timedelta(minutes=5)
    states = {d.minute: d.state for d in bedside.due_readings(running, at)}
    assert states[30] == "due"
    later = at + timedelta(seconds=1)
    states = {d.minute: d.state for d in bedside.due_readings(running, later)}
    assert states[30] == "late"


def test_a_tap_begins_a_symptom_once(as_: AsPerson, running: Infusion) -> None:
    nurse = as_("infusion_nurse")
    for _tap in range(2):
        nurse.post(url(running, "symptom"), {"code": "nausea"})
    felt = running.symptoms.get()
    assert (felt.code, felt.ended_at) == ("nausea", None)
    nurse.post(url(running, f"symptom/{felt.pk}"), {"severity": "3"})
    nurse.post(url(running, f"symptom/{felt.pk}"))
    felt.refresh_from_db()
    assert felt.severity == Symptom.Severity.SEVERE
    assert felt.ended_at is not None


def test_pain_that_was_tapped_counts(
    as_: AsPerson, running: Infusion, now: datetime
) -> None:
    as_("infusion_nurse").post(url(running, "symptom"), {"code": "pain"})
    nurse = person("infusion_nurse")
    with pytest.raises(ValidationError, match="it counts"):
        infusions.stop(running, at=now, pain_reported=False, by=nurse)
    infusions.stop(running, at=now, pain_reported=True, by=nurse)
    assert bedside.with_pain(Infusion.objects.all()) == (1, 1)


def test_pain_after_the_pump_is_no_pain_in_the_infusion(
    infusion: Infusion, now: datetime
) -> None:
    row = given(infusion, now - timedelta(minutes=60))
    bedside.report(row, "pain", at=now)
    row.refresh_from_db()
    assert row.pain_reported is False
    row.symptoms.update(ended_at=now)
    bedside.report(row, "pain", at=now - timedelta(minutes=50))
    row.refresh_from_db()
    assert row.pain_reported is True


def test_a_headache_is_not_counted_as_pain(infusion: Infusion, now: datetime) -> None:
    row = given(infusion, now - timedelta(minutes=60))
    bedside.report(row, "headache", at=now - timedelta(minutes=50))
    assert bedside.with_pain(Infusion.objects.all()) == (0, 1)


def test_a_rescue_dose_has_who_gave_and_who_ordered(
    as_: AsPerson, running: Infusion, cast: Cast, now: datetime
) -> None:
    as_("infusion_nurse").post(
        url(running, "rescue"),
        {
            "kind": "antiemetic",
            "drug": "ondansetron",
            "dose_mg": "4",
            "route": "iv",
            "given_at": f"{now:%Y-%m-%d %H:%M}",
            "ordered_by": cast["investigator"].pk,
        },
    )
    dose = running.rescue_doses.get()
    assert (dose.given_by, dose.ordered_by) == (
        cast["infusion_nurse"],
        cast["investigator"],
    )


def test_the_pump_runs_again(as_: AsPerson, running: Infusion, now: datetime) -> None:
    infusions.interrupt(
        running, since=now - timedelta(minutes=10), until=None, reason="line blocked"
    )
    as_("infusion_nurse").post(url(running, "restart"))
    assert running.interruptions.get().until is not None


def leaving(infusion: Infusion, at: datetime, **more: Any) -> Discharge:
    return Discharge(
        infusion=infusion, participant=infusion.participant, at=at, **HOME | more
    )


def observed(infusion: Infusion, now: datetime, **last: Any) -> Infusion:
    row = given(infusion, now - timedelta(minutes=120))
    read(row, -15)
    read(row, 120, **last)
    return row


def test_who_meets_every_line_goes_home(infusion: Infusion, now: datetime) -> None:
    row = observed(infusion, now, systolic_mmhg=144, diastolic_mmhg=64)
    kept = discharge.discharge(leaving(row, now), by=person("infusion_nurse"))
    assert kept.unmet == ""


@pytest.mark.parametrize(
    ("last", "said", "minutes", "line"),
    [
        ({}, {}, -1, "120 min or more"),
        ({"systolic_mmhg": 145}, {}, 0, "pressure within 20 %"),
        ({"sedation_moaas": 4}, {}, 0, "MOAA/S 5"),
        ({"cadss_total": 1}, {}, 0, "CADSS back"),
        ({}, {"walks": False}, 0, "walks unaided"),
        ({}, {"escort": False}, 0, "the escort is here"),
        ({}, {"no_driving": False}, 0, "told not to drive"),
        ({}, {"cssrs": False}, 0, "C-SSRS asked"),
    ],
)
def test_a_line_that_is_not_met_is_named_and_needs_an_investigator(
    infusion: Infusion,
    now: datetime,
    last: dict[str, int],
    said: dict[str, bool],
    minutes: int,
    line: str,
) -> None:
    row = observed(infusion, now, **last)
    at, nurse = now + timedelta(minutes=minutes), person("infusion_nurse")
    with pytest.raises(ValidationError, match=f"Not yet: {line}"):
        discharge.discharge(leaving(row, at, **said), by=nurse, reason="feels well")
    kept = discharge.discharge(
        leaving(row, at, **said),
        by=nurse,
        reason="seen at the bed",
        allowed_by=person("investigator"),
    )
    assert kept.unmet != ""


def test_the_database_refuses_a_discharge_that_hides_what_is_not_met(
    infusion: Infusion, now: datetime
) -> None:
    row = observed(infusion, now)
    hidden = leaving(row, now, walks=False, discharged_by=person("infusion_nurse"))
    with pytest.raises(IntegrityError), transaction.atomic():
        hidden.save()
    unsaid = leaving(row, now, discharged_by=person("infusion_nurse"), unmet="walks")
    with pytest.raises(IntegrityError), transaction.atomic():
        unsaid.save()


def test_nobody_leaves_while_the_pump_runs(running: Infusion, now: datetime) -> None:
    with pytest.raises(ValidationError, match="Stop the infusion first"):
        discharge.discharge(leaving(running, now), by=person("infusion_nurse"))


def test_a_locked_session_shows_clock_and_due_without_identity(
    as_: AsPerson, running: Infusion, cast: Cast
) -> None:
    cast["infusion_nurse"].set_password("right")
    cast["infusion_nurse"].save()
    nurse = as_("infusion_nurse")
    nurse.post(url(running, "lock"))
    for path in ("/", url(running), url(running, "gate"), "/participants/"):
        assert nurse.get(path).headers["Location"] == url(running, "locked")
    text = nurse.get(url(running, "locked")).content.decode()
    assert "data-minutes-since" in text
    assert running.participant.subject_id not in text
    assert nurse.get(url(running, "due")).status_code == 200
    wrong = nurse.post(url(running, "unlock"), {"password": "wrong"})
    assert wrong.status_code == 422
    assert "That is not your password." in wrong.content.decode()
    nurse.post(url(running, "unlock"), {"password": "right"})
    assert nurse.get(url(running)).status_code == 200


def test_five_wrong_passwords_end_a_locked_session(
    as_: AsPerson, running: Infusion
) -> None:
    nurse = as_("infusion_nurse")
    nurse.post(url(running, "lock"))
    for _try in range(5):
        answer = nurse.post(url(running, "unlock"), {"password": "wrong"})
    assert "/login/" in answer.headers["Location"]
    assert "/login/" in nurse.get("/").headers["Location"]


def test_asking_what_is_due_writes_nothing(as_: AsPerson, running: Infusion) -> None:
    before = Event.objects.count()
    assert as_("infusion_nurse").get(url(running, "due")).status_code == 200
    assert Event.objects.count() == before
