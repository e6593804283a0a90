"""Keeps the private PostgreSQL and Valkey until nobody uses them any more."""

import argparse
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from script import embedded, postgres, processes, valkey
from script.embedded import Place
from script.processes import ScriptError

# Below this PostgreSQL may not be able to write its next segment of 16 MB.
BYTES_NEEDED = 200 * 1024 * 1024
SECONDS_BETWEEN_LOOKS = 0.1


@dataclass
class Service:
    """A running program, and how to start and to stop it."""

    start: Callable[[], subprocess.Popen[bytes]]
    stop_signal: signal.Signals
    process: subprocess.Popen[bytes]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--careless", action="store_true", help="data may be lost")
    given = parser.parse_args()
    place = Place(given.folder, durable=not given.careless)
    try:
        # Whoever comes while the services are stopping waits for the lock of users,
        # so that one is given back last.
        with (
            ExitStack() as last,
            embedded.lock(place.run / "guard.lock", fcntl.LOCK_EX),
        ):
            guard(place, last)
    except ScriptError as problem:
        print(problem, file=sys.stderr)
        print(problem)
        return 1
    except OSError as problem:
        print(f"The services did not start: {problem}.")
        return 1
    return 0


def guard(place: Place, last: ExitStack) -> None:
    """Run the services until this process alone holds the lock of users."""
    signal.signal(signal.SIGTERM, end)
    require_space(place)
    user = processes.service_user(postgres.binary("postgres"), place.folder)
    embedded.forget_sockets(place)
    embedded.choose_sockets(place, user)
    with ExitStack() as running:
        running.callback(embedded.forget_sockets, place)
        services = [
            started(
                running,
                lambda: postgres.start(place.postgres, user, durable=place.durable),
                signal.SIGINT,
            ),
            started(
                running,
                lambda: valkey.start(place.valkey, user, durable=place.durable),
                signal.SIGTERM,
            ),
        ]
        report("ready")
        while not is_alone(place, last):
            for service in services:
                if service.process.poll() is not None:
                    service.process = service.start()
            time.sleep(SECONDS_BETWEEN_LOOKS)


def is_alone(place: Place, last: ExitStack) -> bool:
    """Whether nobody uses the services; then `last` keeps others waiting."""
    users = embedded.lock(place.run / "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        last.enter_context(users)
    except BlockingIOError:
        return False
    return True


def started(
    running: ExitStack,
    start: Callable[[], subprocess.Popen[bytes]],
    stop_signal: signal.Signals,
) -> Service:
    service = Service(start, stop_signal, start())
    running.callback(lambda: processes.stop([service.process], service.stop_signal))
    return service


def report(word: str) -> None:
    """Answer the starter and close the pipe that it reads to the end."""
    print(word, flush=True)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def require_space(place: Place) -> None:
    free = shutil.disk_usage(place.folder).free
    if free < BYTES_NEEDED:
        raise ScriptError(
            f"The disk that holds {place.folder} is full: {free // 2**20} MB are free"
            f" and the database needs {BYTES_NEEDED // 2**20} MB to start."
        )


def end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    raise SystemExit(main())
