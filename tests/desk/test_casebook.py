"""The investigator approves a whole casebook; any change in it lets that fall."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from desk.contents import hash_of
from records import casebook, forms
from records.models import Form, Signature
from records.queries import close, raise_query
from tests.cast import Cast, code_of, enrolled
from tests.records.trail import owner_does
from trial.models import Participant

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
PASSWORD = "correct horse battery"


@pytest.fixture
def investigator(cast: Cast, totp: Callable[[User], None]) -> User:
    person = cast["investigator"]
    person.set_password(PASSWORD)
    person.save()
    totp(person)
    return person


@pytest.fixture
def whole(patient: Participant) -> Participant:
    """A patient of whom nothing more is expected: every form is not done."""
    for form in Form.objects.filter(participant_id=patient.pk):
        forms.mark_not_done(form, reason="moved away")
    return patient


def address(participant: Participant) -> str:
    return f"/participants/{participant.subject_id}/casebook/"


def sign(client: Client, participant: Participant, person: User) -> int:
    page = client.get(address(participant)).content.decode()
    shown = page.split('name="shown" value="')[-1].split('"')[0]
    given = {"shown": shown, "password": PASSWORD, "code": code_of(person)}
    return client.post(address(participant), given).status_code


def test_the_investigator_approves_everything_that_is_there(
    as_: AsPerson, whole: Participant, investigator: User
) -> None:
    client = as_("investigator")
    assert sign(client, whole, investigator) == 302
    signed = casebook.of(whole)
    assert signed is not None
    assert (signed.person, signed.meaning) == (investigator, "approved")
    assert '"trial_baseline":[{' in signed.content
    assert casebook.signed(Participant).get() == signed
    page = client.get(address(whole)).content.decode()
    assert "I have reviewed and approve this" in page
    assert "Sign the casebook" not in page
    shown = client.get(f"/signatures/{signed.pk}/").content.decode()
    assert "the content below has this hash" in shown


CHANGES = (
    "UPDATE trial_baseline SET weight_kg = 61",
    "UPDATE trial_infusion SET planned_on = planned_on + 1",
    "UPDATE trial_consent SET stored_blood = false",
    "UPDATE records_form SET not_done_reason = 'other'",
    "INSERT INTO trial_vitalsigns (infusion_id, participant_id, minute, observed_at, "
    "recorded_at, systolic_mmhg, diastolic_mmhg, pulse_bpm, spo2_percent) SELECT id, "
    "participant_id, 0, now(), now(), 120, 80, 70, 98 FROM trial_infusion LIMIT 1",
)


@pytest.mark.parametrize("change", CHANGES)
def test_the_signature_falls_visibly_when_anything_in_it_changes(
    as_: AsPerson, whole: Participant, investigator: User, change: str
) -> None:
    client = as_("investigator")
    sign(client, whole, investigator)
    owner_does(change)
    assert casebook.of(whole) is None
    fallen = Signature.objects.get()
    assert fallen.fallen_reason.startswith("changed: ")
    assert "Fell on" in client.get(address(whole)).content.decode()


def test_another_participants_change_leaves_it(
    as_: AsPerson, whole: Participant, investigator: User, cast: Cast
) -> None:
    other = enrolled(cast, first_infusion_in_days=1)
    sign(as_("investigator"), whole, investigator)
    other.infusions.update(pain_reported=None)
    assert casebook.of(whole) is not None


def test_what_is_open_keeps_it_from_being_signed(
    as_: AsPerson, whole: Participant, investigator: User, cast: Cast
) -> None:
    client = as_("investigator")
    form = Form.objects.filter(participant_id=whole.pk).first()
    assert form is not None
    query = raise_query(form, "Really?", by=cast["monitor"])
    page = client.get(address(whole)).content.decode()
    assert "1 question is open" in page
    content = casebook.content_of(whole)
    given = {"shown": hash_of(content), "password": PASSWORD}
    response = client.post(address(whole), given | {"code": code_of(investigator)})
    assert response.status_code == 422
    assert "A question is still open." in response.content.decode()
    close(query, "yes", by=cast["monitor"])
    owner_does("UPDATE records_form SET completion = 'in_progress'")
    given["shown"] = hash_of(casebook.content_of(whole))
    assert client.post(address(whole), given).status_code == 422
    assert not Signature.objects.exists()


def test_another_content_than_the_one_shown_is_not_signed(
    as_: AsPerson, whole: Participant, investigator: User
) -> None:
    given = {"shown": "0" * 64, "password": PASSWORD, "code": code_of(investigator)}
    response = as_("investigator").post(address(whole), given)
    assert "The casebook has changed" in response.content.decode()
    assert not Signature.objects.exists()


def test_who_may(as_: AsPerson, whole: Participant) -> None:
    assert as_("monitor").get(address(whole)).status_code == 200
    assert as_("monitor").post(address(whole)).status_code == 403
    assert as_("rater").get(address(whole)).status_code == 403
    assert as_("other_investigator").get(address(whole)).status_code == 404
    assert as_("investigator").put(address(whole)).status_code == 405
