"""Events as a person reads them."""

import pytest
from django.utils import timezone

from accounts.models import User
from records.models import Event
from records.sentences import sentences
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def event(person: User | None = None, **facts: object) -> Event:
    """An event of a table of the trial, as the triggers write it."""
    given: dict[str, object] = {
        "table_name": "trial_visit",
        "row_id": 4,
        "kind": "update",
        "task": "",
        "database_role": "web",
        "at": timezone.now(),
        "reason": "",
    }
    return Event(**(given | facts), person=person)


def said(*events: Event, names: dict[tuple[str, int], str] | None = None) -> list[str]:
    return [found.sentence for found in sentences(events, names)]


@pytest.mark.clause(
    "4.2.2",
    "events are read as sentences, from the old value to the new",
)
def test_a_change_is_told_from_what_it_was_to_what_it_is(cast: Cast) -> None:
    changed = event(
        cast["rater"],
        old={"state": "planned", "missed_reason": ""},
        new={"state": "missed", "missed_reason": "moved"},
        reason="telephone",
    )
    assert said(changed) == [
        "Rater changed visit 4, state, from planned to missed; "
        "Rater changed visit 4, reason, from – to moved"
    ]
    assert sentences([changed])[0].why == "telephone"


def test_a_creation_lists_what_a_person_reads_and_not_the_machines_numbers(
    cast: Cast,
) -> None:
    created = event(
        cast["coordinator"],
        kind="insert",
        new={"id": 4, "site_id": 1, "visit_type": "day1", "planned_on": None},
    )
    assert said(created) == ["Coordinator created visit 4: visit day1"]


def test_a_row_with_a_better_name_is_called_by_it(cast: Cast) -> None:
    changed = event(cast["rater"], old={"state": "a"}, new={"state": "missed"})
    named = said(changed, names={("trial_visit", 4): "the baseline visit"})
    assert named == ["Rater changed the baseline visit, state, from a to missed"]


def test_yes_and_no_are_words(cast: Cast) -> None:
    changed = event(
        cast["rater"],
        table_name="trial_baseline",
        old={"employed": True},
        new={"employed": False},
    )
    assert said(changed) == [
        "Rater changed baseline 4, employed, from yes to no",
    ]


def test_without_a_person_the_task_or_the_database_role_acted() -> None:
    by_task = event(task="labs.read 7", kind="delete", old={"id": 4})
    assert said(by_task, event(kind="delete", old={"id": 4})) == [
        "labs.read 7 deleted visit 4",
        "web deleted visit 4",
    ]


def test_what_only_the_machine_reads_is_counted(cast: Cast) -> None:
    changed = event(
        cast["rater"],
        table_name="records_form",
        old={"version": 1},
        new={"version": 2},
    )
    assert said(changed) == ["Rater updated form 4 (1 field)"]


def test_a_table_that_is_no_model_any_more_is_called_by_its_name() -> None:
    assert said(event(table_name="trial_gone", kind="delete", old={"id": 4})) == [
        "web deleted trial_gone 4"
    ]
