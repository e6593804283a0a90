"""The processes of Sixfold: how each is started, watched and started again."""

import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from script import processes
from script.deployment import PRIVATE
from script.processes import ScriptError

# A child that dies more often than this within a minute will not live.
DEATHS_A_MINUTE = 5
SECONDS_TO_FIRST_PAGE = 60.0


@dataclass
class Child:
    """One process of Sixfold, started again when it dies."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    keep: Sequence[int] = ()
    deaths: list[float] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return PRIVATE.logs / f"{self.name}.log"

    def start(self) -> None:
        self.process = processes.start(
            self.command, log=self.log, environment=self.environment, keep=self.keep
        )

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def start_again(self) -> None:
        """Start it again, or say why there is no use."""
        now = time.monotonic()
        self.deaths = [death for death in self.deaths if death > now - 60] + [now]
        if len(self.deaths) > DEATHS_A_MINUTE:
            raise ScriptError(
                f"The {self.name} process dies again and again; {self.log} ends with:\n"
                f"{processes.last_words(self.log)}"
            )
        print(f"The {self.name} process has died and is started again: see {self.log}.")
        self.start()


def children_of_sixfold(
    environment: Mapping[str, str], listener: socket.socket
) -> list[Child]:
    python = (sys.executable, "-m")
    web = [*python, "gunicorn", "config.wsgi:application"]
    web += ["--config", "config/gunicorn.py", "--bind", f"fd://{listener.fileno()}"]
    celery = (*python, "celery", "--app", "config.celery")
    return [
        Child("web", web, environment, keep=[listener.fileno()]),
        Child("worker", [*celery, "worker", "--concurrency", "2"], environment),
        Child("beat", [*celery, "beat"], environment),
    ]


def wait_for_page(listener: socket.socket, children: Sequence[Child]) -> None:
    host, port = listener.getsockname()[:2]
    end_of_patience = time.monotonic() + SECONDS_TO_FIRST_PAGE
    while time.monotonic() < end_of_patience:
        keep_alive(children)
        connection = HTTPConnection(host, port, timeout=1)
        try:
            connection.request("GET", "/", headers={"Host": "localhost"})
            if connection.getresponse().status < 500:
                return
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.05)
    raise ScriptError(f"No page came within a minute; see the logs in {PRIVATE.logs}.")


def keep_alive(children: Sequence[Child]) -> None:
    for child in children:
        if child.has_died():
            child.start_again()


def stop(children: Sequence[Child]) -> None:
    processes.stop([child.process for child in children if child.process])
