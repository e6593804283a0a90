"""Signing asks for password and code, then for the password; failures lock out."""

from collections.abc import Callable

import psycopg
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AccessEvent, User
from records import signing, sitting
from records.models import Event, Form, Signature, SignerStatement
from tests.assessments.test_rating_views import WHOLE, url
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
def client(as_: AsPerson, rater: User, visit: Visit) -> Client:
    """The rater, who has completed a rating that waits for the signature."""
    browser = as_("rater")
    browser.post(url(visit), WHOLE)
    return browser


def sign(client: Client, visit: Visit, **given: str) -> str:
    """Send the form of signing; what the page then says."""
    version = str(Form.objects.get(about_id=visit.pk, code="madrs").version)
    response = client.post(url(visit, "sign/"), {"version": version, **given})
    return response.content.decode() if response.status_code == 422 else "signed"


def change(client: Client, visit: Visit) -> None:
    version = str(Form.objects.get(about_id=visit.pk, code="madrs").version)
    client.post(url(visit), WHOLE | {"version": version, "reason": "slip"})


def test_the_first_of_a_sitting_needs_the_code_the_next_only_the_password(
    client: Client, visit: Visit, rater: User
) -> None:
    page = client.get(url(visit)).content.decode()
    assert "One-time code" in page
    assert "Not signed" in sign(client, visit, password=PASSWORD)
    assert sign(client, visit, password=PASSWORD, code=code_of(rater)) == "signed"
    assert "One-time code" not in client.get(url(visit)).content.decode()
    change(client, visit)
    assert "not your password" in sign(client, visit, password="wrong")
    assert sign(client, visit, password=PASSWORD) == "signed"


def test_a_new_sign_in_begins_a_new_sitting(
    client: Client, visit: Visit, rater: User, as_: AsPerson
) -> None:
    sign(client, visit, password=PASSWORD, code=code_of(rater))
    assert "One-time code" in as_("rater").get(url(visit)).content.decode()
    assert "One-time code" in client.get(url(visit)).content.decode()


def test_a_sitting_ends_after_its_time(
    client: Client, visit: Visit, rater: User
) -> None:
    sign(client, visit, password=PASSWORD, code=code_of(rater))
    session = client.session
    ends_in = session["signing"]["until"] - timezone.now().timestamp()
    assert 0 < ends_in <= sitting.SITTING.total_seconds()
    session["signing"] = session["signing"] | {"until": 0}
    session.save()
    assert "One-time code" in client.get(url(visit)).content.decode()


def test_a_code_is_good_once(client: Client, visit: Visit, rater: User) -> None:
    code = code_of(rater)
    sitting.check_code(rater, code)
    assert "not the code of now" in sign(client, visit, password=PASSWORD, code=code)
    assert not Signature.objects.exists()


@pytest.mark.parametrize("wrong", ["password", "code"])
def test_failures_lock_out_and_are_access_events(
    client: Client, visit: Visit, rater: User, wrong: str
) -> None:
    right = {"password": PASSWORD, "code": code_of(rater)}
    for _attempt in range(sitting.MOST_FAILURES):
        sign(client, visit, **right | {wrong: "000000"})
    said = sign(client, visit, **right)
    assert "Too many failures" in said
    assert not Signature.objects.exists()
    events = AccessEvent.objects.filter(person=rater, what__startswith="signing")
    assert events.filter(kind="refused").count() == sitting.MOST_FAILURES
    assert events.filter(kind="locked_out").count() == 1
    AccessEvent.objects.update(at=timezone.now() - sitting.LOCKED_OUT_FOR)
    right["code"] = code_of(rater)
    assert sign(client, visit, **right) == "signed"


def test_nobody_signs_before_the_statement_which_is_recorded_once(
    client: Client, visit: Visit, rater: User
) -> None:
    owner_does("DELETE FROM records_signerstatement WHERE person_id = %s", rater.pk)
    assert "binds me as my signature in ink" in client.get(url(visit)).content.decode()
    given = {"password": PASSWORD, "code": code_of(rater)}
    sign(client, visit, **given)
    assert not Signature.objects.exists()
    assert sign(client, visit, binds="on", **given) == "signed"
    kept = SignerStatement.objects.get(person=rater)
    assert kept.text == str(sitting.STATEMENT)
    assert kept.name_as_signed == rater.full_name
    page = client.get(url(visit)).content.decode()
    assert "binds me as my signature in ink" not in page
    assert Event.objects.filter(
        table_name="records_signerstatement", row_id=kept.pk, kind="insert"
    ).exists()


def test_without_the_statement_the_database_takes_no_signature(
    visit: Visit, rater: User
) -> None:
    owner_does("DELETE FROM records_signerstatement WHERE person_id = %s", rater.pk)
    form = Form.objects.get(about_id=visit.pk, code="madrs")
    with pytest.raises(IntegrityError, match="before stating"), transaction.atomic():
        signing.sign(form, by=rater, meaning="authored", content={})


def test_another_version_than_the_one_shown_is_not_signed(
    client: Client, visit: Visit, rater: User
) -> None:
    change(client, visit)
    given = {"password": PASSWORD, "code": code_of(rater), "version": "1"}
    response = client.post(url(visit, "sign/"), given)
    assert "Another person has changed" in response.content.decode()
    assert not Signature.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_role_of_the_application_cannot_change_a_signature(
    visit: Visit, cast: Cast, as_web: psycopg.Connection
) -> None:
    form = Form.objects.get(about_id=visit.pk, code="madrs")
    signing.sign(form, by=cast["rater"], meaning="authored", content={"a": 1})
    for statement, words in (
        ("UPDATE records_signature SET content = '{}'", "falls once"),
        ("UPDATE records_signature SET signed_at = now()", "falls once"),
        ("UPDATE records_signature SET person_id = person_id + 1", "falls once"),
        ("DELETE FROM records_signature", "permission denied"),
        ("UPDATE records_signerstatement SET text = 'x'", "permission denied"),
        ("DELETE FROM records_signerstatement", "permission denied"),
    ):
        with pytest.raises(psycopg.Error, match=words):
            as_web.execute(statement)


def test_a_change_by_sql_lets_the_signature_fall_with_the_table_as_reason(
    client: Client, visit: Visit, rater: User
) -> None:
    sign(client, visit, password=PASSWORD, code=code_of(rater))
    owner_does("UPDATE assessments_answer SET value = 0 WHERE item = 'MADRS101'")
    fallen = Signature.objects.get()
    assert fallen.fallen_at is not None
    assert fallen.fallen_reason == "changed: assessments_answer"
    page = client.get(url(visit)).content.decode()
    assert "changed: assessments_answer" in page


def test_what_was_signed_is_shown_again_and_held_against_its_hash(
    client: Client, visit: Visit, rater: User, as_: AsPerson
) -> None:
    sign(client, visit, password=PASSWORD, code=code_of(rater))
    address = f"/signatures/{Signature.objects.get().pk}/"
    change(client, visit)
    page = client.get(address).content.decode()
    assert "MADRS101 apparent sadness" in page
    assert "the content below has this hash" in page
    assert "Fell on" in page
    owner_does("SET CONSTRAINTS ALL IMMEDIATE")
    owner_does("ALTER TABLE records_signature DISABLE TRIGGER USER")
    owner_does("UPDATE records_signature SET content = '{}'")
    assert "has another hash" in client.get(address).content.decode()
    assert as_("other_rater").get(address).status_code == 404
    assert as_("infusion_nurse").get(address).status_code == 403
    assert as_("rater").post(address).status_code == 405
