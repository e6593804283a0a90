"""The process dies between any two statements: all of the act is there, or nothing.

A child process of its own, with a connection of its own, is killed before its n-th
statement, for every n, and once more before it commits.
"""

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from assessments.entry import Circumstances, Sheet, complete_rating
from assessments.instruments import INSTRUMENTS
from assessments.models import Assessment
from desk.contents import contents_of, hash_of
from records import batch, holds, queries
from records.chain import seal, verify
from records.models import Event, Form, Hold, Query, Signature
from tests.cast import Cast
from trial.models import Visit

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]
MOST_STATEMENTS = 80


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Killed:
    """Counts statements, and kills its own process before the one that is named."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, execute: Callable[..., Any], *call: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            die()
        return execute(*call)


def dies(act: Act, *, before: int, at_commit: bool = False) -> bool:
    """Whether a child doing `act` died before its statement of that number."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            if at_commit:
                connection.commit = die  # type: ignore[method-assign]
            with connection.execute_wrapper(Killed(before)):
                act()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of the rooms that an act can write to, the events with them."""
    rooms = ("records", "trial", "assessments")
    models = [m for m in apps.get_models() if m._meta.app_label in rooms]
    return {
        model._meta.db_table: list(model._default_manager.order_by("pk").values())
        for model in models
    }


def killed_everywhere(act: Act) -> int:
    """Kill before the commit and before each statement; the number of statements.

    The last child has fewer statements than it was to die at: its act is whole.
    """
    before = everything()
    assert dies(act, before=MOST_STATEMENTS, at_commit=True)
    assert everything() == before, "the commit is not the end"
    for n in range(MOST_STATEMENTS):
        if not dies(act, before=n):
            break
        assert everything() == before, f"half of it is there after {n} statements"
    assert everything() != before
    seal()
    assert verify([]).first_break is None
    return n


def rate(visit: Visit, cast: Cast, value: int, reason: str = "") -> Assessment:
    sheet = Sheet({f"MADRS1{n:02}": value for n in range(1, 11)})
    how = Circumstances(cast["rater"], timezone.now(), "week")
    madrs = INSTRUMENTS["madrs"]
    return complete_rating(visit, madrs, sheet, how, reason=reason)


def shown(form: Form) -> dict[int, str]:
    return {form.pk: hash_of(contents_of([form])[form.pk])}


def test_saving_a_form(visit: Visit, cast: Cast) -> None:
    statements = killed_everywhere(lambda: rate(visit, cast, 3))
    assert statements > 8
    form = Form.objects.get(about_id=visit.pk, code="madrs")
    assert form.completion == "complete"
    assert form.assessment.answers.count() == 10


def test_changing_a_signed_form(visit: Visit, cast: Cast) -> None:
    form = rate(visit, cast, 3).form
    batch.sign(shown(form), contents_of, by=cast["rater"])
    killed_everywhere(lambda: rate(visit, cast, 4, "slip"))
    assert Signature.objects.get().fallen_reason == "slip"


def test_signing(visit: Visit, cast: Cast) -> None:
    form = rate(visit, cast, 3).form
    seen = shown(form)
    by = cast["rater"]
    assert killed_everywhere(lambda: batch.sign(seen, contents_of, by=by)) > 3
    assert Signature.objects.get().target_id == form.pk


def test_locking_a_participant(visit: Visit, cast: Cast) -> None:
    scope = [holds.scope_of(visit.participant)]
    by = cast["data_manager"]
    killed_everywhere(lambda: holds.place("locked", scope, reason="x", by=by))
    assert Hold.objects.get().level == "locked"


def test_closing_a_query(visit: Visit, cast: Cast) -> None:
    form = Form.objects.get(about_id=visit.pk, code="madrs")
    query = queries.raise_query(form, "Is this right?", by=cast["monitor"])
    killed_everywhere(lambda: queries.close(query, "it is", by=cast["monitor"]))
    closed = Query.objects.get()
    assert (closed.state, closed.messages.count()) == ("closed", 2)


def test_an_act_that_is_not_whole_is_found_here(visit: Visit) -> None:
    """The test of these tests: two statements without a transaction around them."""

    def in_halves() -> None:
        Form.objects.filter(about_id=visit.pk, code="madrs").update(version=7)
        Form.objects.filter(about_id=visit.pk, code="sfmpq").update(version=7)

    with pytest.raises(AssertionError):
        killed_everywhere(in_halves)
    assert Event.objects.exists()
