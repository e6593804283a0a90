"""Two weeks of a site at a glance, and the same as a feed for a calendar program."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from desk.calendar_days import Entry
from records.models import Event
from tests import bedside
from tests.cast import Cast, enrolled
from trial import schedule
from trial.models import CalendarFeed, Chair, Participant

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]


@pytest.fixture
def monday(cast: Cast) -> Participant:
    """A patient whose course begins on the next Monday."""
    return enrolled(cast, first_infusion_in_days=7 - timezone.localdate().weekday())


def entries(client: Client, row: str, start: str = "") -> list[Entry]:
    weeks = client.get("/calendar/", {"from": start}).context["weeks"]
    return [
        entry
        for week in weeks
        for block in week["blocks"]
        for line in block.rows
        if line.name == row
        for cell in line.cells
        for entry in cell
    ]


def start_of(participant: Participant) -> str:
    return f"{participant.infusions.get(number=1).planned_on}"


def test_infusions_ratings_and_bloods_stand_on_their_days(
    as_: AsPerson, monday: Participant
) -> None:
    client, start = as_("coordinator"), start_of(monday)
    assert [e.what for e in entries(client, "Infusions", start)] == [
        f"infusion {n}" for n in range(1, 7)
    ]
    rated = [e.what for e in entries(client, "Ratings", start)]
    assert "24 h after infusion 1" in rated
    drawn = [e.what for e in entries(client, "Bloods", start)]
    assert drawn == ["baseline", "day 13: 24 h after infusion 6"]


def test_a_moved_infusion_shows_how_far_it_and_what_it_pushed_stand(
    as_: AsPerson, monday: Participant
) -> None:
    second = monday.infusions.get(number=2)
    schedule.move_infusion(second, second.planned_on + timedelta(days=1))
    shown = entries(as_("coordinator"), "Infusions", start_of(monday))
    assert [e.late_days for e in shown[:3]] == [0, 1, 3]
    assert shown[1].url == f"/infusions/{second.pk}/move/"
    assert not any(e.is_outside for e in shown)


def test_a_day_fills_the_chairs_and_says_who_has_none(
    as_: AsPerson, cast: Cast
) -> None:
    to_monday = 7 - timezone.localdate().weekday()
    people = [enrolled(cast, first_infusion_in_days=to_monday) for _n in range(3)]
    for name in ("chair 1", "chair 2"):
        Chair.objects.create(site=cast.site, name=name, infusions_per_day=1)
    client, start = as_("infusion_nurse"), start_of(people[0])
    by_chair = [
        {e.who for e in entries(client, name, start)}
        for name in ("chair 1", "chair 2", "No chair left")
    ]
    assert by_chair == [{person.subject_id} for person in people]


@pytest.mark.parametrize("wrong", ["0", "13"])
def test_a_chair_takes_1_to_12_by_both_layers(
    as_: AsPerson, cast: Cast, wrong: str
) -> None:
    typed = {"site": cast.site.pk, "name": "A", "infusions_per_day": wrong}
    assert as_("coordinator").post("/chairs/", typed).status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        Chair.objects.create(site=cast.site, name="A", infusions_per_day=int(wrong))


def test_a_chair_is_entered_once(as_: AsPerson, cast: Cast) -> None:
    typed = {"site": cast.site.pk, "name": "A", "infusions_per_day": "3"}
    client = as_("coordinator")
    assert client.post("/chairs/", typed).status_code == 302
    assert client.post("/chairs/", typed).status_code == 422
    assert as_("infusion_nurse").post("/chairs/", typed).status_code == 403
    with pytest.raises(ValidationError):
        Chair(site=cast.site, name="A", infusions_per_day=3).full_clean()


def test_a_rater_sees_ratings_and_no_infusion(
    as_: AsPerson, monday: Participant
) -> None:
    client, start = as_("rater"), start_of(monday)
    assert entries(client, "Ratings", start)
    assert entries(client, "Infusions", start) == []
    assert entries(client, "Bloods", start) == []


def test_what_is_asked_on_the_day_of_an_infusion_is_no_rating_beside_it(
    as_: AsPerson, patient: Participant
) -> None:
    first = patient.infusions.get(number=1)
    bedside.given(first, timezone.now() - timedelta(hours=1))
    assert patient.visits.filter(visit_type="infusion1").exists()
    rated = [entry.what for entry in entries(as_("coordinator"), "Ratings")]
    assert "infusion 1" not in rated
    own = patient.visits.filter(state="planned")
    n = own.exclude(visit_type__startswith="infusion").count()
    assert len(summaries(address(as_("rater")))) == n


def test_another_site_sees_nothing_of_it(as_: AsPerson, monday: Participant) -> None:
    page = as_("other_coordinator").get("/calendar/", {"from": start_of(monday)})
    assert monday.subject_id not in page.content.decode()


@pytest.mark.parametrize("start", ["", "word", "0001-01-01", "9999-12-31", "2026-13-9"])
def test_any_week_that_is_asked_for_is_answered(
    as_: AsPerson, cast: Cast, start: str
) -> None:
    page = as_("coordinator").get("/calendar/", {"from": start})
    assert page.status_code == 200
    assert page.context["first"].weekday() == 0


def test_the_number_of_queries_does_not_grow_with_the_participants(
    as_: AsPerson, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    to_monday = 7 - timezone.localdate().weekday()
    client = as_("coordinator")
    counts: dict[str, int] = {}
    for _n in range(2):
        enrolled(cast, first_infusion_in_days=to_monday)
        enrolled(cast, first_infusion_in_days=-1)
        for path in ("/", "/calendar/", "/participants/"):
            client.get(path)
            if path in counts:
                with django_assert_num_queries(counts[path]):
                    client.get(path)
            else:
                counts[path] = queries_of(client, path)


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured)


def address(client: Client) -> str:
    page = client.post("/calendar/feed/")
    return str(page.context["address"]).removeprefix("http://testserver")


def summaries(path: str) -> list[str]:
    """What a calendar program reads, which nobody has signed in to."""
    answer = Client().get(path)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    read = Calendar.from_ical(answer.content)
    return [str(event["summary"]) for event in read.walk("VEVENT")]


def test_a_nurse_reads_infusions_and_bloods_by_number_and_kind(
    as_: AsPerson, monday: Participant
) -> None:
    found = set(summaries(address(as_("infusion_nurse"))))
    who = monday.subject_id
    assert found == {f"{who} infusion {n}" for n in range(1, 7)} | {f"{who} blood"}


def test_a_rater_reads_ratings_only(as_: AsPerson, monday: Participant) -> None:
    assert set(summaries(address(as_("rater")))) == {f"{monday.subject_id} rating"}


def test_the_feed_says_no_name_no_group_and_no_visit(
    as_: AsPerson, monday: Participant
) -> None:
    for person in ("investigator", "coordinator", "infusion_nurse", "rater"):
        text = Client().get(address(as_(person))).content.decode().lower()
        for word in ("pain", "day 13", "madrs", "patient", person.split("_")[-1]):
            assert word not in text


def test_a_feed_keeps_to_rfc_5545(as_: AsPerson, monday: Participant) -> None:
    body = Client().get(address(as_("coordinator"))).content
    assert body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    read = Calendar.from_ical(body)
    assert (read["version"], bool(read["prodid"])) == ("2.0", True)
    events = read.walk("VEVENT")
    assert len({str(event["uid"]) for event in events}) == len(events)
    assert all({"dtstamp", "dtstart", "dtend"} <= {*map(str.lower, e)} for e in events)


def test_a_feed_reaches_60_days(as_: AsPerson, cast: Cast) -> None:
    near = enrolled(cast, first_infusion_in_days=60)
    far = enrolled(cast, first_infusion_in_days=61)
    found = summaries(address(as_("infusion_nurse")))
    assert f"{near.subject_id} infusion 1" in found
    assert f"{far.subject_id} infusion 1" not in found


def test_a_revoked_address_and_the_one_before_a_new_one_find_nothing(
    as_: AsPerson, monday: Participant
) -> None:
    client = as_("coordinator")
    old, new = address(client), address(client)
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    client.post("/calendar/feed/revoke/")
    assert Client().get(new).status_code == 404
    assert client.get("/calendar/feed/").context["feed"] is None


def test_the_secret_is_kept_as_its_hash_only(as_: AsPerson, cast: Cast) -> None:
    token = address(as_("coordinator")).removesuffix(".ics").rsplit("/", 1)[1]
    row = CalendarFeed.objects.get()
    assert token not in (row.token_sha256, str(row.pk))
    written = Event.objects.filter(table_name="trial_calendarfeed")
    assert all(token not in str(event.new) for event in written)


def test_who_left_reads_nothing_any_more(
    as_: AsPerson, monday: Participant, cast: Cast
) -> None:
    path = address(as_("coordinator"))
    cast["coordinator"].memberships.update(
        starts_on=timezone.localdate() - timedelta(days=9),
        ends_on=timezone.localdate() - timedelta(days=1),
    )
    assert summaries(path) == []
    cast["coordinator"].is_active = False
    cast["coordinator"].save()
    assert Client().get(path).status_code == 404


def test_what_was_given_is_no_longer_announced(
    as_: AsPerson, patient: Participant
) -> None:
    path = address(as_("infusion_nurse"))
    first = patient.infusions.get(number=1)
    at = timezone.now() - timedelta(hours=1)
    bedside.given(first, at)
    assert f"{patient.subject_id} infusion 1" not in summaries(path)


def test_reading_a_feed_writes_nothing(as_: AsPerson, monday: Participant) -> None:
    path, before = address(as_("coordinator")), Event.objects.count()
    Client().get(path)
    assert Client().post(path).status_code == 405
    assert as_("statistician").post("/calendar/feed/").status_code == 403
    assert Event.objects.count() == before
