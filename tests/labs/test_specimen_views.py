"""The blood of a visit: recorded once, found by a code that names nobody."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from labs.drawing import ALPHABET, new_code
from labs.judging import accept
from labs.models import Plate, Specimen
from records.models import Event
from tests.cast import Cast
from trial.leaving import leave
from trial.models import Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]


def url(visit: Visit) -> str:
    return f"/visits/{visit.pk}/blood/"


def drawn(cast: Cast, minutes_ago: int = 5, **more: str) -> dict[str, str]:
    at = timezone.localtime() - timedelta(minutes=minutes_ago)
    return {
        "laboratory": str(cast.laboratory.pk),
        "drawn_at": at.strftime("%Y-%m-%d %H:%M"),
    } | more


def test_a_draw_makes_a_specimen_and_attends_the_visit(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    response = as_("coordinator").post(url(visit), drawn(cast))
    assert response.headers["Location"] == url(visit)
    specimen = Specimen.objects.get()
    assert (specimen.visit, specimen.laboratory) == (visit, cast.laboratory)
    visit.refresh_from_db()
    assert (visit.state, visit.attended_at) == ("attended", specimen.drawn_at)


def test_a_code_says_nothing_of_its_person_and_cannot_be_misread() -> None:
    codes = {new_code() for _time in range(200)}
    assert len(codes) == 200
    assert all(set(code[1:]) <= set(ALPHABET) for code in codes)
    assert not set("IO01") & set(ALPHABET)


def test_no_blood_has_its_reason_and_does_not_attend_the_visit(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    none = drawn(cast) | {"drawn_at": "", "missing_reason": "vein not found"}
    as_("coordinator").post(url(visit), none)
    assert Specimen.objects.get().missing_reason == "vein not found"
    visit.refresh_from_db()
    assert visit.state == "planned"


def test_the_conditions_of_the_day_are_kept_with_the_draw(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    said = {"fasted": "true", "fever": "false", "smoked": "unknown"}
    as_("coordinator").post(url(visit), drawn(cast) | said)
    found = Specimen.objects.get().conditions
    assert (found.fasted, found.fever, found.smoked) == (True, False, None)
    assert found.recorded_by == cast["coordinator"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"drawn_at": "", "missing_reason": ""}, "or the reason why there is none"),
        ({"missing_reason": "refused"}, "or the reason why there is none"),
        ({"drawn_at": "at nine"}, "Drawn at: Enter a valid date/time."),
        ({"laboratory": ""}, "Laboratory: This field is required."),
        ({"laboratory": "x"}, "Laboratory: Select a valid choice."),
    ],
)
def test_a_wrong_record_is_refused_by_name_and_what_was_typed_stays(
    as_: AsPerson, visit: Visit, cast: Cast, typed: dict[str, str], says: str
) -> None:
    sent = drawn(cast) | typed
    response = as_("coordinator").post(url(visit), sent)
    assert response.status_code == 422
    text = response.content.decode()
    assert says in text
    assert sent["drawn_at"] in text
    assert not Specimen.objects.exists()


def test_a_draw_in_the_future_is_refused(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    response = as_("coordinator").post(url(visit), drawn(cast, minutes_ago=-10))
    assert response.status_code == 422
    assert "This time is in the future." in response.content.decode()


def test_a_second_record_changes_nothing(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    client = as_("coordinator")
    client.post(url(visit), drawn(cast))
    before = Event.objects.count()
    assert client.post(url(visit), drawn(cast, minutes_ago=1)).status_code == 302
    assert Event.objects.count() == before


def test_a_visit_without_blood_has_no_such_page(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    day2 = visit.participant.visits.get(visit_type="screening")
    assert as_("coordinator").get(url(day2)).status_code == 404
    assert as_("coordinator").post(url(day2), drawn(cast)).status_code == 404


def test_another_sites_coordinator_finds_nothing(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    client = as_("other_coordinator")
    assert client.get(url(visit)).status_code == 404
    assert client.post(url(visit), drawn(cast)).status_code == 404


@pytest.mark.parametrize("person", ["monitor", "rater", "data_manager"])
def test_who_does_not_draw_may_not_write(
    as_: AsPerson, visit: Visit, cast: Cast, person: str
) -> None:
    assert as_(person).get(url(visit)).status_code == 200
    assert as_(person).post(url(visit), drawn(cast)).status_code == 403
    assert not Specimen.objects.exists()


def test_only_reading_and_sending_are_known(as_: AsPerson, visit: Visit) -> None:
    assert as_("coordinator").put(url(visit)).status_code == 405


def test_the_laboratory_sees_a_code_with_its_results_and_no_participant(
    as_: AsPerson, plate: Plate, specimen: Specimen, cast: Cast
) -> None:
    accept(plate, by=cast["lab_scientist"])
    address = f"/lab/specimens/{specimen.code}/"
    text = as_("lab_scientist").get(address).content.decode()
    assert specimen.code in text
    assert "IL-6" in text
    assert specimen.participant.subject_id not in text
    assert as_("other_lab_scientist").get(address).status_code == 404


def test_the_clinic_is_led_from_a_code_to_its_visit(
    as_: AsPerson, specimen: Specimen
) -> None:
    address = f"/lab/specimens/{specimen.code}/"
    response = as_("coordinator").get(address)
    assert response.headers["Location"] == f"/visits/{specimen.visit_id}/blood/"
    assert as_("other_coordinator").get(address).status_code == 404
    assert as_("statistician").get(address).status_code == 403


def test_neither_drawn_nor_missing_is_refused_by_the_form_and_by_the_database(
    specimen: Specimen,
) -> None:
    specimen.drawn_at = None
    with pytest.raises(ValidationError, match="has the time of its draw"):
        specimen.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        specimen.save()


def test_withdrawn_blood_is_flagged_for_destruction_at_the_clinic_and_in_the_lab(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    client = as_("coordinator")
    client.post(url(visit), drawn(cast))
    code = Specimen.objects.get().code
    words = "every specimen is to be destroyed"
    assert words not in client.get(url(visit)).content.decode()
    leave(
        visit.participant,
        ["blood"],
        on=timezone.localdate(),
        reason="asked",
        by=cast["coordinator"],
    )
    assert words in client.get(url(visit)).content.decode()
    lab = as_("lab_scientist").get(reverse("specimen_by_code", args=[code]))
    assert words in lab.content.decode()
