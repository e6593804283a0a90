"""What a check finds becomes a question that lives as the data do."""

from typing import Any

import pytest

from records import edit_checks, queries
from records.edit_checks import Case, EditCheck, Place
from records.models import Form, Query
from tests.cast import Cast
from trial.models import Visit

pytestmark = pytest.mark.django_db


def too_high(value: int) -> dict[str, int] | None:
    return {"value": value} if value > 9 else None


CHECK = EditCheck("too_high", "%(value)s is too high.", too_high, field="MADRS103")


@pytest.fixture
def place(visit: Visit) -> Place:
    form = Form.objects.get(about_id=visit.pk, code="madrs")
    return Place(form.site_id, form.participant_id, form.pk)


def settle(place: Place, value: int, check: EditCheck = CHECK) -> int:
    found = edit_checks.findings([Case(place, value, (check,))])
    return edit_checks.settle([check], [place.participant_id], found)


def told(query: Query) -> list[tuple[str, str]]:
    return [(m.kind, m.said()) for m in query.messages.all()]


def test_a_broken_check_asks_once(place: Place) -> None:
    assert settle(place, 10) == 1
    assert settle(place, 10) == 0
    query = Query.objects.get()
    assert (query.state, query.field, query.raised_by) == ("open", "MADRS103", None)
    assert told(query) == [("query", "10 is too high.")]


def test_the_question_closes_itself_and_says_so_and_reopens_on_relapse(
    place: Place,
) -> None:
    settle(place, 10)
    assert settle(place, 3) == 1
    query = Query.objects.get()
    assert (query.state, query.closed_by) == ("closed", None)
    assert settle(place, 3) == 0
    assert settle(place, 10) == 1
    query.refresh_from_db()
    assert query.state == "reopened"
    assert told(query) == [
        ("query", "10 is too high."),
        ("closed", "Closed by the edit check: the data no longer break it."),
        ("reopened", "10 is too high."),
    ]


def test_a_reason_accepted_by_a_person_holds_for_those_values_only(
    place: Place, cast: Cast
) -> None:
    settle(place, 10)
    query = Query.objects.get()
    queries.explain(query, "It was so.", by=cast["rater"])
    query.refresh_from_db()
    assert (query.state, told(query)[-1]) == ("answered", ("note", "It was so."))
    queries.close(query, "Accepted.", by=cast["monitor"])
    assert settle(place, 10) == 0
    assert settle(place, 11) == 1
    query.refresh_from_db()
    assert query.state == "reopened"


def test_a_question_of_a_person_is_left_alone(
    place: Place, cast: Cast, visit: Visit
) -> None:
    queries.raise_query(visit, "Did they come?", by=cast["monitor"])
    assert settle(place, 3) == 0


def test_a_hard_check_refuses_only_the_form_that_is_saved(place: Place) -> None:
    hard = EditCheck("hard", "%(value)s cannot be.", too_high, is_hard=True)
    found = edit_checks.findings([Case(place, 10, (hard,))])
    assert place.form_id is not None
    edit_checks.refuse(found, place.form_id + 1)
    with pytest.raises(Exception, match="10 cannot be"):
        edit_checks.refuse(found, place.form_id)


def test_nothing_is_checked_while_checks_are_deferred() -> None:
    with edit_checks.deferred():
        assert edit_checks.is_deferred()
    assert not edit_checks.is_deferred()


def test_the_words_take_the_values_that_the_rules_give() -> None:
    """Each check of each room: its words say every value by name."""
    from desk.check_data import CHECKS

    codes = [check.code for check in CHECKS]
    assert len(codes) == len(set(codes))

    class Anything(dict[str, Any]):
        def __missing__(self, name: str) -> str:
            return name

    assert all(check.words % Anything() for check in CHECKS)
