"""An empty installation is opened once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is typed as the password; tests change it."""
    words = ["correct horse battery"]
    monkeypatch.setattr("getpass.getpass", lambda _prompt: words[0])
    return words


def opened(username: str = "wei", full_name: str = "Wei Li") -> str:
    out = StringIO()
    call_command("first_administrator", username, full_name, stdout=out)
    return out.getvalue()


def test_the_first_person_is_an_administrator_of_all_sites(typed: list[str]) -> None:
    assert opened() == "Wei Li may sign in as wei.\n"
    membership = Membership.objects.get()
    assert (membership.role, membership.site) == ("administrator", None)
    assert membership.person.check_password(typed[0])


def test_it_is_refused_once_anybody_is_there(typed: list[str]) -> None:
    opened()
    with pytest.raises(CommandError, match="ask its administrator"):
        opened("other", "Other")
    assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "password1234", "wei"])
@pytest.mark.clause(
    "11.300(b)",
    "weak passwords are refused",
)
def test_a_weak_password_opens_nothing(typed: list[str], password: str) -> None:
    typed[0] = password
    with pytest.raises(CommandError, match="password"):
        opened()
    assert not User.objects.exists()


def test_a_user_name_with_a_space_is_refused_in_words(typed: list[str]) -> None:
    with pytest.raises(CommandError, match="valid username"):
        opened("wei li")
    assert not User.objects.exists()
