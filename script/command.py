"""Runs a management command with the private services up, if it needs any."""

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from manage import OWNER_COMMANDS
from script.deployment import deployment, inherited, without_owner
from script.embedded import ROOT
from script.processes import ScriptError
from script.stamps import MIGRATED

# These touch neither database nor broker.
NEEDS_NO_SERVICE = frozenset(
    {
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "help",
        "makemessages",
        "read_plate",
        "version",
        "--help",
        "--version",
    }
)


def main(arguments: Sequence[str]) -> int:
    command = arguments[0] if arguments else "help"
    try:
        if command in NEEDS_NO_SERVICE or "--help" in arguments:
            return run(arguments, without_owner(inherited()))
        with deployment() as services:
            if command not in OWNER_COMMANDS:
                return run(arguments, services.environment)
            # The schema may be another one afterwards: let the next start look.
            if services.is_private:
                MIGRATED.unlink(missing_ok=True)
            return run(arguments, services.all_rights)
    except ScriptError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    process = subprocess.Popen(command, env=dict(environment))
    signal.signal(signal.SIGTERM, lambda number, frame: process.terminate())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # Ctrl-C has reached the command too: it ends as it sees fit.
            continue


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
