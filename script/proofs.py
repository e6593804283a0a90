"""Proofs that take minutes or hours; ./script/test runs a bounded sample of each."""

import sys
from collections.abc import Sequence

from script.checks import (
    PYTEST,
    SHARED,
    Step,
    damaged_plates,
    run_all,
    services_of_tests,
)
from script.processes import ScriptError


def main(arguments: Sequence[str]) -> int:
    """Run the proofs whose names hold one of the words given, or all."""
    wanted = [
        step
        for step in proofs()
        if not arguments or any(word in step.name for word in arguments)
    ]
    if not wanted:
        print(f"There is no such proof here; {SHARED} holds what they need.")
        return 1
    try:
        with services_of_tests() as environment:
            return run_all(wanted, environment)
    except ScriptError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def proofs() -> list[Step]:
    killed = [*PYTEST, "tests/labs/test_worker.py", "-k", "killed"]
    found = [
        Step("workers, 20 killed while they read", killed, {"KILLED_WORKERS": "20"})
    ]
    if SHARED.is_dir():
        found.append(Step("plates, 10 000 damaged ones", damaged_plates(10_000)))
    return found


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
