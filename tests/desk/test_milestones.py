"""A milestone is signed once, by the principal investigator, with the password."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Milestone, User
from records.models import Event, Signature
from tests.cast import Cast

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
URL = "/setup/milestones/final_cut/"
PASSWORD = "a-long-password"


@pytest.fixture
def investigator(cast: Cast, totp: Callable[[User], None]) -> User:
    person = cast["principal_investigator"]
    person.set_password(PASSWORD)
    person.save()
    totp(person)
    return person


def test_signing_makes_the_milestone_and_its_signature(
    as_: AsPerson, investigator: User
) -> None:
    client = as_("principal_investigator")
    assert client.post(URL, {"password": PASSWORD}).status_code == 302
    row = Milestone.objects.get()
    assert (row.code, row.signed_by) == ("final_cut", investigator)
    signature = Signature.objects.get()
    assert signature.target_id == row.pk
    assert "results_by_group" in signature.content
    assert Event.objects.filter(table_name="accounts_milestone").count() == 1
    assert investigator.full_name in client.get("/setup/milestones/").content.decode()


def test_signing_it_again_writes_nothing(as_: AsPerson, investigator: User) -> None:
    for _time in range(2):
        as_("principal_investigator").post(URL, {"password": PASSWORD})
    assert Milestone.objects.count() == Signature.objects.count() == 1


def test_a_wrong_password_signs_nothing(as_: AsPerson, investigator: User) -> None:
    refused = as_("principal_investigator").post(URL, {"password": "wrong"})
    assert refused.status_code == 422
    assert not Milestone.objects.exists()


def test_nobody_else_signs_it(as_: AsPerson) -> None:
    for person in ("investigator", "administrator", "statistician"):
        assert as_(person).post(URL, {"password": PASSWORD}).status_code == 403


def test_a_milestone_that_is_none_is_not_there(as_: AsPerson) -> None:
    client = as_("principal_investigator")
    assert client.post("/setup/milestones/never/").status_code == 404
    assert client.get(URL).status_code == 405


def test_an_unknown_milestone_is_refused_by_the_form_and_by_the_database(
    cast: Cast,
) -> None:
    row = Milestone(code="never", signed_by=cast["principal_investigator"])
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
