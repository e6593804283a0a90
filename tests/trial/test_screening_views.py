"""The pages from the first line of the screening log to enrolment."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from records.models import Event
from tests.cast import BASELINE, Cast
from trial import consents, enrolment, schedule
from trial.models import Baseline, Consent, Participant, Screening

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
PAGES = ["eligibility", "consent", "fail", "enrol"]


@pytest.fixture
def screened(cast: Cast) -> Participant:
    """A patient in screening at the cast's site, since five days."""
    on = timezone.localdate() - timedelta(days=5)
    return enrolment.screen(cast.site, "patient", on=on)


def url(participant: Participant, page: str) -> str:
    return f"/participants/{participant.subject_id}/{page}/"


def answers_of(participant: Participant) -> dict[str, str]:
    """The form filled in as for a person who may take part."""
    criteria = schedule.protocol_of(participant).criteria_of("patient")
    return {
        line.code: str(line.kind == "inclusion")
        for line in criteria
        if line.code != "consent"
    }


CONSENT = {
    "version": "1.0",
    "protocol_version": "1.0",
    "language": "zh-hans",
    "explained_by": "Dr Li",
    "copy_given": "True",
    "stored_blood": "True",
}


def ready(participant: Participant, cast: Cast) -> None:
    """All but the enrolment itself."""
    person = cast["coordinator"]
    said = {c: v == "True" for c, v in answers_of(participant).items()}
    enrolment.record_criteria(participant, said, by=person)
    on = participant.screened_on
    consents.give(participant, "1.0", on=on, stored_blood=True, by=person)
    Baseline.objects.create(participant=participant, **BASELINE)


def test_a_coordinator_opens_a_line_of_the_log_with_the_sites_next_number(
    as_: AsPerson, cast: Cast, screened: Participant
) -> None:
    day = timezone.localdate()
    response = as_("coordinator").post(
        "/screening/new/",
        {"site": cast.site.pk, "arm": "control", "screened_on": str(day)},
    )
    assert response.headers["Location"] == "/participants/GZ-002/eligibility/"
    made = Participant.objects.get(subject_id="GZ-002")
    assert (made.arm, made.screened_on, made.state) == ("control", day, "screening")


def test_nobody_screens_at_another_site(as_: AsPerson, cast: Cast) -> None:
    day = timezone.localdate()
    response = as_("coordinator").post(
        "/screening/new/",
        {"site": cast.other_site.pk, "arm": "patient", "screened_on": str(day)},
    )
    assert response.status_code == 422
    assert "Site" in response.content.decode()
    assert not Participant.objects.exists()


