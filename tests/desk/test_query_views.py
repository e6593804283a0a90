"""The pages of questions: asked, answered, closed, and listed."""

from collections.abc import Callable

import pytest
from django.test import Client

from records.models import Event, Form, Query
from records.queries import close, raise_query
from tests.cast import Cast
from trial.models import Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]


@pytest.fixture
def form(visit: Visit) -> Form:
    return Form.objects.get(about_id=visit.pk, code="madrs")


@pytest.fixture
def query(form: Form, cast: Cast) -> Query:
    return raise_query(form, "Is it 3?", by=cast["monitor"])


def url(query: Query) -> str:
    return f"/queries/{query.pk}/"


def test_a_monitor_asks_about_a_field(as_: AsPerson, form: Form, cast: Cast) -> None:
    response = as_("monitor").post(
        f"/forms/{form.pk}/ask/?field=MADRS103", {"text": "Is it 3?", "kind": "query"}
    )
    query = Query.objects.get()
    assert response.headers["Location"] == url(query)
    assert (query.field, query.raised_by) == ("MADRS103", cast["monitor"])


def test_a_question_without_a_word_is_refused(as_: AsPerson, form: Form) -> None:
    response = as_("monitor").post(f"/forms/{form.pk}/ask/", {"text": " "})
    assert response.status_code == 422
    assert "Your words: This field is required." in response.content.decode()
    assert not Query.objects.exists()


def test_a_field_with_a_nul_character_breaks_nothing(as_: AsPerson, form: Form) -> None:
    as_("monitor").post(
        f"/forms/{form.pk}/ask/?field=A%00B", {"text": "Is it 3?", "kind": "query"}
    )
    assert Query.objects.get().field == "AB"


def test_a_rater_answers_and_the_monitor_closes(as_: AsPerson, query: Query) -> None:
    as_("rater").post(url(query), {"text": "It is 3."})
    query.refresh_from_db()
    assert query.state == Query.State.ANSWERED
    as_("monitor").post(url(query), {"text": "Thank you.", "close": ""})
    query.refresh_from_db()
    assert query.state == Query.State.CLOSED
    assert query.messages.count() == 3


def test_a_rater_does_not_close(as_: AsPerson, query: Query) -> None:
    response = as_("rater").post(url(query), {"text": "Enough.", "close": ""})
    assert response.status_code == 403
    query.refresh_from_db()
    assert query.state == Query.State.OPEN


def test_an_inspector_reads_a_thread_and_does_not_answer(
    as_: AsPerson, query: Query
) -> None:
    assert as_("inspector").get(url(query)).status_code == 200
    assert as_("inspector").post(url(query), {"text": "Hm."}).status_code == 403


def test_a_closed_question_keeps_what_was_typed_as_an_answer(
    as_: AsPerson, query: Query, cast: Cast
) -> None:
    close(query, "Thank you.", by=cast["monitor"])
    response = as_("rater").post(url(query), {"text": "One more thing."})
    assert response.status_code == 422
    text = response.content.decode()
    assert "This question is closed" in text
    assert "One more thing." in text
    assert query.messages.count() == 2


def test_the_list_shows_open_questions_before_closed_ones(
    as_: AsPerson, query: Query, form: Form, cast: Cast
) -> None:
    close(query, "Thank you.", by=cast["monitor"])
    later = raise_query(form, "And item 4?", by=cast["monitor"])
    lines = as_("monitor").get("/oversight/").context["lines"]
    assert [line.query for line in lines] == [later, query]
    closed = as_("monitor").get("/oversight/?state=closed").context["lines"]
    assert [line.query for line in closed] == [query]


def test_another_site_finds_no_question(
    as_: AsPerson, query: Query, form: Form
) -> None:
    client = as_("other_investigator")
    assert client.get(url(query)).status_code == 404
    assert client.post(url(query), {"text": "x"}).status_code == 404
    assert client.post(f"/forms/{form.pk}/ask/", {"text": "x"}).status_code == 404
    assert client.get("/oversight/").context["lines"] == []


@pytest.mark.parametrize("person", ["rater", "coordinator", "infusion_nurse"])
def test_who_answers_does_not_ask(as_: AsPerson, form: Form, person: str) -> None:
    response = as_(person).post(f"/forms/{form.pk}/ask/", {"text": "x"})
    assert response.status_code == 403


def test_reading_writes_nothing(as_: AsPerson, query: Query, form: Form) -> None:
    before = Event.objects.count()
    client = as_("monitor")
    for address in (url(query), "/oversight/", f"/forms/{form.pk}/ask/"):
        assert client.get(address).status_code == 200
    assert Event.objects.count() == before
