"""Who a participant is: encrypted, read by few, each reading an event; keys rotate."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from accounts.models import AccessEvent
from records.models import Event
from tests.cast import Cast
from trial.identity import Person, person_of, record
from trial.models import Identity, IdentityKey, Participant

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
LI = Person(name="Li Hua", phone="13900001234", national_id="440101198501010011")


@pytest.fixture(autouse=True)
def master_key(settings: Settings) -> None:
    settings.IDENTITY_KEYS = ["the first long random text of this test"]


def url(participant: Participant) -> str:
    return f"/participants/{participant.subject_id}/identity/"


def test_what_is_recorded_is_read_again_and_lies_nowhere_in_the_clear(
    patient: Participant,
) -> None:
    record(patient, LI)
    assert person_of(patient) == LI
    stored = str(list(Identity.objects.values())) + str(list(Event.objects.values()))
    assert Event.objects.filter(table_name="trial_identity").count() == 1
    for text in (LI.name, LI.phone, LI.national_id):
        assert text not in stored


def test_only_what_changed_is_encrypted_anew(patient: Participant) -> None:
    before = record(patient, LI)
    after = record(patient, Person("Li Hua", "13900009999", LI.national_id), reason="x")
    assert after.name_sealed == before.name_sealed
    event = Event.objects.filter(table_name="trial_identity").latest("id")
    assert event.new is not None
    assert set(event.new) == {"phone_sealed"}
    assert event.reason == "x"


def test_a_rotation_wraps_keys_and_touches_no_event(
    patient: Participant, settings: Settings
) -> None:
    record(patient, LI)
    events = list(Event.objects.values())
    wrapped = IdentityKey.objects.get().wrapped
    old = settings.IDENTITY_KEYS
    settings.IDENTITY_KEYS = ["the second long random text", *old]
    call_command("rotate_key")
    assert IdentityKey.objects.get().wrapped != wrapped
    assert list(Event.objects.values()) == events
    settings.IDENTITY_KEYS = ["the second long random text"]
    assert person_of(patient) == LI
    settings.IDENTITY_KEYS = old
    with pytest.raises(ValidationError, match="not set"):
        person_of(patient)


def test_without_a_master_key_nothing_is_kept(
    patient: Participant, settings: Settings, as_: AsPerson
) -> None:
    settings.IDENTITY_KEYS = []
    with pytest.raises(ValidationError):
        record(patient, LI)
    with pytest.raises(CommandError):
        call_command("rotate_key")
    page = as_("coordinator").get(url(patient)).content.decode()
    assert "No master key is set" in page


def test_the_page_shows_it_and_each_reading_is_an_access_event(
    patient: Participant, as_: AsPerson, cast: Cast
) -> None:
    client = as_("coordinator")
    assert client.get(url(patient)).status_code == 200
    assert not AccessEvent.objects.filter(kind="read_identity").exists()
    client.post(url(patient), {"name": LI.name, "phone": LI.phone})
    answer = client.get(url(patient))
    assert LI.phone in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    read = AccessEvent.objects.filter(kind="read_identity", person=cast["coordinator"])
    assert [event.what for event in read] == [patient.subject_id]


def test_a_change_asks_why(patient: Participant, as_: AsPerson) -> None:
    record(patient, LI)
    refused = as_("coordinator").post(url(patient), {"name": "Li Hong"})
    assert refused.status_code == 422
    assert person_of(patient) == LI


@pytest.mark.parametrize(
    ("person", "status"),
    [("rater", 403), ("monitor", 403), ("data_manager", 403), ("other_rater", 404)],
)
def test_others_do_not_see_it(
    patient: Participant, as_: AsPerson, person: str, status: int
) -> None:
    record(patient, LI)
    assert as_(person).get(url(patient)).status_code == status
    assert as_(person).post(url(patient), {"name": "X"}).status_code == status


def test_the_history_says_that_it_changed_and_not_what(
    patient: Participant, as_: AsPerson
) -> None:
    sealed = record(patient, LI).name_sealed
    page = as_("coordinator").get(f"/participants/{patient.subject_id}/history/")
    assert "(encrypted)" in page.content.decode()
    assert sealed not in page.content.decode()


def test_plain_text_is_refused_by_the_form_and_by_the_database(
    patient: Participant,
) -> None:
    row = Identity(participant=patient, site_id=patient.site_id, name_sealed="Li Hua")
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
