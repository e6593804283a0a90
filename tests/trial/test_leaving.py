"""How a participant's part in the trial ends, and what each ending does."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from records.models import Event
from tests import bedside
from tests.cast import Cast
from trial import leaving
from trial.endings import ASKED, ENDINGS, as_table
from trial.models import Deviation, Ending, Participant, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
PASSWORD = "ketamine-and-rain"


@pytest.fixture
def treated(patient: Participant) -> Participant:
    """Infusion 1 was given an hour ago."""
    first = patient.infusions.get(number=1)
    at = timezone.now() - timedelta(hours=1)
    bedside.given(first, at)
    return patient


def today() -> date:
    return timezone.localdate()


def url(participant: Participant, act: str) -> str:
    return f"/participants/{participant.subject_id}/{act}/"


def answers(**yes: str) -> dict[str, str]:
    no = {ending.code: "False" for ending in ASKED}
    return no | {"on": f"{today()}", "reason": "too far to travel"} | yes


def planned(participant: Participant) -> set[str]:
    rows = participant.visits.filter(state=Visit.State.PLANNED)
    return set(rows.values_list("visit_type", flat=True))


def test_the_table_in_the_docs_is_the_data() -> None:
    page = Path(__file__).parents[2] / "docs" / "endings.md"
    assert as_table() in page.read_text()


def test_each_thing_that_may_end_is_a_question_of_its_own(
    as_: AsPerson, treated: Participant
) -> None:
    client = as_("coordinator")
    without = answers()
    del without["data"]
    assert client.post(url(treated, "leave"), without).status_code == 422
    assert client.post(url(treated, "leave"), answers()).status_code == 422
    assert not Ending.objects.exists()
    client.post(url(treated, "leave"), answers(blood="True"))
    assert [row.code for row in Ending.objects.all()] == ["blood"]


def test_from_treatment_the_infusions_are_cancelled_and_the_follow_up_stays(
    treated: Participant, cast: Cast
) -> None:
    leaving.leave(
        treated, ["treatment"], on=today(), reason="headache", by=cast["coordinator"]
    )
    states = treated.infusions.order_by("number").values_list("state", flat=True)
    assert list(states) == ["given"] + ["not_given"] * 5
    left = {"screening", "baseline", "infusion1", "day2", "extra1"}
    assert planned(treated) == left
    follow_up = treated.visits.get(visit_type="extra1")
    assert follow_up.planned_on == today() + timedelta(days=14)
    treated.refresh_from_db()
    assert treated.state == "enrolled"
    assert not Deviation.objects.exists()


@pytest.mark.parametrize("code", ["visits", "data", "consent"])
def test_who_leaves_altogether_has_nothing_planned_and_keeps_what_was_done(
    treated: Participant, cast: Cast, code: str
) -> None:
    leaving.leave(treated, [code], on=today(), reason="moves", by=cast["coordinator"])
    treated.refresh_from_db()
    assert (treated.state, treated.ended_on) == ("withdrawn", today())
    assert planned(treated) == set()
    assert treated.infusions.filter(state="given").count() == 1
    withdrawn = treated.consents.get().withdrawn_on
    assert (withdrawn == today()) is (code == "consent")
    destroyed = leaving.blood_withdrawn_on(treated)
    assert (destroyed == today()) is (code == "consent")


def test_lost_to_follow_up_needs_three_attempts_on_different_days(
    as_: AsPerson, treated: Participant, cast: Cast
) -> None:
    client = as_("coordinator")
    lost = {"on": f"{today()}", "reason": "does not answer"}
    for days in (3, 2, 2):
        at = timezone.now() - timedelta(days=days)
        leaving.record_contact(
            treated, way="telephone", at=at, outcome="no answer", by=cast["coordinator"]
        )
    refused = client.post(url(treated, "lost"), lost)
    assert refused.status_code == 422
    assert "there are 2" in refused.content.decode()
    at = timezone.localtime() - timedelta(minutes=1)
    typed = {"way": "letter", "at": f"{at:%Y-%m-%d %H:%M}", "outcome": "came back"}
    client.post(url(treated, "contacts"), typed)
    client.post(url(treated, "lost"), lost)
    treated.refresh_from_db()
    assert treated.state == "lost"
    assert planned(treated) == set()


def test_nothing_ends_while_an_infusion_runs(patient: Participant, cast: Cast) -> None:
    first = patient.infusions.get(number=1)
    bedside.started(first, timezone.now())
    with pytest.raises(ValidationError, match="An infusion is running"):
        leaving.leave(
            patient, ["visits"], on=today(), reason="x", by=cast["coordinator"]
        )
    assert not Ending.objects.exists()


def test_the_same_ending_twice_is_one(
    as_: AsPerson, treated: Participant, cast: Cast
) -> None:
    person = cast["coordinator"]
    for _time in range(2):
        leaving.leave(treated, ["blood"], on=today(), reason="asked", by=person)
    assert Ending.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Ending.objects.create(
            participant=treated,
            site=treated.site,
            code="blood",
            ended_on=today(),
            reason="asked",
            recorded_by=person,
        )


def test_an_ending_without_a_reason_is_refused_by_both_layers(
    as_: AsPerson, treated: Participant, cast: Cast
) -> None:
    typed = answers(visits="True", reason=" ")
    response = as_("coordinator").post(url(treated, "leave"), typed)
    assert response.status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        Ending.objects.create(
            participant=treated,
            site=treated.site,
            code="visits",
            ended_on=today(),
            recorded_by=cast["coordinator"],
        )


def test_after_completion_blood_may_be_withdrawn_and_treatment_not(
    treated: Participant, cast: Cast
) -> None:
    Participant.objects.filter(pk=treated.pk).update(
        state="completed", ended_on=today()
    )
    person = cast["coordinator"]
    leaving.leave(treated, ["blood"], on=today(), reason="asked", by=person)
    with pytest.raises(ValidationError, match="completed already"):
        leaving.leave(treated, ["treatment"], on=today(), reason="asked", by=person)
    leaving.leave(treated, ["consent"], on=today(), reason="asked", by=person)
    treated.refresh_from_db()
    assert treated.state == "completed"


def test_after_data_were_withdrawn_nothing_is_entered(
    as_: AsPerson, treated: Participant, cast: Cast
) -> None:
    yesterday = today() - timedelta(days=1)
    leaving.leave(treated, ["data"], on=yesterday, reason="x", by=cast["coordinator"])
    visit = treated.visits.get(visit_type="day2")
    whole = {f"item_MADRS1{n:02}": "3" for n in range(1, 11)}
    response = as_("rater").post(f"/visits/{visit.pk}/madrs/", whole)
    assert response.status_code == 422
    assert "withdrew from data collection" in response.content.decode()


def test_the_investigator_signs_how_it_ended(
    as_: AsPerson, treated: Participant, cast: Cast, totp: Callable[[User], None]
) -> None:
    person = cast["investigator"]
    person.set_password(PASSWORD)
    person.save()
    totp(person)
    (row,) = leaving.leave(
        treated, ["visits"], on=today(), reason="moves", by=cast["coordinator"]
    )
    client, path = as_("investigator"), f"/endings/{row.pk}/sign/"
    assert client.post(path, {"password": "wrong"}).status_code == 422
    client.post(path, {"password": PASSWORD})
    page = client.get(f"/participants/{treated.subject_id}/")
    assert [ending.is_signed for ending in page.context["endings"]] == [True]
    assert as_("coordinator").post(path, {"password": PASSWORD}).status_code == 403


@pytest.mark.parametrize("act", ["leave", "lost", "complete", "contacts"])
def test_another_site_and_a_reader_end_nothing(
    as_: AsPerson, treated: Participant, act: str
) -> None:
    before = Event.objects.count()
    path = url(treated, act)
    assert as_("other_coordinator").post(path, answers()).status_code == 404
    assert as_("monitor").post(path, answers()).status_code == 403
    assert as_("coordinator").delete(path).status_code == 405
    assert Event.objects.count() == before


@pytest.mark.parametrize("code", sorted(ENDINGS))
def test_what_an_ending_leads_to_is_a_state_of_a_participant(code: str) -> None:
    assert ENDINGS[code].leads_to in {"", *Participant.State.values}