def test_a_screening_in_the_future_is_refused_and_what_was_typed_stays(
    as_: AsPerson, cast: Cast
) -> None:
    tomorrow = str(timezone.localdate() + timedelta(days=1))
    response = as_("coordinator").post(
        "/screening/new/",
        {"site": cast.site.pk, "arm": "patient", "screened_on": tomorrow},
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert "Date of screening: This date is in the future." in text
    assert f'value="{tomorrow}"' in text


def test_the_log_shows_own_sites_only_and_by_state(
    as_: AsPerson, screened: Participant
) -> None:
    assert "GZ-001" in as_("coordinator").get("/screening/").content.decode()
    assert "GZ-001" not in as_("other_coordinator").get("/screening/").content.decode()
    failed = as_("coordinator").get("/screening/?state=screen_failed")
    assert "GZ-001" not in failed.content.decode()


def test_criteria_are_kept_with_who_answered_and_an_untouched_one_is_no_answer(
    as_: AsPerson, screened: Participant, cast: Cast
) -> None:
    said = answers_of(screened) | {"heart": ""}
    response = as_("coordinator").post(url(screened, "eligibility"), said)
    assert response.status_code == 302
    kept = {line.criterion: line for line in screened.screenings.all()}
    assert kept["heart"].fulfilled is None
    assert kept["age"].fulfilled is True
    assert kept["psychosis"].fulfilled is False
    assert {line.recorded_by for line in kept.values()} == {cast["coordinator"]}


def test_the_same_criteria_again_leave_no_event(
    as_: AsPerson, screened: Participant
) -> None:
    client = as_("coordinator")
    client.post(url(screened, "eligibility"), answers_of(screened))
    before = Event.objects.count()
    client.post(url(screened, "eligibility"), answers_of(screened))
    assert Event.objects.count() == before


def test_an_answer_that_speaks_against_it_is_shown_by_its_words(
    as_: AsPerson, screened: Participant
) -> None:
    client = as_("coordinator")
    client.post(
        url(screened, "eligibility"), answers_of(screened) | {"psychosis": "True"}
    )
    text = client.get(url(screened, "eligibility")).content.decode()
    assert "hallucinations or delusions" in text
    assert "not eligible" in text


def test_an_answer_that_is_neither_yes_nor_no_is_refused(
    as_: AsPerson, screened: Participant
) -> None:
    response = as_("coordinator").post(
        url(screened, "eligibility"), answers_of(screened) | {"heart": "perhaps"}
    )
    assert response.status_code == 422
    assert not Screening.objects.exists()


def test_criteria_stand_once_a_person_is_enrolled(
    as_: AsPerson, patient: Participant
) -> None:
    said = answers_of(patient) | {"psychosis": "True"}
    response = as_("coordinator").post(url(patient, "eligibility"), said)
    assert response.status_code == 422
    assert "GZ-001 is enrolled already." in response.content.decode()
    assert patient.screenings.get(criterion="psychosis").fulfilled is False


def test_a_consent_is_recorded_with_its_version_and_who_took_it(
    as_: AsPerson, screened: Participant, cast: Cast
) -> None:
    day = timezone.localdate()
    response = as_("coordinator").post(
        url(screened, "consent"), CONSENT | {"consented_on": str(day)}
    )
    assert response.status_code == 302
    given = Consent.objects.get()
    assert (given.version, given.consented_on) == ("1.0", day)
    assert (given.taken_by, given.stored_blood) == (cast["coordinator"], True)


def test_a_consent_before_the_screening_is_refused_at_its_date(
    as_: AsPerson, screened: Participant
) -> None:
    early = str(screened.screened_on - timedelta(days=1))
    response = as_("coordinator").post(
        url(screened, "consent"), CONSENT | {"consented_on": early}
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert "Date of consent: Consent cannot be before the date of screening." in text
    assert 'value="1.0"' in text
    assert not Consent.objects.exists()


def test_the_same_version_is_consented_to_once(
    as_: AsPerson, screened: Participant
) -> None:
    client = as_("coordinator")
    given = CONSENT | {"consented_on": str(timezone.localdate())}
    client.post(url(screened, "consent"), given)
    assert client.post(url(screened, "consent"), given).status_code == 422
    assert Consent.objects.count() == 1


def test_a_failed_screening_has_its_day_and_reason(
    as_: AsPerson, screened: Participant
) -> None:
    response = as_("coordinator").post(
        url(screened, "fail"), {"reason": "hypertension"}
    )
    assert response.headers["Location"] == "/screening/"
    screened.refresh_from_db()
    assert (screened.state, screened.end_reason, screened.ended_on) == (
        "screen_failed",
        "hypertension",
        timezone.localdate(),
    )


def test_a_screening_does_not_fail_without_a_reason(
    as_: AsPerson, screened: Participant
) -> None:
    response = as_("coordinator").post(url(screened, "fail"), {"reason": " "})
    assert response.status_code == 422
    assert "Reason: This field is required." in response.content.decode()
    screened.refresh_from_db()
    assert screened.state == "screening"


def test_failing_twice_keeps_the_first_reason(
    as_: AsPerson, screened: Participant
) -> None:
    client = as_("coordinator")
    client.post(url(screened, "fail"), {"reason": "hypertension"})
    again = client.post(url(screened, "fail"), {"reason": "another"})
    assert again.status_code == 422
    assert "GZ-001 is not eligible already." in again.content.decode()
    screened.refresh_from_db()
    assert screened.end_reason == "hypertension"


def test_an_enrolled_patient_has_six_infusions_planned(
    as_: AsPerson, screened: Participant, cast: Cast
) -> None:
    ready(screened, cast)
    day = timezone.localdate()
    response = as_("coordinator").post(
        url(screened, "enrol"),
        {"enrolled_on": str(day), "first_infusion_on": str(day)},
    )
    assert response.headers["Location"] == "/participants/GZ-001/"
    screened.refresh_from_db()
    assert (screened.state, screened.enrolled_on) == ("enrolled", day)
    assert [i.number for i in screened.infusions.all()] == [1, 2, 3, 4, 5, 6]


def test_an_unanswered_criterion_stands_in_the_way_by_its_words(
    as_: AsPerson, screened: Participant
) -> None:
    day = str(timezone.localdate())
    response = as_("coordinator").post(
        url(screened, "enrol"), {"enrolled_on": day, "first_infusion_on": day}
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert "Not answered yet: 18 to 65 years old" in text
    assert f'value="{day}"' in text


def test_a_refused_enrolment_does_not_say_enrolled(
    as_: AsPerson, screened: Participant, cast: Cast
) -> None:
    ready(screened, cast)
    early = str(screened.screened_on - timedelta(days=1))
    response = as_("coordinator").post(
        url(screened, "enrol"), {"enrolled_on": early, "first_infusion_on": early}
    )
    assert response.status_code == 422
    text = response.content.decode()
    assert "cannot be before the date of screening" in text
    assert "in screening" in text


def test_a_patient_needs_the_date_of_infusion_one(
    as_: AsPerson, screened: Participant, cast: Cast
) -> None:
    ready(screened, cast)
    response = as_("coordinator").post(
        url(screened, "enrol"), {"enrolled_on": str(timezone.localdate())}
    )
    assert response.status_code == 422
    assert "Date of infusion 1: Give the date" in response.content.decode()


def test_an_enrolment_in_the_future_is_refused(
    as_: AsPerson, screened: Participant, cast: Cast
) -> None:
    ready(screened, cast)
    later = str(timezone.localdate() + timedelta(days=3))
    response = as_("coordinator").post(
        url(screened, "enrol"), {"enrolled_on": later, "first_infusion_on": later}
    )
    assert response.status_code == 422
    assert "This date is in the future." in response.content.decode()


def test_enrolling_twice_plans_no_seventh_infusion(
    as_: AsPerson, patient: Participant
) -> None:
    day = str(timezone.localdate())
    response = as_("coordinator").post(
        url(patient, "enrol"), {"enrolled_on": day, "first_infusion_on": day}
    )
    assert response.status_code == 422
    assert patient.infusions.count() == 6


@pytest.mark.parametrize("page", PAGES)
def test_another_sites_coordinator_finds_nothing(
    as_: AsPerson, screened: Participant, page: str
) -> None:
    client = as_("other_coordinator")
    assert client.get(url(screened, page)).status_code == 404
    assert client.post(url(screened, page), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("person", ["monitor", "rater", "infusion_nurse"])
def test_who_does_not_screen_may_not_write(
    as_: AsPerson, screened: Participant, page: str, person: str
) -> None:
    assert as_(person).post(url(screened, page), {"reason": "x"}).status_code == 403
    screened.refresh_from_db()
    assert screened.state == "screening"


@pytest.mark.parametrize("page", PAGES)
def test_only_reading_and_sending_are_known(
    as_: AsPerson, screened: Participant, page: str
) -> None:
    assert as_("coordinator").put(url(screened, page)).status_code == 405


@pytest.mark.parametrize("page", PAGES)
def test_reading_a_page_writes_nothing(
    as_: AsPerson, screened: Participant, page: str
) -> None:
    before = Event.objects.count()
    assert as_("coordinator").get(url(screened, page)).status_code == 200
    assert Event.objects.count() == before
