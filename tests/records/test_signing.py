"""A signature: who, when, what it means, and exactly what was signed."""

import hashlib
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from records import signing
from records.models import Form, Signature
from tests.cast import Cast
from trial.models import Visit

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def form(visit: Visit) -> Form:
    return Form.objects.get(about_id=visit.pk, code="madrs")


@pytest.fixture
def signer(cast: Cast, totp: Callable[[User], None]) -> User:
    person = cast["rater"]
    person.set_password(PASSWORD)
    person.save()
    totp(person)
    return person


@pytest.mark.clause(
    "11.100(b)",
    "nobody signs without one-time codes of their own",
)
def test_who_signs_needs_a_second_factor(cast: Cast) -> None:
    person = cast["rater"]
    person.set_password(PASSWORD)
    with pytest.raises(ValidationError, match="one-time codes"):
        signing.check_password(person, PASSWORD)


@pytest.mark.clause(
    "11.200(a)(2)",
    "only the own password signs, whoever is signed in",
)
def test_only_the_own_password_is_accepted(signer: User) -> None:
    signing.check_password(signer, PASSWORD)
    with pytest.raises(ValidationError, match="not your password"):
        signing.check_password(signer, "another password")


@pytest.mark.clause(
    "11.100(a)",
    "who left is deactivated, never deleted or replaced, and signs no more",
)
def test_who_left_does_not_sign(signer: User) -> None:
    signer.is_active = False
    with pytest.raises(ValidationError, match="Nothing was signed"):
        signing.check_password(signer, PASSWORD)


@pytest.mark.clause(
    "11.70",
    "a signature is bound to the SHA-256 of exactly what was signed",
)
def test_the_hash_is_of_the_content_whatever_order_it_came_in(
    form: Form, signer: User
) -> None:
    one = signing.canonical({"b": 2, "a": "β"})
    assert one == signing.canonical({"a": "β", "b": 2}) == '{"a":"β","b":2}'
    signed = signing.sign(form, by=signer, meaning="authored", content={"total": 30})
    assert signed.content == '{"total":30}'
    expected = hashlib.sha256(b'{"total":30}').hexdigest()
    assert signed.content_sha256 == expected
    assert (signed.name_as_signed, signed.participant_id) == (
        "Rater",
        form.participant_id,
    )


def test_signing_again_what_stands_gives_the_standing_signature(
    form: Form, signer: User
) -> None:
    first = signing.sign(form, by=signer, meaning="authored", content={"total": 30})
    again = signing.sign(form, by=signer, meaning="authored", content={"total": 30})
    assert again == first
    assert Signature.objects.count() == 1


def test_other_content_under_a_standing_signature_is_refused_by_the_database(
    form: Form, signer: User
) -> None:
    signing.sign(form, by=signer, meaning="authored", content={"total": 30})
    with pytest.raises(IntegrityError), transaction.atomic():
        signing.sign(form, by=signer, meaning="authored", content={"total": 29})


@pytest.mark.clause(
    "11.70",
    "a change takes the signature away, visibly; what was signed is kept",
)
def test_a_signature_falls_visibly_and_keeps_what_it_signed(
    form: Form, signer: User
) -> None:
    signed = signing.sign(form, by=signer, meaning="authored", content={"total": 30})
    assert signing.take_away(form, reason="slip") == 1
    assert not signing.standing_on(form).exists()
    signed.refresh_from_db()
    assert (signed.fallen_reason, signed.content) == ("slip", '{"total":30}')
    assert signed.fallen_at is not None
    signing.sign(form, by=signer, meaning="authored", content={"total": 29})
    assert signing.standing_on(form).count() == 1


def test_fallen_without_a_reason_is_refused_by_the_form_and_by_the_database(
    form: Form, signer: User
) -> None:
    signed = signing.sign(form, by=signer, meaning="authored", content={})
    signed.fallen_at = signed.signed_at
    with pytest.raises(ValidationError):
        signed.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        signed.save()
