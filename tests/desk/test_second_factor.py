"""A lost second factor is replaced by two people, and never by its owner."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import FactorReplacement, User
from records.models import Event, Mail
from tests.cast import Cast

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
URL = "/setup/second-factors/"


@pytest.fixture
def rater(cast: Cast, totp: Callable[[User], None]) -> User:
    totp(cast["rater"])
    return cast["rater"]


@pytest.fixture
def asked(as_: AsPerson, rater: User) -> FactorReplacement:
    facts = {"person": rater.pk, "reason": "Phone lost; seen with their badge"}
    assert as_("administrator").post(URL, facts).status_code == 302
    return FactorReplacement.objects.get()


def decide(client: Client, row: FactorReplacement, decision: str) -> None:
    assert client.post(f"{URL}{row.pk}/", {"decision": decision}).status_code == 302
    row.refresh_from_db()


@pytest.mark.clause("11.300(c)", "one asks with a reason, another confirms, on record")
@pytest.mark.clause("11.200(a)(3)", "codes are taken away by two people together only")
def test_what_one_asked_and_another_confirmed_ends_the_codes_and_tells_the_person(
    as_: AsPerson, asked: FactorReplacement, rater: User
) -> None:
    assert is_mfa_enabled(rater)
    client = as_("principal_investigator")
    assert "Phone lost" in client.get(URL).content.decode()
    decide(client, asked, "confirm")
    assert asked.is_granted
    assert not Authenticator.objects.filter(user=rater).exists()
    assert Mail.objects.get().to == rater
    events = Event.objects.filter(table_name="accounts_factorreplacement")
    assert [event.kind for event in events.order_by("pk")] == ["insert", "update"]
    decide(client, asked, "refuse")
    assert asked.is_granted
    assert Mail.objects.count() == 1


@pytest.mark.clause("11.200(a)(3)", "who asked for a replacement cannot confirm it")
def test_who_asked_does_not_confirm(
    as_: AsPerson, asked: FactorReplacement, rater: User
) -> None:
    decide(as_("administrator"), asked, "confirm")
    assert asked.decided_at is None
    assert is_mfa_enabled(rater)


def test_refused_it_changes_nothing_and_may_be_asked_again(
    as_: AsPerson, asked: FactorReplacement, rater: User
) -> None:
    facts = {"person": rater.pk, "reason": "again"}
    assert as_("administrator").post(URL, facts).status_code == 422
    decide(as_("principal_investigator"), asked, "refuse")
    assert asked.is_granted is False
    assert is_mfa_enabled(rater)
    assert not Mail.objects.exists()
    assert as_("administrator").post(URL, facts).status_code == 302


def test_only_the_roles_of_the_table_ask_and_decide(
    as_: AsPerson, asked: FactorReplacement
) -> None:
    facts = {"person": asked.person_id, "reason": "x"}
    assert as_("principal_investigator").post(URL, facts).status_code == 403
    for name in ("rater", "data_manager", "monitor"):
        assert as_(name).get(URL).status_code == 403
        assert as_(name).post(f"{URL}{asked.pk}/").status_code == 403
    assert as_("administrator").get(f"{URL}{asked.pk}/").status_code == 405
    assert as_("administrator").post(f"{URL}0/").status_code == 404


def test_nobody_asks_for_themselves_or_for_who_has_no_codes(
    as_: AsPerson, cast: Cast, totp: Callable[[User], None]
) -> None:
    totp(cast["administrator"])
    for person in (cast["administrator"], cast["monitor"]):
        facts = {"person": person.pk, "reason": "x"}
        assert as_("administrator").post(URL, facts).status_code == 422


@pytest.mark.parametrize("wrong", ["self", "reason", "asker", "owner", "half"])
def test_an_impossible_replacement_is_refused_by_the_form_and_by_the_database(
    cast: Cast, wrong: str
) -> None:
    row = FactorReplacement(
        person=cast["rater"], asked_by=cast["administrator"], reason="lost"
    )
    if wrong == "self":
        row.asked_by = row.person
    elif wrong == "reason":
        row.reason = ""
    elif wrong == "half":
        row.decided_by = cast["monitor"]
    else:
        row.decided_by = row.asked_by if wrong == "asker" else row.person
        row.decided_at, row.is_granted = timezone.now(), True
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
