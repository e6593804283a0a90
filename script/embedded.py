"""Private PostgreSQL and Valkey for whoever needs them, shared and never left over.

Each command that needs the services holds a shared lock while it runs. A guard
(script/guard.py) keeps the services and waits for the exclusive lock: it gets it when
the last holder has ended, cleanly or not, and then stops them.
"""

import fcntl
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from script import keys, processes
from script.postgres import OWNER, WEB, Postgres
from script.processes import ScriptError, ServiceUser
from script.valkey import Valkey

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_STOP = 30.0
# The longest name of a socket in the folder of sockets.
LONGEST_SOCKET = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Place:
    """The folder of one installation: var/, or one of the tests under it."""

    folder: Path
    durable: bool = True

    @property
    def run(self) -> Path:
        return self.folder / "run"

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    @property
    def sockets_file(self) -> Path:
        """Says where the sockets are; the path of one may have 107 bytes at most."""
        return self.run / "sockets-are-in"

    @property
    def sockets(self) -> Path:
        if self.sockets_file.exists():
            return Path(self.sockets_file.read_text())
        return self.run / "sockets"

    @property
    def postgres(self) -> Postgres:
        log = self.logs / "postgres.log"
        return Postgres(self.folder / "postgres", self.sockets, self.secrets, log)

    @property
    def valkey(self) -> Valkey:
        log = self.logs / "valkey.log"
        return Valkey(self.folder / "valkey", self.sockets, self.secrets, log)

    def environment(self) -> dict[str, str]:
        """What Sixfold's settings read to use these services and nothing else.

        The URL of the owner is for `manage.py` alone; see `without_owner`.
        """
        return {
            "DATABASE_URL": self.postgres.url(WEB),
            "OWNER_DATABASE_URL": self.postgres.url(OWNER),
            "BROKER_URL": self.valkey.url,
            "BACKUP_KEY": keys.password(self.secrets / "backup_key"),
            "IDENTITY_KEYS": keys.password(self.secrets / "identity_key"),
            "SECRET_KEY": keys.password(self.secrets / "secret_key"),
            "DATA_DIR": str(self.folder),
        }


@contextmanager
def lock(file: Path, how: int) -> Iterator[None]:
    """Hold a lock that ends with this process, however that ends.

    Raises BlockingIOError when `how` has LOCK_NB and another process holds it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "w") as held:
        fcntl.flock(held, how)
        yield


def is_free(file: Path, how: int) -> bool:
    try:
        with lock(file, how | fcntl.LOCK_NB):
            return True
    except BlockingIOError:
        return False


@contextmanager
def private_services(place: Place) -> Iterator[None]:
    """Have PostgreSQL and Valkey in `place`, started if no other command did."""
    try:
        with lock(place.run / "users.lock", fcntl.LOCK_SH):
            with lock(place.run / "starting.lock", fcntl.LOCK_EX):
                if is_free(place.run / "guard.lock", fcntl.LOCK_SH):
                    start_guard(place)
            yield
    finally:
        wait_for_stop(place)


def start_guard(place: Place) -> None:
    """Start the guard as nobody's child; it says `ready`, or what is wrong.

    It closes its output once it has said so, and that ends the waiting here.
    """
    place.logs.mkdir(parents=True, exist_ok=True)
    command = ["setsid", "--fork", sys.executable, "-m", "script.guard"]
    command += [str(place.folder), *([] if place.durable else ["--careless"])]
    with (place.logs / "services.log").open("ab") as log:
        started = subprocess.run(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    answer = started.stdout.strip()
    if answer != "ready":
        raise ScriptError(answer or f"The services did not start: see {log.name}.")


def wait_for_stop(place: Place) -> None:
    """Wait until the guard has ended, if it is going to: not while others use it."""
    end = time.monotonic() + SECONDS_TO_STOP
    while time.monotonic() < end:
        if is_free(place.run / "guard.lock", fcntl.LOCK_SH):
            return
        nobody_else = is_free(place.run / "users.lock", fcntl.LOCK_EX)
        if not nobody_else and is_free(place.run / "users.lock", fcntl.LOCK_SH):
            return
        time.sleep(0.02)


def choose_sockets(place: Place, user: ServiceUser) -> None:
    """Find a folder whose sockets the services can make, and write down which."""
    own = place.run / "sockets"
    processes.give(own, user)
    chosen = own
    if not can_hold_sockets(own):
        chosen = Path(tempfile.mkdtemp(prefix="sixfold-"))
        processes.give(chosen, user)
        if not can_hold_sockets(chosen):
            raise ScriptError(f"No socket can be made in {own} nor in {chosen}.")
    place.sockets_file.write_text(str(chosen))


def can_hold_sockets(folder: Path) -> bool:
    """Whether paths in it are short enough and its file system knows sockets."""
    name = folder / LONGEST_SOCKET
    name.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as attempt:
        try:
            attempt.bind(str(name))
        except OSError:
            return False
    name.unlink()
    return True


def forget_sockets(place: Place) -> None:
    """Remove the temporary folder of sockets that this place had, if it had one."""
    folder = place.sockets
    place.sockets_file.unlink(missing_ok=True)
    if folder != place.run / "sockets" and folder.is_dir():
        for file in (*folder.glob(".s.PGSQL.*"), folder / "valkey"):
            file.unlink(missing_ok=True)
        folder.rmdir()
