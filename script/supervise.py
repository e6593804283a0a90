"""Starts Sixfold: services, schema, web, worker, beat; stops them all in order."""

import argparse
import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from script import children, demo, embedded, processes, stamps
from script.children import Child
from script.demo import DemoLoad
from script.deployment import PRIVATE, Deployment, deployment, is_given, run_manage
from script.processes import ScriptError

FIRST_PORT = 8000
PORTS_TRIED = 20
SECONDS_BETWEEN_LOOKS = 0.2
SIGNALS_OF_THE_END = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

SCHEMA = ("*/migrations/*.py",)
STATIC_FILES = ("static/**/*",)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/server", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, help="instead of the first free from 8000")
    parser.add_argument(
        "--demo",
        action="store_true",
        help="load the demo trial, and passwords that all know, into DATABASE_URL",
    )
    given = parser.parse_args(arguments)
    for number in SIGNALS_OF_THE_END:
        signal.signal(number, end)
    try:
        serve(given.host, given.port, wants_demo=given.demo)
    except ScriptError as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"Sixfold cannot start: {problem}.", file=sys.stderr)
        return 1
    return 0


def serve(host: str, port: int | None, *, wants_demo: bool) -> None:
    address_file = PRIVATE.run / "address"
    with ExitStack() as running:
        try:
            running.enter_context(only_server())
        except BlockingIOError:
            address = address_file.read_text() if address_file.exists() else "starting"
            say(f"Sixfold is running already: {address}")
            return
        address_file.unlink(missing_ok=True)
        listener = running.enter_context(listen(host, port))
        address = "http://{}:{}".format(*listener.getsockname()[:2])
        services = running.enter_context(services_of_server())
        prepare(services)
        demo_or_not = {"DEMO": "true"} if wants_demo else {}
        environment = {**services.environment, **demo_or_not}
        sixfold = children.children_of_sixfold(environment, listener)
        running.callback(children.stop, sixfold)
        with step("Starting web, worker and beat"):
            for child in sixfold:
                child.start()
            children.wait_for_page(listener, sixfold)
        address_file.write_text(address)
        say(f"\nSixfold is at {address} - Ctrl-C stops it.")
        if not services.is_private and not wants_demo:
            ask_for_people(environment)
            watch(sixfold, None)
        loading = demo.load(environment, is_private=services.is_private)
        if loading:
            running.callback(processes.stop, [loading.process])
        watch(sixfold, loading)


def only_server() -> AbstractContextManager[None]:
    file = PRIVATE.run / "server.lock"
    return embedded.lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def services_of_server() -> Iterator[Deployment]:
    with ExitStack() as running:
        if is_given():
            services = running.enter_context(deployment())
        else:
            with step("Starting PostgreSQL and Valkey"):
                services = running.enter_context(deployment())
        yield services


def prepare(services: Deployment) -> None:
    """Bring schema, rights and static files to what this version needs."""
    schema = stamps.fingerprint(*SCHEMA)
    if not services.is_private or not stamps.is_done(stamps.MIGRATED, schema):
        with step("Migrating the database"):
            migrate(services)
        if services.is_private:
            stamps.done(stamps.MIGRATED, schema)
    data = Path(services.environment.get("DATA_DIR", PRIVATE.folder))
    collected, static = data / "static-collected", stamps.fingerprint(*STATIC_FILES)
    if not (data / "static").is_dir() or not stamps.is_done(collected, static):
        with step("Collecting static files"):
            run_manage("collectstatic", "--noinput", environment=services.environment)
        stamps.done(collected, static)


def migrate(services: Deployment) -> None:
    if "OWNER_DATABASE_URL" in services.all_rights:
        run_manage("migrate", "--noinput", environment=services.all_rights)
        run_manage("grant_web_role", environment=services.all_rights)
        return
    try:
        run_manage("migrate", "--check", environment=services.environment)
    except ScriptError as problem:
        raise ScriptError(
            "The database has not the schema of this version: set OWNER_DATABASE_URL"
            f" to the role that owns the tables and start again.\n{problem}"
        ) from problem


def listen(host: str, port: int | None) -> socket.socket:
    """Take the port before anything is started; the web process inherits it."""
    ports = [port] if port else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for candidate in ports:
        try:
            return socket.create_server((host, candidate))
        except OSError as problem:
            reason = os.strerror(problem.errno) if problem.errno else str(problem)
    raise ScriptError(
        f"Sixfold cannot listen on {host}:{ports[0]}: {reason}."
        " Choose another address with --host and --port."
    )


def ask_for_people(environment: Mapping[str, str]) -> None:
    question = "from accounts.models import User; print(User.objects.exists())"
    answer = run_manage("shell", "-v", "0", "-c", question, environment=environment)
    if answer.split()[-1] != "True":
        say("Nobody can sign in yet: run `./script/manage first_administrator`.")


def watch(sixfold: Sequence[Child], loading: DemoLoad | None) -> NoReturn:
    """Run until a signal ends it."""
    while True:
        children.keep_alive(sixfold)
        if loading and loading.has_ended():
            loading = None
        time.sleep(SECONDS_BETWEEN_LOOKS)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and in the end how many seconds it took."""
    started = time.monotonic()
    print(f"{what} … ", end="", flush=True)
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print(f"{time.monotonic() - started:.1f} s", flush=True)


def say(words: str) -> None:
    print(words, flush=True)


def end(number: int, frame: FrameType | None) -> None:
    """Leave through every `finally`; a second Ctrl-C does not cut that short."""
    for ending in SIGNALS_OF_THE_END:
        signal.signal(ending, lambda number, frame: None)
    say("\nStopping …")
    raise SystemExit(0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
