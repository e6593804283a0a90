"""Every check of the project in order, each with its seconds; or some of the tests."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from script import chromium, embedded
from script.deployment import PRIVATE, inherited
from script.embedded import ROOT, Place, private_services
from script.postgres import WEB
from script.processes import ScriptError

SHARED = ROOT.parent / "shared"
LUMINEX = SHARED / "luminex"
PYTEST = (sys.executable, "-m", "pytest")
MANAGE = (sys.executable, "manage.py")
CHECK_DEPLOY = ("check", "--deploy", "--fail-level", "WARNING")


@dataclass(frozen=True)
class Step:
    """One check: what it is called, its command, what its environment adds."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)


def main(arguments: Sequence[str]) -> int:
    try:
        with services_of_tests() as environment:
            if arguments:
                if any("browser" in argument for argument in arguments):
                    chromium.ensure()
                return run([*PYTEST, *arguments], environment)
            chromium.ensure()
            return run_all([*steps(), *steps_of_shared()], environment)
    except ScriptError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def steps() -> list[Step]:
    tool = Path(sys.executable).parent
    deployed = {"HTTPS": "true", "ALLOWED_HOSTS": "sixfold.example"}
    return [
        Step("ruff check", [tool / "ruff", "check", "."]),
        Step("ruff format", [tool / "ruff", "format", "--check", "."]),
        Step("mypy --strict", [tool / "mypy", "."]),
        Step("djlint format", [tool / "djlint", "--check", "--quiet", "templates"]),
        Step("djlint lint", [tool / "djlint", "--lint", "--quiet", "templates"]),
        Step("import contracts", [tool / "lint-imports"]),
        Step("packages", [sys.executable, "-m", "script.audit"]),
        Step("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
        Step("deployment", [*MANAGE, *CHECK_DEPLOY], deployed),
        Step("tests", [*PYTEST, "-n", "2", "-m", "not browser and not worker"]),
        Step("tests of worker and browser", [*PYTEST, "-m", "browser or worker"]),
    ]


def steps_of_shared() -> list[Step]:
    """Reference cases that stand beside some checkouts and belong to none."""
    if not SHARED.is_dir():
        print("Left out: the reference cases in ../shared, which is not here.")
        return []
    check = str(SHARED / "statistics" / "check.py")
    expected, data = SHARED / "statistics" / "expected", SHARED / "statistics" / "data"
    statistics = [sys.executable, check, str(expected), "--data", str(data)]
    return [
        Step("statistics of R and SAS", [*statistics, "--project", str(ROOT)]),
        Step("plates, made ones", plates("expected_synthetic.json", "synthetic")),
        Step("plates, real ones", plates("expected_shown.json", "files")),
        Step("plates, damaged ones", damaged_plates(200)),
        Step("curves", [*plates(), "--curves", str(LUMINEX / "curves_shown.json")]),
    ]


def plates(*facts_and_files: str) -> list[str]:
    check = [sys.executable, str(LUMINEX / "check.py"), "--project", str(ROOT)]
    return [*check, *(str(LUMINEX / name) for name in facts_and_files)]


def damaged_plates(number: int) -> list[str]:
    return [*plates("expected_synthetic.json", "synthetic"), "--fuzz", str(number)]


def run_all(every_step: Sequence[Step], environment: Mapping[str, str]) -> int:
    """Run all, so that one look shows all that is wrong."""
    failed = []
    for step in every_step:
        print(f"\n== {step.name}", flush=True)
        started = time.monotonic()
        if run(step.command, {**environment, **step.environment}):
            failed.append(step.name)
        print(f"== {step.name}: {time.monotonic() - started:.1f} s", flush=True)
    if failed:
        print(f"\nFailed: {', '.join(failed)}.")
        return 1
    print("\nEverything holds.")
    return 0


def run(command: Sequence[str | Path], environment: Mapping[str, str]) -> int:
    process = subprocess.Popen(command, cwd=ROOT, env=dict(environment))
    try:
        return process.wait()
    except KeyboardInterrupt:
        # Ctrl-C has reached it too; the services must outlive its clean end.
        process.wait()
        raise


@contextmanager
def services_of_tests() -> Iterator[dict[str, str]]:
    """Services apart from the server's, and from those of another run beside this.

    The tests connect as the owner, who may create databases; WEB_DATABASE_URL is the
    role that web and worker have, for the tests of what it may not.
    """
    with ExitStack() as held:
        place = free_place(held)
        held.enter_context(private_services(place))
        private = place.environment()
        yield {
            **inherited(),
            **private,
            "DATABASE_URL": private["OWNER_DATABASE_URL"],
            "WEB_DATABASE_URL": private["DATABASE_URL"],
            "WEB_ROLE": WEB,
            # Two processes on two cores: more threads would only get in the way.
            "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
            "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "1"),
        }


def free_place(held: ExitStack) -> Place:
    """The first folder of services that no other run of tests holds."""
    for number in count(1):
        place = Place(PRIVATE.folder / "test" / str(number), durable=False)
        one_run = embedded.lock(place.run / "tests.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            held.enter_context(one_run)
        except BlockingIOError:
            continue
        return place
    raise AssertionError("count() ends never")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
