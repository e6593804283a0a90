"""Today shows a person what waits for them, and nothing that does not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from labs.judging import accept
from labs.models import Plate, PlateUpload
from records.models import Event, Form
from records.queries import answer, raise_query
from tests import bedside
from tests.cast import Cast
from trial import enrolment
from trial.deviations import record
from trial.leaving import leave
from trial.models import Deviation, Infusion, Participant, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]


def tasks(client: Client) -> list[tuple[str, str, str]]:
    """Title, state and what of every line."""
    sections = client.get("/").context["sections"]
    return [
        (title, task.state, task.what) for title, lines in sections for task in lines
    ]


def test_a_nurse_sees_the_infusion_of_the_day_and_the_blood(
    as_: AsPerson, patient: Participant
) -> None:
    assert tasks(as_("infusion_nurse")) == [
        ("Infusions", "due", "infusion 1"),
        ("Blood", "due", "blood, baseline"),
    ]


def test_an_infusion_of_yesterday_is_late(as_: AsPerson, patient: Participant) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Infusion.objects.filter(number=1).update(planned_on=yesterday)
    assert ("Infusions", "late", "infusion 1") in tasks(as_("infusion_nurse"))


def test_a_rater_sees_the_ratings_that_are_due(
    as_: AsPerson, patient: Participant
) -> None:
    found = tasks(as_("rater"))
    assert {title for title, _state, _what in found} == {"Ratings"}
    assert ("Ratings", "due", "MADRS, baseline") in found


def test_a_missed_visit_asks_for_nothing(as_: AsPerson, visit: Visit) -> None:
    visit.mark_missed("did not come")
    assert "MADRS, baseline" not in [what for _t, _s, what in tasks(as_("rater"))]


def test_a_coordinator_sees_who_is_in_screening(as_: AsPerson, cast: Cast) -> None:
    day = timezone.localdate()
    enrolment.screen(cast.site, "control", on=day)
    what = f"eligibility, screened on {day}"
    assert ("In screening", "due", what) in tasks(as_("coordinator"))


def test_the_author_sees_an_unsigned_form_and_nobody_else(
    as_: AsPerson, visit: Visit
) -> None:
    whole = {f"item_MADRS1{n:02}": "3" for n in range(1, 11)}
    as_("rater").post(f"/visits/{visit.pk}/madrs/", whole)
    line = ("To be signed by me", "due", "MADRS, baseline")
    assert line in tasks(as_("rater"))
    assert line not in tasks(as_("investigator"))


def test_an_answered_question_waits_for_who_closes_it(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    form = Form.objects.get(about_id=visit.pk, code="madrs")
    query = raise_query(form, "Is it 3?", by=cast["monitor"])
    line = ("Questions", "question", "MADRS")
    assert line in tasks(as_("rater"))
    answer(query, "It is.", by=cast["rater"])
    assert line not in tasks(as_("rater"))
    assert line in tasks(as_("monitor"))


def test_a_laboratory_sees_its_plates_to_be_judged(as_: AsPerson, cast: Cast) -> None:
    upload = PlateUpload.objects.create(
        laboratory=cast.laboratory,
        file="plates/none",
        file_name="plate.csv",
        sha256="0" * 64,
        size_bytes=1,
        uploaded_by=cast["lab_scientist"],
        state="read",
    )
    plate = Plate.objects.create(
        upload=upload, laboratory=cast.laboratory, checksum="matches", batch="P1"
    )
    waits = [("Plates to be judged", "due", "P1")]
    assert tasks(as_("lab_scientist")) == waits
    assert tasks(as_("other_lab_scientist")) == []
    accept(plate, by=cast["lab_scientist"])
    assert tasks(as_("lab_scientist")) == []
    assert tasks(as_("second_reader")) == waits


@pytest.mark.parametrize("person", ["other_rater", "other_infusion_nurse"])
def test_another_site_waits_for_nothing(
    as_: AsPerson, patient: Participant, person: str
) -> None:
    assert tasks(as_(person)) == []


def test_the_running_infusion_stands_first_with_its_clock(
    as_: AsPerson, patient: Participant
) -> None:
    client = as_("infusion_nurse")
    first = patient.infusions.get(number=1)
    assert client.get("/").context["upcoming"] == first
    bedside.started(first, timezone.now())
    page = client.get("/")
    assert page.context["upcoming"] == first
    assert "data-minutes-since" in page.content.decode()
    assert as_("rater").get("/").context["upcoming"] is None


def test_numbers_say_what_changed_since_yesterday(
    as_: AsPerson, patient: Participant
) -> None:
    def numbers() -> dict[str, tuple[int, int]]:
        found = as_("coordinator").get("/").context["changed"]
        return {one.label: (one.total, one.since_yesterday) for one in found}

    assert numbers()["Enrolled"] == (1, 0)
    now = timezone.now()
    record(patient, kind="other", text="words", happened_at=now, about=patient)
    assert numbers()["Deviations"] == (1, 1)
    Deviation.objects.update(recorded_at=now - timedelta(days=3))
    assert numbers()["Deviations"] == (1, 0)
    others = as_("other_coordinator").get("/").context["changed"]
    assert {one.total for one in others} == {0}


def test_an_investigator_sees_what_to_acknowledge_and_to_sign(
    as_: AsPerson, patient: Participant, cast: Cast
) -> None:
    now = timezone.now()
    record(patient, kind="dose", text="too much", happened_at=now, about=patient)
    leave(patient, ["blood"], on=now.date(), reason="asked", by=cast["coordinator"])
    found = tasks(as_("investigator"))
    assert ("Deviations to be acknowledged", "due", "too much") in found
    assert ("Endings to be signed", "due", "stored blood withdrawn") in found
    titles = {title for title, _state, _what in tasks(as_("coordinator"))}
    assert not titles & {"Deviations to be acknowledged", "Endings to be signed"}


def test_the_sheet_on_paper_holds_the_same_for_every_role(
    as_: AsPerson, patient: Participant
) -> None:
    for person in ("coordinator", "rater", "statistician"):
        answer = as_(person).get("/today.pdf")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")


def test_today_is_read_only_and_writes_nothing(
    as_: AsPerson, patient: Participant
) -> None:
    before = Event.objects.count()
    client = as_("coordinator")
    client.get("/")
    assert client.post("/").status_code == 405
    assert Event.objects.count() == before
