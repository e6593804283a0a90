"""A reviewed batch is signed at once, each form as it was shown, or not at all."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from assessments.entry import Circumstances, Sheet, complete_rating
from assessments.instruments import INSTRUMENTS
from desk.contents import contents_of, hash_of
from records import forms, holds
from records.models import Form, Signature
from tests.cast import Cast, code_of
from tests.records.trail import owner_does
from trial.models import Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
PASSWORD = "correct horse battery"


@pytest.fixture
def rater(cast: Cast, totp: Callable[[User], None]) -> User:
    person = cast["rater"]
    person.set_password(PASSWORD)
    person.save()
    totp(person)
    return person


@pytest.fixture
def waiting(visit: Visit, rater: User) -> list[Form]:
    """Two MADRS of two visits, completed by the rater, unsigned."""
    later = visit.participant.visits.exclude(pk=visit.pk).order_by("pk")
    return [rate(visit, rater), rate(later[0], rater)]


def rate(visit: Visit, rater: User) -> Form:
    sheet = Sheet({f"MADRS1{n:02}": 3 for n in range(1, 11)})
    how = Circumstances(rater, timezone.now(), "week")
    return complete_rating(visit, INSTRUMENTS["madrs"], sheet, how).form


def batch_of(waiting: list[Form], rater: User) -> dict[str, object]:
    contents = contents_of(waiting)
    given: dict[str, object] = {
        f"shown_{form.pk}": hash_of(contents[form.pk]) for form in waiting
    }
    given["include"] = [str(form.pk) for form in waiting]
    return given | {"password": PASSWORD, "code": code_of(rater)}


def test_the_included_forms_are_signed_as_they_were_shown(
    as_: AsPerson, waiting: list[Form], rater: User
) -> None:
    client = as_("rater")
    page = client.get("/sign/").content.decode()
    for content in contents_of(waiting).values():
        assert hash_of(content) in page
    response = client.post("/sign/", batch_of(waiting, rater))
    assert response.status_code == 302
    signed = Signature.objects.order_by("pk")
    assert [s.target_id for s in signed] == [form.pk for form in waiting]
    assert {s.meaning for s in signed} == {"authored"}
    assert "No form awaits your signature." in client.get("/sign/").content.decode()
    again = client.post("/sign/", batch_of(waiting, rater))
    assert again.status_code == 422
    assert Signature.objects.count() == len(waiting)


def test_a_form_that_changed_is_named_and_none_is_signed(
    as_: AsPerson, waiting: list[Form], rater: User
) -> None:
    given = batch_of(waiting, rater)
    owner_does(
        "UPDATE assessments_answer SET value = 0 WHERE assessment_id IN "
        "(SELECT id FROM assessments_assessment WHERE form_id = %s)",
        waiting[1].pk,
    )
    response = as_("rater").post("/sign/", given)
    assert response.status_code == 422
    text = response.content.decode()
    assert text.count("This has changed since it was shown to you.") >= 1
    assert f'href="#form-{waiting[1].pk}"' in text
    assert f'href="#form-{waiting[0].pk}"' not in text
    assert not Signature.objects.exists()


def test_a_locked_form_refuses_the_batch_a_frozen_one_does_not(
    as_: AsPerson, waiting: list[Form], rater: User, cast: Cast
) -> None:
    client = as_("rater")
    scope = [holds.scope_of(waiting[0])]
    holds.place("locked", scope, reason="x", by=cast["data_manager"])
    said = client.post("/sign/", batch_of(waiting, rater)).content.decode()
    assert "This is locked" in said
    assert not Signature.objects.exists()
    owner_does("DELETE FROM records_hold")
    holds.place("frozen", scope, reason="x", by=cast["data_manager"])
    assert client.post("/sign/", batch_of(waiting, rater)).status_code == 302


def test_only_ones_own_forms_are_there(
    as_: AsPerson, waiting: list[Form], rater: User
) -> None:
    given = batch_of(waiting, rater)
    for person in ("investigator", "other_rater"):
        client = as_(person)
        assert "No form awaits" in client.get("/sign/").content.decode()
        assert client.post("/sign/", given).status_code == 422
    assert as_("monitor").get("/sign/").status_code == 403
    assert as_("rater").delete("/sign/").status_code == 405
    assert not Signature.objects.exists()


def test_a_form_with_a_draft_does_not_wait_for_signature(
    as_: AsPerson, waiting: list[Form], rater: User
) -> None:
    forms.save_draft(waiting[0], {}, by=rater)
    page = as_("rater").get("/sign/").content.decode()
    assert f"form-{waiting[0].pk}" not in page
    assert f"form-{waiting[1].pk}" in page


def test_nothing_included_and_a_wrong_password_sign_nothing(
    as_: AsPerson, waiting: list[Form], rater: User
) -> None:
    client, given = as_("rater"), batch_of(waiting, rater)
    assert client.post("/sign/", given | {"include": []}).status_code == 422
    wrong = client.post("/sign/", given | {"password": "wrong"})
    assert wrong.status_code == 422
    assert "not your password" in wrong.content.decode()
    assert wrong.content.decode().count("checked") >= len(waiting)
    assert not Signature.objects.exists()
