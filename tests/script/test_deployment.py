import os
from pathlib import Path

import pytest

from script import deployment, keys
from script.deployment import Deployment
from script.processes import ScriptError

VARIABLES = ("DATABASE_URL", "BROKER_URL", "DATABASE_URL_FILE", "BROKER_URL_FILE")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_services_are_private_when_none_is_named(bare: pytest.MonkeyPatch) -> None:
    assert not deployment.is_given()


@pytest.mark.parametrize("suffix", ["", "_FILE"])
def test_services_named_by_value_or_by_file_are_used(
    bare: pytest.MonkeyPatch, suffix: str
) -> None:
    bare.setenv(f"DATABASE_URL{suffix}", "x")
    bare.setenv(f"BROKER_URL{suffix}", "x")
    assert deployment.is_given()


def test_one_of_two_services_is_refused(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("BROKER_URL", "redis://localhost")
    with pytest.raises(ScriptError, match="BROKER_URL is set and DATABASE_URL is not"):
        deployment.is_given()


@pytest.mark.clause(
    "4.3.3",
    "web and worker never hold the rights of the owner of the tables",
)
def test_web_and_worker_never_see_the_owner_of_the_tables() -> None:
    whole = {"DATABASE_URL": "web", "OWNER_DATABASE_URL": "owner"}
    whole["OWNER_DATABASE_URL_FILE"] = "/run/secrets/owner"
    services = Deployment(is_private=False, all_rights=whole)
    assert services.environment == {"DATABASE_URL": "web"}


def test_the_shell_cannot_redirect_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "elsewhere")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("TIME_ZONE", "Asia/Shanghai")
    passed_on = deployment.inherited()
    assert "PGHOST" not in passed_on
    assert "PYTHONDONTWRITEBYTECODE" not in passed_on
    assert passed_on["TIME_ZONE"] == "Asia/Shanghai"


def test_a_failing_command_ends_with_what_it_said() -> None:
    with pytest.raises(ScriptError, match="Unknown command: 'no_such_command'"):
        deployment.run_manage("no_such_command", environment=os.environ)


def test_a_key_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "secrets" / "key"
    first = keys.password(file)
    assert keys.password(file) == first
    assert len(first) == 64
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_password_needs_no_quoting_in_a_url(tmp_path: Path) -> None:
    password = keys.password(tmp_path / "password")
    assert len(password) == 64
    assert set(password) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )
