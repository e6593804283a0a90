"""The page of a participant and the list of all: a course at a glance."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from assessments.entry import Circumstances, Sheet, complete_rating
from assessments.instruments import INSTRUMENTS
from records.models import Event
from tests.bedside import started
from tests.cast import Cast
from trial import infusions, visits
from trial.leaving import leave
from trial.models import Participant, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]


def url(participant: Participant) -> str:
    return f"/participants/{participant.subject_id}/"


def rate(visit: Visit, code: str, cast: Cast, *, highest: bool = True) -> None:
    instrument = INSTRUMENTS[code]
    index = -1 if highest else 0
    sheet = Sheet({item.code: item.values[index] for item in instrument.items})
    period = instrument.recall[0].code
    how = Circumstances(rater=cast["rater"], rated_at=timezone.now(), recall=period)
    complete_rating(visit, instrument, sheet, how)


def states(client: Client, participant: Participant) -> dict[str, str]:
    timeline = client.get(url(participant)).context["timeline"]
    return {f"{p.mark.kind} {p.mark.label}": p.mark.state for p in timeline.placed}


def test_the_course_shows_what_is_due_planned_done_and_missing(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    patient, client = visit.participant, as_("coordinator")
    shown = states(client, patient)
    assert shown["infusion infusion 1"] == "due"
    assert shown["infusion infusion 2"] == "planned"
    assert shown["rating baseline"] == "due"
    for code in ("madrs", "sfmpq"):
        rate(visit, code, cast)
    infusions.do_not_give(patient.infusions.get(number=1), reason="fever")
    shown = states(client, patient)
    assert shown["rating baseline"] == "done"
    assert shown["infusion infusion 1"] == "missing"


def test_the_study_day_counts_from_the_first_infusion(
    as_: AsPerson, patient: Participant
) -> None:
    client = as_("coordinator")
    assert client.get(url(patient)).context["day"] is None
    first = patient.infusions.get(number=1)
    started(first, timezone.now())
    assert client.get(url(patient)).context["day"] == 1


@pytest.mark.parametrize(
    ("person", "hidden"),
    [
        ("coordinator", False),
        ("monitor", False),
        ("rater", True),
        ("infusion_nurse", True),
    ],
)
def test_the_pain_group_is_hidden_from_whose_judgement_it_could_colour(
    as_: AsPerson, visit: Visit, cast: Cast, person: str, hidden: bool
) -> None:
    rate(visit, "sfmpq", cast)
    response = as_(person).get(url(visit.participant))
    assert response.context["pain_hidden"] is hidden
    assert (response.context["pain"] is None) is hidden
    titles = [drawn["title"] for drawn in response.context["charts"]]
    assert ("Pain VAS, 0 to 10" in titles) is not hidden


def test_the_vas_is_shown_from_0_to_10_whichever_form_it_came_from(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    rate(visit, "sfmpq", cast)
    charts = as_("coordinator").get(url(visit.participant)).context["charts"]
    vas = next(drawn for drawn in charts if drawn["title"] == "Pain VAS, 0 to 10")
    assert [value for _at, value in vas["points"]] == [10.0]


def test_another_sites_coordinator_finds_nobody(
    as_: AsPerson, patient: Participant
) -> None:
    client = as_("other_coordinator")
    assert client.get(url(patient)).status_code == 404
    assert patient.subject_id not in client.get("/participants/").content.decode()


@pytest.mark.parametrize("person", ["statistician", "administrator", "lab_scientist"])
def test_who_does_not_see_participants_is_refused(
    as_: AsPerson, patient: Participant, person: str
) -> None:
    assert as_(person).get("/participants/").status_code == 403
    expected = 404 if person == "lab_scientist" else 403
    assert as_(person).get(url(patient)).status_code == expected


def test_the_list_shows_the_last_madrs_and_its_change(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    rate(visit, "madrs", cast)
    later = visit.participant.visits.get(visit_type="day2")
    rate(later, "madrs", cast, highest=False)
    (line,) = as_("coordinator").get("/participants/").context["lines"]
    assert (line.madrs, line.change) == (0, -60)


@pytest.mark.parametrize(
    ("query", "n"),
    [("", 1), ("?arm=control", 0), ("?state=completed", 0), ("?page=99&arm=x", 1)],
)
def test_the_list_is_narrowed_by_state_and_arm(
    as_: AsPerson, patient: Participant, query: str, n: int
) -> None:
    lines = as_("coordinator").get(f"/participants/{query}").context["lines"]
    assert len(lines) == n


def test_the_strip_has_6_infusions_8_ratings_and_3_bloods_whatever_is_added(
    as_: AsPerson, patient: Participant
) -> None:
    today = timezone.localdate()
    visits.add_unscheduled(patient, on=today, reason="asked", instruments=["madrs"])
    (line,) = as_("coordinator").get("/participants/").context["lines"]
    assert {kind: len(strip) for kind, strip in line.strips.items()} == {
        "infusion": 6,
        "rating": 8,
        "blood": 3,
    }


def test_the_strip_of_who_left_shows_what_is_missing(
    as_: AsPerson, patient: Participant, cast: Cast
) -> None:
    today, person = timezone.localdate(), cast["coordinator"]
    leave(patient, ["visits"], on=today, reason="moves", by=person)
    page = as_("coordinator").get("/participants/?state=withdrawn")
    (line,) = page.context["lines"]
    for strip in line.strips.values():
        assert {mark.state for mark in strip} == {"missing"}
    assert line.next is None


def test_reading_writes_nothing_and_nothing_is_sent(
    as_: AsPerson, patient: Participant
) -> None:
    before = Event.objects.count()
    client = as_("coordinator")
    client.get(url(patient))
    client.get("/participants/")
    assert client.post(url(patient)).status_code == 405
    assert Event.objects.count() == before
