"""All forms by participant and visit: states, filters, acts, and a bounded cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AccessEvent
from records import forms, holds
from records.models import Form, Hold
from records.queries import raise_query
from records.signing import sign
from tests.cast import Cast, enrolled
from trial.models import Participant, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
ADDRESS = "/oversight/forms/"


@pytest.fixture
def form(visit: Visit, cast: Cast) -> Form:
    """The MADRS of the baseline visit, complete and unsigned."""
    waiting = Form.objects.get(about_id=visit.pk, code="madrs")
    return forms.complete(waiting, by=cast["rater"])


def counts(client: Client, **asked: str) -> dict[str, int]:
    context: Any = client.get(ADDRESS, asked).context
    return {name: n for name, _words, n in context["counts"]}


def test_every_form_stands_in_its_state_and_is_counted(
    as_: AsPerson, form: Form, cast: Cast
) -> None:
    client = as_("data_manager")
    before = counts(client)
    assert before["complete"] == 1
    assert before["not_started"] == Form.objects.count() - 1
    page = client.get(ADDRESS).content.decode()
    assert "MADRS: complete, unsigned" in page
    assert f'href="/visits/{form.about_id}/madrs/"' in page
    sign(form, by=cast["rater"], meaning="authored", content={"a": 1})
    raise_query(form, "Really?", by=cast["monitor"])
    after = counts(client)
    assert (after["complete"], after["signed"], after["question"]) == (0, 1, 1)
    said = "MADRS: signed, with an open question"
    assert said in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize("kind", ["form", "visit", "participant", "site", "trial"])
def test_what_is_held_is_counted_with_all_below_it(
    as_: AsPerson, form: Form, visit: Visit, cast: Cast, kind: str
) -> None:
    scope = {
        "form": holds.scope_of(form),
        "visit": holds.scope_of(visit),
        "participant": holds.scope_of(visit.participant),
        "site": holds.scope_of(visit.site),
        "trial": holds.TRIAL,
    }[kind]
    holds.place("frozen", [scope], reason="x", by=cast["data_manager"])
    held = [f for f in Form.objects.all() if holds.level_of(f) == "frozen"]
    assert counts(as_("monitor"))["frozen"] == len(held) > 0
    holds.place("locked", [scope], reason="x", by=cast["data_manager"])
    found = counts(as_("monitor"))
    assert (found["frozen"], found["locked"]) == (0, len(held))


def test_a_filter_of_the_address_shows_who_has_such_a_form(
    as_: AsPerson, form: Form, cast: Cast
) -> None:
    other = enrolled(cast, first_infusion_in_days=3)
    client = as_("data_manager")
    page = client.get(ADDRESS, {"state": "complete"}).content.decode()
    own = Participant.objects.get(pk=form.participant_id).subject_id
    assert f"/participants/{own}/" in page
    assert f"/participants/{other.subject_id}/" not in page
    assert "No form is in this state." in (
        client.get(ADDRESS, {"state": "missed"}).content.decode()
    )


def test_new_is_what_was_completed_since_the_sign_in_before_this_one(
    as_: AsPerson, form: Form, cast: Cast
) -> None:
    client = as_("monitor")
    assert counts(client)["new"] == 0
    earlier = AccessEvent.objects.create(kind="sign_in", person=cast["monitor"])
    old = timezone.now() - timedelta(days=1)
    AccessEvent.objects.filter(pk=earlier.pk).update(at=old)
    assert counts(client)["new"] == 1
    Form.objects.filter(pk=form.pk).update(completed_at=old - timedelta(days=1))
    assert counts(client)["new"] == 0


def test_the_number_of_queries_does_not_grow_with_participants(
    as_: AsPerson, form: Form, cast: Cast
) -> None:
    client = as_("data_manager")
    client.get(ADDRESS)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(ADDRESS)
    for _number in range(4):
        enrolled(cast, first_infusion_in_days=2)
    with CaptureQueriesContext(connection) as more:
        client.get(ADDRESS)
    assert len(more) == len(few) < 30


def place(client: Client, act: str, *scopes: str, reason: str = "clean") -> int:
    given = {"act": act, "scope": list(scopes), "reason": reason}
    return client.post("/oversight/holds/place/", given).status_code


def test_a_data_manager_freezes_and_locks_a_selection(
    as_: AsPerson, form: Form, visit: Visit, cast: Cast
) -> None:
    client = as_("data_manager")
    selection = (f"participant-{visit.participant_id}", f"form-{form.pk}")
    for act in ("freeze", "freeze", "lock"):
        assert place(client, act, *selection) == 302
    assert Hold.objects.count() == 4
    assert set(Hold.objects.values_list("reason", "placed_by__username")) == {
        ("clean", "data_manager")
    }
    assert place(client, "freeze", f"visit-{visit.pk}", reason="") == 302
    assert Hold.objects.count() == 4
    assert place(client, "freeze", "trial-0", f"site-{cast.site.pk}") == 302
    assert Hold.objects.filter(scope="trial").exists()


def test_who_may_not_hold_nothing(as_: AsPerson, visit: Visit, cast: Cast) -> None:
    own = f"participant-{visit.participant_id}"
    assert place(as_("investigator"), "freeze", own) == 403
    assert place(as_("monitor"), "lock", own) == 403
    assert place(as_("data_manager"), "freeze", own, "visit-999999") == 403
    assert as_("data_manager").get("/oversight/holds/place/").status_code == 405
    assert as_("lab_scientist").get(ADDRESS).status_code == 403
    assert not Hold.objects.exists()


def test_a_lock_is_opened_by_two_on_the_page(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    manager, chief = as_("data_manager"), as_("principal_investigator")
    place(manager, "lock", f"visit-{visit.pk}")
    hold = Hold.objects.get()
    address = f"/oversight/holds/{hold.pk}"
    assert as_("other_coordinator").post(f"{address}/ask_unlock/").status_code == 404
    assert as_("coordinator").post(f"{address}/grant_unlock/").status_code == 403
    manager.post(f"{address}/unfreeze/", {"reason": "alone"})
    asked = as_("coordinator").post(f"{address}/ask_unlock/", {"reason": "wrong day"})
    assert asked.status_code == 302
    assert "wrong day" in chief.get("/oversight/holds/").content.decode()
    assert holds.level_of(visit) == "locked"
    chief.post(f"{address}/grant_unlock/")
    assert holds.level_of(visit) == "open"
    said = manager.post(f"{address}/decline_unlock/", follow=True).content.decode()
    assert "open again already" in said
    assert manager.post(f"{address}/nonsense/").status_code == 404


def test_other_sites_are_not_in_the_grid(as_: AsPerson, form: Form) -> None:
    assert counts(as_("other_investigator"))["complete"] == 0
    assert "GZ-001" not in as_("other_investigator").get(ADDRESS).content.decode()
