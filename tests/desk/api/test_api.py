"""The API shows what the pages show, to whom the pages show it."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from assessments.entry import Circumstances, Sheet, complete_rating
from assessments.instruments import INSTRUMENTS
from assessments.models import Assessment
from records.models import Event, Form
from records.queries import raise_query
from tests.cast import Cast, enrolled
from trial.models import Participant, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]


@pytest.fixture
def stranger(cast: Cast) -> Participant:
    """A patient of the other site."""
    moved = Cast(cast.other_site, cast.site, cast.laboratory, cast.people)
    return enrolled(moved, first_infusion_in_days=0)


def rate(visit: Visit, code: str, by: str, cast: Cast) -> Assessment:
    instrument = INSTRUMENTS[code]
    sheet = Sheet({item.code: item.values[0] for item in instrument.items})
    period = instrument.recall[0].code
    how = Circumstances(rater=cast[by], rated_at=timezone.now(), recall=period)
    return complete_rating(visit, instrument, sheet, how)


def test_a_listing_shows_own_sites_only(
    as_: AsPerson, patient: Participant, stranger: Participant
) -> None:
    def seen(person: str) -> list[str]:
        rows = as_(person).get("/api/participants/").json()["results"]
        return [row["subject_id"] for row in rows]

    assert seen("coordinator") == [patient.subject_id]
    assert seen("other_coordinator") == [stranger.subject_id]
    assert seen("monitor") == sorted([patient.subject_id, stranger.subject_id])


@pytest.mark.parametrize("person", ["other_rater", "other_coordinator"])
def test_a_row_of_another_site_is_not_there(
    as_: AsPerson, visit: Visit, person: str
) -> None:
    client = as_(person)
    url = f"/api/participants/{visit.participant.subject_id}/"
    assert client.get(url).status_code == 404
    assert client.get(f"/api/visits/{visit.pk}/").status_code == 404


def test_a_role_that_may_not_is_refused_and_told_which_action(
    as_: AsPerson, patient: Participant
) -> None:
    for url in ("/api/participants/", f"/api/participants/{patient.subject_id}/"):
        response = as_("statistician").get(url)
        assert response.status_code == 403
        assert "participant.view" in response.json()["detail"]


def test_a_rating_comes_with_its_answers_and_computed_totals(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    rated = rate(visit, "madrs", "rater", cast)
    row = as_("monitor").get(f"/api/assessments/{rated.pk}/").json()
    assert row["participant"] == visit.participant.subject_id
    assert row["answers"][0] == {"item": "MADRS101", "value": 0, "missing": ""}
    assert row["totals"] == [{"code": "MADRS111", "value": 0.0}]


def test_who_must_not_know_the_pain_group_gets_no_pain_scale_of_others(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    rated = rate(visit, "sfmpq", "investigator", cast)
    url = f"/api/assessments/{rated.pk}/"
    assert as_("rater").get(url).status_code == 404
    assert as_("rater").get("/api/assessments/").json()["count"] == 0
    assert as_("investigator").get(url).status_code == 200


def test_a_rater_gets_the_pain_scale_that_they_entered_themselves(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    rated = rate(visit, "sfmpq", "rater", cast)
    assert as_("rater").get(f"/api/assessments/{rated.pk}/").status_code == 200


def test_a_laboratory_sees_its_own_plates_and_codes_without_participants(
    as_: AsPerson, accepted: int
) -> None:
    rows = as_("lab_scientist").get("/api/results/").json()["results"]
    assert [(row["specimen"], row["analyte"]) for row in rows] == [("SABC", "INTLK6")]
    assert Decimal(str(rows[0]["concentration_pg_ml"])) == Decimal("1.5")
    assert "participant" not in rows[0]
    assert as_("other_lab_scientist").get("/api/results/").json()["count"] == 0
    other = as_("other_lab_scientist").get(f"/api/plates/{accepted}/")
    assert other.status_code == 404
    assert as_("rater").get("/api/plates/").status_code == 403


def test_a_query_comes_with_its_thread(as_: AsPerson, visit: Visit, cast: Cast) -> None:
    form = Form.objects.get(about_id=visit.pk, code="madrs")
    query = raise_query(form, "Is item 3 right?", by=cast["monitor"], field="MADRS103")
    row = as_("rater").get(f"/api/queries/{query.pk}/").json()
    assert row["participant"] == visit.participant.subject_id
    assert [(m["text"], m["written_by"]) for m in row["messages"]] == [
        ("Is item 3 right?", "Monitor")
    ]
    assert as_("other_rater").get(f"/api/queries/{query.pk}/").status_code == 404


def test_a_listing_is_filtered_by_what_it_says(
    as_: AsPerson, patient: Participant
) -> None:
    client = as_("coordinator")
    assert client.get("/api/participants/?arm=control").json()["count"] == 0
    assert client.get("/api/participants/?arm=patient").json()["count"] == 1
    assert client.get("/api/participants/?arm=nonsense").status_code == 400


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_only_reads(as_: AsPerson, patient: Participant, method: str) -> None:
    before = Event.objects.count()
    url = f"/api/participants/{patient.subject_id}/"
    assert getattr(as_("coordinator"), method)(url).status_code == 405
    assert Event.objects.count() == before


def test_a_listing_asks_the_database_the_same_for_one_row_and_for_two(
    as_: AsPerson,
    visit: Visit,
    cast: Cast,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    rate(visit, "madrs", "rater", cast)
    client = as_("monitor")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get("/api/assessments/")
    rate(visit, "sfmpq", "rater", cast)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        assert client.get("/api/assessments/").json()["count"] == 2


def test_the_description_is_valid_and_builds_without_a_warning() -> None:
    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    validate_schema(schema)  # type: ignore[no-untyped-call]
    assert not GENERATOR_STATS
    assert "/api/assessments/{id}/" in schema["paths"]


def test_the_page_of_the_description_holds_nothing_inline(as_: AsPerson) -> None:
    client = as_("monitor")
    page = client.get("/api/docs/").content.decode()
    assert "<style" not in page
    assert "style=" not in page
    assert page.count("<script src=") == page.count("<script") == 2
    script = client.get("/api/docs/?script=")
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert "/api/schema/" in script.content.decode().replace("\\u002D", "-")
