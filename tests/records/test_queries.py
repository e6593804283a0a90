"""A question about a value: raised, answered, closed, each with its words."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from records import queries
from records.models import Form, Query, QueryMessage
from tests.cast import Cast
from trial.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(visit: Visit) -> Form:
    return Form.objects.get(about_id=visit.pk, code="madrs")


@pytest.fixture
def query(form: Form, cast: Cast) -> Query:
    return queries.raise_query(form, "Is it 3?", by=cast["monitor"], field="MADRS103")


def said(query: Query) -> list[str]:
    return [message.text for message in query.messages.all()]


def test_a_question_hangs_on_its_field_and_knows_its_participant(
    query: Query, form: Form, cast: Cast
) -> None:
    assert (query.form, query.field, query.state) == (form, "MADRS103", "open")
    assert (query.site, query.participant_id) == (cast.site, form.participant_id)
    assert said(query) == ["Is it 3?"]


def test_an_answer_and_the_closing_stand_in_the_thread(
    query: Query, cast: Cast
) -> None:
    assert queries.answer(query, "It is 3.", by=cast["rater"]).state == "answered"
    closed = queries.close(query, "Thank you.", by=cast["monitor"])
    assert closed.state == "closed"
    assert closed.closed_at is not None
    assert said(query) == ["Is it 3?", "It is 3.", "Thank you."]


def test_closing_twice_says_it_once(query: Query, cast: Cast) -> None:
    for _time in range(2):
        queries.close(query, "Thank you.", by=cast["monitor"])
    assert said(query) == ["Is it 3?", "Thank you."]


def test_a_closed_question_takes_no_answer(query: Query, cast: Cast) -> None:
    queries.close(query, "Thank you.", by=cast["monitor"])
    with pytest.raises(ValidationError, match="This question is closed"):
        queries.answer(query, "It is 3.", by=cast["rater"])


@pytest.mark.parametrize("text", ["", " \n"])
def test_nothing_is_asked_answered_or_closed_without_a_word(
    form: Form, query: Query, cast: Cast, text: str
) -> None:
    person = cast["monitor"]
    with pytest.raises(ValidationError, match="Write what you want to say"):
        queries.raise_query(form, text, by=person)
    for act in (queries.answer, queries.close):
        with pytest.raises(ValidationError, match="Write what you want to say"):
            act(query, text, by=person)
    query.refresh_from_db()
    assert query.state == "open"
    assert Query.objects.count() == 1


def test_closed_without_a_time_is_refused_by_the_form_and_by_the_database(
    query: Query,
) -> None:
    query.state = Query.State.CLOSED
    with pytest.raises(ValidationError):
        query.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        query.save()


def test_an_empty_message_is_refused_by_the_form_and_by_the_database(
    query: Query, cast: Cast
) -> None:
    message = QueryMessage(query=query, text="", written_by=cast["rater"])
    with pytest.raises(ValidationError):
        message.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        message.save()


def test_a_check_asks_once_about_a_place(form: Form) -> None:
    facts = {
        "form": form,
        "site_id": form.site_id,
        "participant_id": form.participant_id,
        "check_code": "total_0",
    }
    Query.objects.create(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Query.objects.create(**facts)


def test_a_question_hangs_on_a_visit_as_well(visit: Visit, cast: Cast) -> None:
    query = queries.raise_query(visit, "Did they come?", by=cast["monitor"])
    assert (query.form, query.about) == (None, visit)
    assert query.participant_id == visit.participant_id


def test_a_question_about_two_things_is_refused_by_the_form_and_by_the_database(
    query: Query, visit: Visit
) -> None:
    query.about = visit
    with pytest.raises(ValidationError, match="about a form"):
        query.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        query.save()


@pytest.mark.parametrize("kind", ["note", "deviation"])
def test_a_note_or_deviation_answers_nobody(
    query: Query, cast: Cast, kind: str
) -> None:
    queries.remark(query, "Source seen.", by=cast["monitor"], kind=kind)
    query.refresh_from_db()
    assert query.state == Query.State.OPEN
    assert [m.kind for m in query.messages.all()] == ["query", kind]


def test_a_thread_that_begins_with_a_note_asks_nobody(form: Form, cast: Cast) -> None:
    query = queries.raise_query(form, "Source seen.", by=cast["monitor"], kind="note")
    assert query.state == Query.State.CLOSED
    assert not query.is_asking


def test_a_closed_question_is_reopened_with_a_reason(query: Query, cast: Cast) -> None:
    queries.close(query, "Thank you.", by=cast["monitor"])
    with pytest.raises(ValidationError, match="Write what you want to say"):
        queries.reopen(query, "", by=cast["monitor"])
    again = queries.reopen(query, "The paper says 4.", by=cast["monitor"])
    assert (again.state, again.closed_at, again.closed_by) == ("reopened", None, None)
    assert [m.kind for m in again.messages.all()][-1] == "reopened"
    with pytest.raises(ValidationError, match="open already"):
        queries.reopen(query, "Once more.", by=cast["monitor"])


def test_only_a_question_of_a_check_takes_a_reason_for_its_value(
    query: Query, cast: Cast
) -> None:
    with pytest.raises(ValidationError, match="No edit check asks"):
        queries.explain(query, "It is so.", by=cast["rater"])
