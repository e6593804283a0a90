"""People come in by an invitation that works once, and leave with a reason."""

import re
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from records.models import Event, Mail
from tests.cast import Cast

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
INVITE = "/setup/people/invite/"
PASSWORD = "a password of one's own"


def invitation(cast: Cast, **changed: object) -> dict[str, object]:
    return {
        "username": "newrater",
        "full_name": "New Rater",
        "email": "new@sixfold.example",
        "language": "en",
        "role": "rater",
        "site": cast.site.pk,
        "training": "Good clinical practice, MADRS rating",
        **changed,
    }


def link_of(mail: Mail) -> str:
    found = re.search(r"http://testserver(/welcome/\S+)", mail.text)
    assert found is not None
    return found[1]


def test_an_invited_person_sets_a_password_once(as_: AsPerson, cast: Cast) -> None:
    answer = as_("administrator").post(INVITE, invitation(cast))
    person = User.objects.get(username="newrater")
    assert answer.headers["Location"] == f"/setup/people/{person.pk}/"
    role = person.memberships.get()
    assert (role.role, role.granted_by) == ("rater", cast["administrator"])
    link, visitor = link_of(Mail.objects.get(to=person)), Client()
    assert visitor.get(link).status_code == 200
    assert not User.objects.get(pk=person.pk).has_usable_password()
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert visitor.post(link, chosen).status_code == 302
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)
    assert visitor.get(link).status_code == 404
    other = {"new_password1": "another password", "new_password2": "another password"}
    assert visitor.post(link, other).status_code == 404
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)


def test_a_link_that_was_guessed_or_is_of_another_lets_nobody_in(
    as_: AsPerson, cast: Cast
) -> None:
    as_("administrator").post(INVITE, invitation(cast))
    link = link_of(Mail.objects.get())
    person = User.objects.get(username="newrater")
    moved = link.replace(f"/{person.pk}/", f"/{cast['rater'].pk}/")
    assert Client().get(moved).status_code == 404
    assert Client().get(f"/welcome/{person.pk}/guess/").status_code == 404


def test_a_weak_password_is_refused_and_the_link_still_works(
    as_: AsPerson, cast: Cast
) -> None:
    as_("administrator").post(INVITE, invitation(cast))
    link = link_of(Mail.objects.get())
    weak = {"new_password1": "short", "new_password2": "short"}
    assert Client().post(link, weak).status_code == 422
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"username": "rater"}, {"email": ""}, {"site": ""}, {"role": "wizard"}]
)
def test_a_refused_invitation_makes_nobody_and_sends_nothing(
    as_: AsPerson, cast: Cast, wrong: dict[str, object]
) -> None:
    if "site" in wrong:
        wrong = {**wrong, "role": "lab_scientist"}
    before = User.objects.count()
    answer = as_("administrator").post(INVITE, invitation(cast, **wrong))
    assert answer.status_code == 422
    assert User.objects.count() == before
    assert not Mail.objects.exists()


@pytest.mark.clause("4.3.8", "who leaves is out at once, and who let them go is kept")
def test_who_leaves_is_signed_out_and_cannot_come_back(
    as_: AsPerson, cast: Cast
) -> None:
    running = as_("rater")
    assert running.get("/").status_code == 200
    url = f"/setup/people/{cast['rater'].pk}/deactivate/"
    assert as_("administrator").post(url).status_code == 422
    for _time in range(2):
        as_("administrator").post(url, {"reason": "Left the hospital"})
    person = User.objects.get(pk=cast["rater"].pk)
    assert (person.is_active, person.left_reason) == (False, "Left the hospital")
    assert running.get("/").status_code == 302
    event = Event.objects.get(table_name="accounts_user", kind="update")
    assert event.person == cast["administrator"]
    assert event.new is not None
    assert event.new["is_active"] is False
    assert event.new["left_reason"] == "Left the hospital"


@pytest.mark.clause("11.300(a)", "a user name is given once, whatever writes it")
def test_a_user_name_is_given_once(cast: Cast) -> None:
    again = User(username="rater", full_name="Another", password="x")
    with pytest.raises(ValidationError):
        again.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_the_trail_of_a_person_holds_no_password(cast: Cast) -> None:
    person = cast["rater"]
    before = Event.objects.filter(table_name="accounts_user").count()
    person.set_password(PASSWORD)
    person.save()
    person.full_name = "Rater Married"
    person.save()
    events = Event.objects.filter(table_name="accounts_user")
    assert events.count() == before + 1
    assert events.latest("pk").old == {"full_name": "Rater"}
    assert not any("password" in event.new for event in events if event.new)


def test_nobody_lets_themselves_go_and_nobody_else_may(
    as_: AsPerson, cast: Cast
) -> None:
    url = f"/setup/people/{cast['administrator'].pk}/deactivate/"
    assert as_("administrator").post(url, {"reason": "x"}).status_code == 422
    assert as_("data_manager").post(url, {"reason": "x"}).status_code == 403
    assert as_("data_manager").get(INVITE).status_code == 403
    assert as_("administrator").get(url).status_code == 405


def test_a_role_given_to_oneself_is_refused_by_the_form_and_by_the_database(
    cast: Cast,
) -> None:
    person = cast["administrator"]
    row = Membership(
        person=person,
        role=Role.PRINCIPAL_INVESTIGATOR,
        starts_on=timezone.localdate(),
        granted_by=person,
    )
    with pytest.raises(ValidationError, match="Nobody gives a role to themselves"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_leaving_without_a_reason_is_refused_by_the_form_and_by_the_database(
    cast: Cast,
) -> None:
    person = cast["rater"]
    person.is_active, person.left_at = False, timezone.now()
    with pytest.raises(ValidationError):
        person.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        person.save()
