"""The page of one infusion: started, read, interrupted, stopped, or left out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from records.models import Event
from tests.bedside import ready, started
from tests.cast import Cast
from trial.models import Infusion, Participant, VitalSigns

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
ACTS = ["start", "stop", "interrupt", "not-given", "reading"]


@pytest.fixture
def infusion(patient: Participant) -> Infusion:
    """Infusion 1, planned for today."""
    return patient.infusions.get(number=1)


@pytest.fixture
def running(infusion: Infusion) -> Infusion:
    """The pump runs since half an hour."""
    return started(infusion, minutes_ago(30))


def minutes_ago(minutes: int) -> datetime:
    now = timezone.localtime().replace(second=0, microsecond=0)
    return now - timedelta(minutes=minutes)


def typed(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def url(infusion: Infusion, act: str = "") -> str:
    return f"/infusions/{infusion.pk}/{act and act + '/'}"


def reading(minute: int = 0, **more: str) -> dict[str, str]:
    return {
        "minute": str(minute),
        "observed_at": typed(minutes_ago(1)),
        "systolic_mmhg": "120",
        "diastolic_mmhg": "80",
        "pulse_bpm": "70",
        "spo2_percent": "98",
    } | more


def test_a_start_takes_the_dose_that_was_checked(
    as_: AsPerson, infusion: Infusion
) -> None:
    at = minutes_ago(5)
    ready(infusion, at, "61.5")
    response = as_("infusion_nurse").post(
        url(infusion, "start"), {"started_at": typed(at)}
    )
    assert response.headers["Location"] == url(infusion)
    infusion.refresh_from_db()
    assert (infusion.state, infusion.started_at) == ("running", at)
    assert infusion.dose_mg == Decimal("30.75")


def test_the_rating_after_24_h_is_planned_from_the_real_start(
    as_: AsPerson, infusion: Infusion
) -> None:
    at = minutes_ago(5)
    ready(infusion, at)
    as_("infusion_nurse").post(url(infusion, "start"), {"started_at": typed(at)})
    visit = infusion.participant.visits.get(visit_type="day2")
    assert visit.window_opens == at + timedelta(hours=20)
    assert visit.window_closes == at + timedelta(hours=28)


def test_a_start_without_the_gate_names_what_is_missing(
    as_: AsPerson, infusion: Infusion
) -> None:
    response = as_("infusion_nurse").post(
        url(infusion, "start"), {"started_at": typed(minutes_ago(5))}
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert "No dose without the gate: weight measured, with its date." in text
    assert "No dose without the gate: C-SSRS since the last visit asked." in text
    infusion.refresh_from_db()
    assert infusion.state == "planned"


def test_starting_twice_changes_nothing_more(as_: AsPerson, running: Infusion) -> None:
    before = Event.objects.count()
    response = as_("infusion_nurse").post(
        url(running, "start"),
        {"started_at": typed(minutes_ago(1))},
        follow=True,
    )
    assert "Infusion 1 is running already." in response.content.decode()
    assert Event.objects.count() == before


def test_the_second_infusion_waits_for_the_first(
    as_: AsPerson, infusion: Infusion
) -> None:
    second = infusion.participant.infusions.get(number=2)
    response = as_("infusion_nurse").post(
        url(second, "start"), {"started_at": typed(minutes_ago(1))}
    )
    assert response.status_code == 422
    assert "Infusion 1 has not been given" in response.content.decode()


def test_a_start_in_the_future_is_refused(as_: AsPerson, infusion: Infusion) -> None:
    response = as_("infusion_nurse").post(
        url(infusion, "start"),
        {"started_at": typed(minutes_ago(-9))},
    )
    assert response.status_code == 422
    assert "This time is in the future." in response.content.decode()


def test_a_stop_ends_it_with_the_answer_about_pain(
    as_: AsPerson, running: Infusion
) -> None:
    at = minutes_ago(2)
    as_("infusion_nurse").post(
        url(running, "stop"), {"stopped_at": typed(at), "pain_reported": "False"}
    )
    running.refresh_from_db()
    assert (running.state, running.stopped_at) == ("given", at)
    assert running.pain_reported is False


def test_a_stop_without_the_answer_about_pain_is_refused(
    as_: AsPerson, running: Infusion
) -> None:
    response = as_("infusion_nurse").post(
        url(running, "stop"), {"stopped_at": typed(minutes_ago(2))}
    )
    assert response.status_code == 422
    assert "Pain reported during the infusion: This field" in response.content.decode()


def test_a_stop_before_the_start_is_refused(as_: AsPerson, running: Infusion) -> None:
    response = as_("infusion_nurse").post(
        url(running, "stop"),
        {"stopped_at": typed(minutes_ago(40)), "pain_reported": "True"},
    )
    assert response.status_code == 422
    assert "An infusion stops after it starts." in response.content.decode()


def test_an_interruption_has_its_times_and_reason(
    as_: AsPerson, running: Infusion
) -> None:
    since, until = minutes_ago(20), minutes_ago(15)
    as_("infusion_nurse").post(
        url(running, "interrupt"),
        {"since": typed(since), "until": typed(until), "reason": "line blocked"},
    )
    kept = running.interruptions.get()
    assert (kept.since, kept.until, kept.reason) == (since, until, "line blocked")


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        (40, 20, "This is before the infusion started."),
        (10, 15, "The restart must be after the stop."),
        (-5, None, "This time is in the future."),
        (10, -5, "This time is in the future."),
    ],
)
def test_an_interruption_at_an_impossible_time_is_refused(
    as_: AsPerson, running: Infusion, since: int, until: int | None, says: str
) -> None:
    ended = "" if until is None else typed(minutes_ago(until))
    response = as_("infusion_nurse").post(
        url(running, "interrupt"),
        {"since": typed(minutes_ago(since)), "until": ended, "reason": "line blocked"},
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert says in text
    assert 'value="line blocked"' in text
    assert not running.interruptions.exists()


def test_an_infusion_left_out_has_its_reason(as_: AsPerson, infusion: Infusion) -> None:
    client = as_("infusion_nurse")
    assert client.post(url(infusion, "not-given"), {"reason": ""}).status_code == 422
    client.post(url(infusion, "not-given"), {"reason": "fever"})
    infusion.refresh_from_db()
    assert (infusion.state, infusion.not_given_reason) == ("not_given", "fever")


def test_what_runs_is_not_left_out(as_: AsPerson, running: Infusion) -> None:
    response = as_("infusion_nurse").post(
        url(running, "not-given"), {"reason": "x"}, follow=True
    )
    assert "Infusion 1 is running already." in response.content.decode()
    running.refresh_from_db()
    assert running.state == "running"


def test_a_reading_is_kept_at_its_minute(as_: AsPerson, running: Infusion) -> None:
    response = as_("infusion_nurse").post(url(running, "reading"), reading(10))
    assert response.status_code == 302
    kept = running.vital_signs.get()
    assert (kept.minute, kept.systolic_mmhg, kept.respiration_bpm) == (10, 120, None)


def test_a_reading_past_a_limit_is_kept_and_said(
    as_: AsPerson, running: Infusion
) -> None:
    high = reading(10, systolic_mmhg="185")
    response = as_("infusion_nurse").post(url(running, "reading"), high, follow=True)
    assert "Limit passed: systolic 180 mmHg or more" in response.content.decode()
    assert running.vital_signs.count() == 1


def test_a_limit_that_needs_two_readings_asks_for_the_second(
    as_: AsPerson, running: Infusion
) -> None:
    nurse = as_("infusion_nurse")
    words = "systolic 180 mmHg or more, twice 5 min apart"
    first = reading(10, systolic_mmhg="185", observed_at=typed(minutes_ago(8)))
    once = nurse.post(url(running, "reading"), first, follow=True)
    assert f"{words}: seen once, read again in 5 min" in once.content.decode()
    second = reading(20, systolic_mmhg="181", observed_at=typed(minutes_ago(2)))
    twice = nurse.post(url(running, "reading"), second, follow=True)
    assert f"Limit passed: {words}." in twice.content.decode()


def test_a_minute_is_read_once(as_: AsPerson, running: Infusion) -> None:
    client = as_("infusion_nurse")
    client.post(url(running, "reading"), reading(10))
    again = client.post(url(running, "reading"), reading(10, pulse_bpm="71"))
    assert again.status_code == 422
    assert running.vital_signs.get().pulse_bpm == 70


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("spo2_percent", "400", "SpO2 must be 40 to 100 %."),
        ("pulse_bpm", "", "This field is required."),
        ("minute", "7", "Select a valid choice."),
        ("observed_at", "soon", "Enter a valid date/time."),
    ],
)
def test_an_impossible_reading_is_refused_and_what_was_typed_stays(
    as_: AsPerson, running: Infusion, field: str, value: str, says: str
) -> None:
    typed_in = reading(10, diastolic_mmhg="83") | {field: value}
    response = as_("infusion_nurse").post(url(running, "reading"), typed_in)
    assert response.status_code == 422
    text = response.content.decode()
    assert says in text
    assert 'value="83"' in text
    assert not running.vital_signs.exists()


@pytest.mark.parametrize("act", ACTS)
def test_another_sites_nurse_finds_nothing(
    as_: AsPerson, infusion: Infusion, act: str
) -> None:
    client = as_("other_infusion_nurse")
    assert client.get(url(infusion)).status_code == 404
    assert client.post(url(infusion, act)).status_code == 404


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("person", ["monitor", "coordinator", "rater"])
def test_who_does_not_give_infusions_may_not_write(
    as_: AsPerson, infusion: Infusion, act: str, person: str
) -> None:
    response = as_(person).post(url(infusion, act), {"reason": "x"})
    assert response.status_code == 403
    infusion.refresh_from_db()
    assert infusion.state == "planned"


@pytest.mark.parametrize("act", ACTS)
def test_acts_are_not_read(as_: AsPerson, infusion: Infusion, act: str) -> None:
    assert as_("infusion_nurse").get(url(infusion, act)).status_code == 405


def test_reading_the_page_writes_nothing(as_: AsPerson, infusion: Infusion) -> None:
    before = Event.objects.count()
    assert as_("infusion_nurse").get(url(infusion)).status_code == 200
    assert Event.objects.count() == before


def test_a_rater_does_not_see_how_an_infusion_went(
    as_: AsPerson, infusion: Infusion
) -> None:
    assert as_("rater").get(url(infusion)).status_code == 403


def test_given_without_a_start_is_refused_by_the_form_and_by_the_database(
    infusion: Infusion,
) -> None:
    infusion.state = Infusion.State.GIVEN
    with pytest.raises(ValidationError, match="A given infusion has weight"):
        infusion.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        infusion.save()


def test_an_oxygen_of_400_is_refused_by_the_form_and_by_the_database(
    running: Infusion, cast: Cast
) -> None:
    row = VitalSigns(
        infusion=running,
        participant=running.participant,
        minute=10,
        observed_at=minutes_ago(1),
        systolic_mmhg=120,
        diastolic_mmhg=80,
        pulse_bpm=70,
        spo2_percent=400,
    )
    with pytest.raises(ValidationError, match="SpO2 must be 40 to 100"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
