"""Signing in: by name and password, with a code where there is one, or not at all."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import AccessEvent, User
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
PASSWORD = "correct horse battery"


@pytest.fixture
def rater(cast: Cast) -> User:
    cache.clear()
    person = cast["rater"]
    person.set_password(PASSWORD)
    person.save()
    return person


def kinds(username: str) -> list[str]:
    rows = AccessEvent.objects.filter(username=username).order_by("id")
    return list(rows.values_list("kind", flat=True))


def signs_in(client: Client, password: str = PASSWORD, at: str = "127.0.0.1") -> int:
    typed = {"login": "rater", "password": password}
    return client.post(LOGIN, typed, REMOTE_ADDR=at).status_code


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def test_the_right_password_opens_today_and_is_an_access_event(rater: User) -> None:
    client = Client()
    response = client.post(LOGIN, {"login": "rater", "password": PASSWORD})
    assert response.headers["Location"] == "/"
    assert is_in(client)
    event = AccessEvent.objects.get()
    assert (event.kind, event.person, event.address) == ("sign_in", rater, "127.0.0.1")


@pytest.mark.clause(
    "11.300(d)",
    "each failed sign-in is an event",
)
def test_a_wrong_password_says_no_more_than_that_and_is_an_access_event(
    rater: User,
) -> None:
    client = Client()
    wrong = client.post(LOGIN, {"login": "rater", "password": "wrong"})
    unknown = client.post(LOGIN, {"login": "nobody", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 200
    assert not is_in(client)
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert kinds("rater") == kinds("nobody") == ["sign_in_failed"]


@pytest.mark.clause(
    "11.300(d)",
    "five failures lock the name at that address, and are an event",
)
def test_five_failures_lock_the_name_at_that_address_even_for_the_right_password(
    rater: User,
) -> None:
    client = Client()
    assert [signs_in(client, "wrong") for _time in range(5)] == [200] * 4 + [429]
    cache.clear()  # of the limit that counts in the cache
    assert signs_in(client) == 429
    assert not is_in(client)
    assert "locked_out" in kinds("rater")


def test_another_address_is_not_locked_and_running_sessions_stay(rater: User) -> None:
    inside, outside = Client(), Client()
    signs_in(inside)
    for _time in range(5):
        signs_in(outside, "wrong", at="10.0.0.9")
    cache.clear()  # of the limit that counts in the cache
    assert signs_in(outside, at="10.0.0.9") == 429
    assert is_in(inside)
    assert signs_in(Client()) == 302


@pytest.mark.clause(
    "4.3.3",
    "sign-in asks for the one-time code",
)
def test_who_has_one_time_codes_is_asked_for_one(
    rater: User, totp: Callable[[User], None]
) -> None:
    totp(rater)
    client = Client()
    response = client.post(LOGIN, {"login": "rater", "password": PASSWORD})
    assert response.headers["Location"].startswith("/accounts/two-factor/authenticate/")
    assert not is_in(client)
    wrong = client.post("/accounts/two-factor/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert not is_in(client)


def test_who_left_does_not_get_in(rater: User) -> None:
    User.objects.filter(pk=rater.pk).update(is_active=False)
    client = Client()
    signs_in(client)
    assert not is_in(client)


def test_signing_out_needs_a_click_and_is_an_access_event(rater: User) -> None:
    client = Client()
    signs_in(client)
    client.get("/accounts/logout/")
    assert is_in(client)
    client.post("/accounts/logout/")
    assert not is_in(client)
    assert kinds("rater") == ["sign_in", "sign_out"]


def test_nobody_signs_up(cast: Cast) -> None:
    client = Client()
    before = User.objects.count()
    for response in (
        client.get("/accounts/signup/"),
        client.post(
            "/accounts/signup/",
            {"username": "new", "password1": PASSWORD, "password2": PASSWORD},
        ),
    ):
        assert "password1" not in response.content.decode()
    assert User.objects.count() == before


def test_a_page_that_was_asked_for_is_opened_after_signing_in(rater: User) -> None:
    client = Client()
    asked = client.get("/participants/")
    assert asked.headers["Location"] == f"{LOGIN}?next=/participants/"
    typed = {"login": "rater", "password": PASSWORD, "next": "/participants/"}
    assert client.post(LOGIN, typed).headers["Location"] == "/participants/"
    away = typed | {"next": "https://elsewhere.example/"}
    assert Client().post(LOGIN, away).headers["Location"] == "/"


def test_a_persons_language_is_kept_and_used_from_then_on(rater: User) -> None:
    client = Client()
    signs_in(client)
    client.post("/me/language/", {"language": "zh-hans"})
    rater.refresh_from_db()
    assert rater.language == "zh-hans"
    assert client.get("/me/").headers["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("code", ["", "fr", "xx", "zh-hans'"])
def test_a_language_that_is_not_offered_changes_nothing(rater: User, code: str) -> None:
    client = Client()
    signs_in(client)
    assert client.post("/me/language/", {"language": code}).status_code == 302
    rater.refresh_from_db()
    assert rater.language == "en"
