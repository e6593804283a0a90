"""The log of deviations: what people write, what the system notices, who signs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from records.models import Event
from tests.cast import Cast
from trial import deviations
from trial.models import Deviation, Participant, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
PASSWORD = "ketamine-and-rain"


@pytest.fixture
def deviation(patient: Participant, cast: Cast) -> Deviation:
    return deviations.record(
        patient,
        kind="dose",
        text="Half a millilitre too much.",
        happened_at=timezone.now() - timedelta(hours=2),
        by=cast["infusion_nurse"],
    )


@pytest.fixture
def investigator(cast: Cast, totp: Callable[[User], None]) -> User:
    person = cast["investigator"]
    person.set_password(PASSWORD)
    person.save()
    totp(person)
    return person


def url(deviation: Deviation, act: str = "") -> str:
    return f"/deviations/{deviation.pk}/{act and act + '/'}"


def typed(**more: str) -> dict[str, str]:
    at = timezone.localtime() - timedelta(hours=1)
    return {
        "kind": "procedure",
        "severity": "minor",
        "happened_at": f"{at:%Y-%m-%d %H:%M}",
        "text": "The ECG was not repeated.",
    } | more


def test_what_the_system_notices_twice_is_one_line(visit: Visit) -> None:
    def notice() -> Deviation:
        return deviations.record(
            visit.participant,
            kind="window",
            text="Rated late.",
            happened_at=timezone.now(),
            about=visit,
        )

    assert notice() == notice()
    assert Deviation.objects.count() == 1


def test_the_database_keeps_a_line_of_the_system_once(visit: Visit) -> None:
    row = deviations.record(
        visit.participant,
        kind="window",
        text="Rated late.",
        happened_at=timezone.now(),
        about=visit,
    )
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize("wrong", [{"kind": "weather"}, {"text": " "}])
def test_a_line_without_a_known_kind_or_words_is_refused_by_both_layers(
    patient: Participant, wrong: dict[str, str]
) -> None:
    values = {"kind": "other", "text": "words"} | wrong
    kind, text = values["kind"], values["text"]
    with pytest.raises(ValidationError):
        deviations.record(patient, kind=kind, text=text, happened_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Deviation.objects.create(
            participant=patient,
            site=patient.site,
            happened_at=timezone.now(),
            kind=kind,
            text=text.strip(),
        )


def test_a_nurse_records_one_and_finds_it_in_the_log(
    as_: AsPerson, patient: Participant
) -> None:
    nurse = as_("infusion_nurse")
    path = f"/participants/{patient.subject_id}/deviations/new/"
    response = nurse.post(path, typed())
    row = Deviation.objects.get()
    assert response.headers["Location"] == url(row)
    assert "The ECG was not repeated." in nurse.get("/deviations/").content.decode()
    page = nurse.get(f"/participants/{patient.subject_id}/").content.decode()
    assert "The ECG was not repeated." in page


def test_one_of_tomorrow_is_refused_and_what_was_typed_stays(
    as_: AsPerson, patient: Participant
) -> None:
    tomorrow = timezone.localtime() + timedelta(days=1)
    response = as_("coordinator").post(
        f"/participants/{patient.subject_id}/deviations/new/",
        typed(happened_at=f"{tomorrow:%Y-%m-%d %H:%M}"),
    )
    assert response.status_code == 422
    assert "The ECG was not repeated." in response.content.decode()
    assert not Deviation.objects.exists()


def test_the_investigator_acknowledges_what_was_done(
    as_: AsPerson, deviation: Deviation, investigator: User
) -> None:
    client = as_("investigator")
    early = client.post(url(deviation, "acknowledge"), {"password": PASSWORD})
    assert early.status_code == 422
    assert "Write down what was done" in early.content.decode()
    done = {"severity": "major", "done": "Watched for two hours."}
    client.post(url(deviation), done)
    client.post(url(deviation, "acknowledge"), {"password": "wrong"})
    assert not client.get(url(deviation)).context["signatures"]
    for _time in range(2):
        client.post(url(deviation, "acknowledge"), {"password": PASSWORD})
    (signature,) = client.get(url(deviation)).context["signatures"]
    assert signature.person == investigator
    assert "Watched for two hours." in signature.content


def test_another_assessment_lets_the_acknowledgement_fall(
    as_: AsPerson, deviation: Deviation, investigator: User
) -> None:
    client = as_("investigator")
    done = {"severity": "minor", "done": "Watched."}
    client.post(url(deviation), done)
    client.post(url(deviation, "acknowledge"), {"password": PASSWORD})
    before = Event.objects.count()
    client.post(url(deviation), done)
    assert Event.objects.count() == before
    client.post(url(deviation), done | {"severity": "major"})
    assert not client.get(url(deviation)).context["signatures"]


def test_the_committee_is_not_told_before_it_happened(
    as_: AsPerson, deviation: Deviation
) -> None:
    yesterday = timezone.localdate() - timedelta(days=2)
    response = as_("coordinator").post(
        url(deviation),
        {"severity": "minor", "done": "x", "ethics_reported_on": f"{yesterday}"},
    )
    assert response.status_code == 422
    assert "before the deviation happened" in response.content.decode()


def test_a_void_line_stays_in_the_log_and_takes_no_more(
    as_: AsPerson, deviation: Deviation
) -> None:
    client = as_("coordinator")
    assert client.post(url(deviation, "void"), {"reason": ""}).status_code == 422
    client.post(url(deviation, "void"), {"reason": "typed for the wrong person"})
    assert list(client.get("/deviations/?state=void").context["page"]) == [deviation]
    assert list(client.get("/deviations/?state=open").context["page"]) == []
    late = client.post(url(deviation), {"severity": "minor", "done": "x"})
    assert late.status_code == 422
    deviation.refresh_from_db()
    assert deviation.done == ""


@pytest.mark.parametrize(
    ("query", "n"),
    [("", 1), ("?kind=dose", 1), ("?kind=window", 0), ("?severity=major", 0)],
)
def test_the_log_is_narrowed_by_its_address(
    as_: AsPerson, deviation: Deviation, query: str, n: int
) -> None:
    client = as_("monitor")
    assert len(client.get(f"/deviations/{query}").context["page"]) == n
    table = client.get(f"/deviations.csv{query}").content.decode()
    assert table.count("Half a millilitre") == n


def test_a_cell_that_looks_like_a_formula_is_text_in_the_table(
    as_: AsPerson, patient: Participant
) -> None:
    deviations.record(
        patient, kind="other", text="=1+1", happened_at=timezone.now(), about=patient
    )
    assert ",'=1+1," in as_("monitor").get("/deviations.csv").content.decode()


@pytest.mark.parametrize("act", ["", "acknowledge", "void"])
def test_another_sites_people_find_nothing(
    as_: AsPerson, deviation: Deviation, act: str
) -> None:
    client = as_("other_investigator")
    assert client.post(url(deviation, act)).status_code == 404
    assert list(client.get("/deviations/").context["page"]) == []


@pytest.mark.parametrize("act", ["acknowledge", "void"])
def test_who_may_not_act_on_the_log_is_refused(
    as_: AsPerson, deviation: Deviation, act: str
) -> None:
    assert as_("infusion_nurse").post(url(deviation, act)).status_code == 403
    assert as_("investigator").get(url(deviation, act)).status_code == 405


def test_a_rater_sees_no_deviation_for_it_may_tell_of_an_infusion(
    as_: AsPerson, deviation: Deviation
) -> None:
    client = as_("rater")
    assert client.get("/deviations/").status_code == 403
    page = client.get(f"/participants/{deviation.participant.subject_id}/")
    assert deviation.text not in page.content.decode()
