"""A role takes force when the principal investigator has signed it, and not before."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.access import Standing
from accounts.models import AccessEvent, Membership, User
from accounts.roles import Role
from desk.delegation import hash_of
from records.models import Event, Signature
from tests.cast import Cast, code_of

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
URL = "/setup/delegation/"
PASSWORD = "correct horse battery"


@pytest.fixture
def investigator(cast: Cast, totp: Callable[[User], None]) -> User:
    person = cast["principal_investigator"]
    person.set_password(PASSWORD)
    person.save()
    totp(person)
    return person


@pytest.fixture
def given(cast: Cast, as_: AsPerson) -> Membership:
    """The monitor is to coordinate too: given, not yet signed."""
    person = cast["monitor"]
    facts = {"role": "coordinator", "site": cast.site.pk, "training": "GCP 2026"}
    url = f"/setup/people/{person.pk}/role/"
    assert as_("administrator").post(url, facts).status_code == 302
    return person.memberships.get(role=Role.COORDINATOR)


def signed(row: Membership, by: User, **changed: object) -> dict[str, object]:
    facts = {"include": [row.pk], f"shown_{row.pk}": hash_of(row)}
    return facts | {"password": PASSWORD, "code": code_of(by)} | changed


@pytest.mark.clause(
    "4.3.8", "a role opens nothing until the principal investigator has signed it"
)
@pytest.mark.clause("4.3.2", "no role is signed without the training for it named")
def test_a_role_takes_force_with_the_signature_of_the_principal_investigator(
    as_: AsPerson, given: Membership, investigator: User
) -> None:
    assert Role.COORDINATOR not in Standing(given.person).roles
    client = as_("principal_investigator")
    assert hash_of(given) in client.get(URL).content.decode()
    assert client.post(URL, signed(given, investigator)).status_code == 302
    assert Role.COORDINATOR in Standing(given.person).roles
    signature = Signature.objects.get()
    assert (signature.target_id, signature.person) == (given.pk, investigator)
    assert "GCP 2026" in signature.content
    given.refresh_from_db()
    assert (given.signed_by, given.signed_at) == (investigator, signature.signed_at)
    events = Event.objects.filter(table_name="accounts_membership", row_id=given.pk)
    assert [event.kind for event in events.order_by("pk")] == ["insert", "update"]
    again = client.post(URL, signed(given, investigator))
    assert again.status_code == 422
    assert Signature.objects.count() == 1


def test_several_are_signed_at_once_or_none(
    as_: AsPerson, given: Membership, investigator: User, cast: Cast
) -> None:
    other = Membership(
        person=cast["statistician"],
        role=Role.DATA_MANAGER,
        starts_on=timezone.localdate(),
        granted_by=cast["administrator"],
        training="GCP",
    )
    other.give()
    both = signed(given, investigator) | {
        "include": [given.pk, other.pk],
        f"shown_{other.pk}": "0" * 64,
    }
    client = as_("principal_investigator")
    assert client.post(URL, both).status_code == 422
    assert not Signature.objects.exists()
    del both["code"]
    both[f"shown_{other.pk}"] = hash_of(other)
    assert client.post(URL, both).status_code == 302
    assert Signature.objects.count() == 2


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"include": []}])
def test_a_refused_signing_puts_nothing_in_force(
    as_: AsPerson, given: Membership, investigator: User, wrong: dict[str, object]
) -> None:
    facts = signed(given, investigator, **wrong)
    assert as_("principal_investigator").post(URL, facts).status_code == 422
    assert Role.COORDINATOR not in Standing(given.person).roles


def test_nobody_else_signs_the_log(as_: AsPerson, given: Membership) -> None:
    for name in ("administrator", "monitor", "data_manager", "investigator"):
        answer = as_(name).post(URL, {"include": [given.pk]})
        assert answer.status_code == 403
    assert Role.COORDINATOR not in Standing(given.person).roles


def test_the_log_leaves_as_csv_and_that_is_an_event(
    as_: AsPerson, given: Membership
) -> None:
    text = as_("inspector").get("/setup/delegation.csv").content.decode()
    assert "Monitor,monitor,Coordinator,Guangzhou" in text
    assert AccessEvent.objects.filter(kind="export", what="delegation log").exists()


def test_nobody_gives_themselves_a_role_and_an_untrained_one_is_refused(
    as_: AsPerson, cast: Cast
) -> None:
    client, before = as_("administrator"), Membership.objects.count()
    facts = {"role": "data_manager", "training": "GCP"}
    own = f"/setup/people/{cast['administrator'].pk}/role/"
    assert client.post(own, facts).status_code == 422
    other = f"/setup/people/{cast['monitor'].pk}/role/"
    assert client.post(other, facts | {"training": ""}).status_code == 422
    assert as_("data_manager").post(other, facts).status_code == 403
    assert client.get(other).status_code == 405
    assert Membership.objects.count() == before


def test_a_second_principal_investigator_awaits_the_first(cast: Cast) -> None:
    row = Membership(
        person=cast["monitor"],
        role=Role.PRINCIPAL_INVESTIGATOR,
        starts_on=timezone.localdate(),
        granted_by=cast["administrator"],
        training="GCP",
    )
    row.give()
    assert not row.is_founding
    row.is_founding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize("wrong", ["training", "signed_by", "own", "founding"])
def test_an_impossible_signature_is_refused_by_the_form_and_by_the_database(
    cast: Cast, given: Membership, wrong: str
) -> None:
    given.signed_by, given.signed_at = cast["principal_investigator"], timezone.now()
    if wrong == "training":
        given.training = ""
    elif wrong == "signed_by":
        given.signed_by = None
    elif wrong == "own":
        given.signed_by = given.person
    else:
        given.is_founding = True
    with pytest.raises(ValidationError):
        given.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        given.save()
