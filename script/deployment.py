"""Which database and broker a command uses: the private ones, or those it is given."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from script.embedded import ROOT, Place, private_services
from script.processes import ScriptError

PRIVATE = Place(ROOT / "var")
# Of the caller's shell: they would change what is imported, or make each start compile.
NOT_PASSED_ON = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "DJANGO_SETTINGS_MODULE")


@dataclass(frozen=True)
class Deployment:
    """The environment of every process, and whether the services are our own."""

    is_private: bool
    all_rights: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """What web and worker get: the owner of the tables is not in it."""
        return without_owner(self.all_rights)


@contextmanager
def deployment() -> Iterator[Deployment]:
    """The services for as long as the block runs, started if they are private."""
    if is_given():
        yield Deployment(is_private=False, all_rights=inherited())
        return
    with private_services(PRIVATE):
        yield Deployment(
            is_private=True,
            all_rights=inherited() | PRIVATE.environment() | {"DEMO": "true"},
        )


def is_given() -> bool:
    """Whether the environment names both services; one alone is a mistake."""
    database, broker = names_service("DATABASE_URL"), names_service("BROKER_URL")
    if database != broker:
        missing = "BROKER_URL" if database else "DATABASE_URL"
        given = "DATABASE_URL" if database else "BROKER_URL"
        raise ScriptError(
            f"{given} is set and {missing} is not: set both to use services of your"
            " own, or neither to use private ones."
        )
    return database


def names_service(variable: str) -> bool:
    return bool(os.environ.get(variable) or os.environ.get(f"{variable}_FILE"))


def inherited() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        # libpq reads PGHOST and its kin beside the URL.
        if name not in NOT_PASSED_ON and not name.startswith("PG")
    }


def without_owner(environment: Mapping[str, str]) -> dict[str, str]:
    owner = ("OWNER_DATABASE_URL", "OWNER_DATABASE_URL_FILE")
    return {name: value for name, value in environment.items() if name not in owner}


def run_manage(*words: str, environment: Mapping[str, str]) -> str:
    """Run a management command and return what it printed."""
    command = [sys.executable, "manage.py", *words]
    run = subprocess.run(
        command, cwd=ROOT, env=dict(environment), capture_output=True, text=True
    )
    if run.returncode:
        words_of_it = (run.stderr or run.stdout).strip()
        raise ScriptError(f"`manage.py {' '.join(words)}` failed:\n{words_of_it}")
    return run.stdout
