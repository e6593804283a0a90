"""Baseline characteristics: entered once, changed with a reason, never overwritten."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from records.models import Event, Form
from tests.cast import BASELINE, Cast
from trial import enrolment
from trial.models import Baseline, Participant

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
TYPED = {name: str(value) for name, value in BASELINE.items()} | {"version": "0"}


@pytest.fixture
def screened(cast: Cast) -> Participant:
    return enrolment.screen(cast.site, "patient", on=timezone.localdate())


def url(participant: Participant) -> str:
    return f"/participants/{participant.subject_id}/baseline/"


def test_what_is_entered_becomes_the_row_and_completes_its_form(
    as_: AsPerson, screened: Participant, cast: Cast
) -> None:
    assert as_("coordinator").post(url(screened), TYPED).status_code == 302
    row = Baseline.objects.get()
    assert (row.birth_year, row.sex, row.employed) == (1985, "F", True)
    form = Form.objects.get(code="baseline")
    assert (form.completion, form.completed_by) == ("complete", cast["coordinator"])


def test_a_missing_answer_is_named_and_what_was_typed_stays(
    as_: AsPerson, screened: Participant
) -> None:
    typed = TYPED | {"height_cm": "165.5"}
    del typed["employed"]
    response = as_("coordinator").post(url(screened), typed)
    assert response.status_code == 422
    text = response.content.decode()
    assert "Employed: This field is required." in text
    assert 'value="165.5"' in text
    assert not Baseline.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("height_cm", "16.5", "greater than or equal to 120"),
        ("weight_kg", "600", "less than or equal to 200"),
        ("birth_year", "next", "Enter a whole number."),
        ("sex", "X", "Select a valid choice."),
    ],
)
def test_a_value_out_of_range_is_refused_with_what_is_allowed(
    as_: AsPerson, screened: Participant, field: str, typed: str, says: str
) -> None:
    response = as_("coordinator").post(url(screened), TYPED | {field: typed})
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not Baseline.objects.exists()


def test_a_change_needs_a_reason_and_the_event_has_it(
    as_: AsPerson, screened: Participant
) -> None:
    client = as_("coordinator")
    client.post(url(screened), TYPED)
    changed = TYPED | {"weight_kg": "61", "version": "1"}
    assert client.post(url(screened), changed).status_code == 422
    response = client.post(url(screened), changed | {"reason": "read wrongly"})
    assert response.status_code == 302
    event = Event.objects.get(table_name="trial_baseline", kind="update")
    assert (event.old, event.new) == ({"weight_kg": 60.0}, {"weight_kg": 61.0})
    assert event.reason == "read wrongly"


def test_a_second_persons_change_in_between_is_shown_not_overwritten(
    as_: AsPerson, screened: Participant
) -> None:
    as_("coordinator").post(url(screened), TYPED)
    late = TYPED | {"weight_kg": "75", "reason": "weighed again"}
    client = as_("investigator")
    response = client.post(url(screened), late)
    assert response.status_code == 422
    text = response.content.decode()
    assert "Weight, kg: The other person entered 60.0." in text
    assert 'value="75"' in text
    assert Baseline.objects.get().weight_kg == 60
    assert 'name="version" value="1"' in text
    assert client.post(url(screened), late | {"version": "1"}).status_code == 302
    assert Baseline.objects.get().weight_kg == 75


def test_a_control_is_not_asked_about_an_illness(as_: AsPerson, cast: Cast) -> None:
    control = enrolment.screen(cast.site, "control", on=timezone.localdate())
    client = as_("coordinator")
    assert "illness_months" not in client.get(url(control)).content.decode()
    assert client.post(url(control), TYPED).status_code == 302
    assert Baseline.objects.get().illness_months is None


def test_another_sites_coordinator_finds_nothing(
    as_: AsPerson, screened: Participant
) -> None:
    assert as_("other_coordinator").post(url(screened), TYPED).status_code == 404


@pytest.mark.parametrize("person", ["monitor", "rater", "infusion_nurse"])
def test_who_does_not_edit_may_not_write(
    as_: AsPerson, screened: Participant, person: str
) -> None:
    assert as_(person).get(url(screened)).status_code == 200
    assert as_(person).post(url(screened), TYPED).status_code == 403
    assert not Baseline.objects.exists()


def test_only_reading_and_sending_are_known(
    as_: AsPerson, screened: Participant
) -> None:
    assert as_("coordinator").delete(url(screened)).status_code == 405


def test_a_height_out_of_range_is_refused_by_the_form_and_by_the_database(
    screened: Participant,
) -> None:
    row = Baseline(participant=screened, **(BASELINE | {"height_cm": 500}))
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_the_banner_says_nothing_of_a_baseline_that_is_not_entered(
    as_: AsPerson, cast: Cast
) -> None:
    today = timezone.localdate()
    person = enrolment.screen(cast.site, "control", on=today)
    page = as_("coordinator").get(f"/participants/{person.subject_id}/baseline/")
    assert "Sex, born" not in page.content.decode()
