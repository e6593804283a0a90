"""Loads the demo trial behind the pages that are already there."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from script.deployment import run_manage
from script.embedded import ROOT
from script.stamps import DEMO_LOADED


@dataclass
class DemoLoad:
    """The command that loads it, and where to write down that it has."""

    process: subprocess.Popen[bytes]
    sign_ins: str
    stamp: Path | None

    def has_ended(self) -> bool:
        """Whether it has; says so and writes it down the moment it is seen."""
        if self.process.poll() is None:
            return False
        if self.process.returncode != 0:
            print("The demo trial could not be loaded; the next start tries again.")
            return True
        print("The demo trial is loaded.", flush=True)
        if self.stamp:
            self.stamp.write_text(self.sign_ins)
        return True


def load(environment: Mapping[str, str], *, is_private: bool) -> DemoLoad | None:
    """Show who may sign in, and start loading unless that is written down as done.

    In a database of one's own only `manage.py demo` itself can tell, so it is asked.
    """
    stamp = DEMO_LOADED if is_private else None
    if stamp and stamp.is_file():
        print(stamp.read_text(), flush=True)
        return None
    sign_ins = run_manage("demo", "--sign-ins", environment=environment)
    print(sign_ins, flush=True)
    print("Loading the demo trial; the pages fill as it goes on …", flush=True)
    # In a group of its own, so that Ctrl-C reaches it through the launcher.
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    return DemoLoad(process, sign_ins, stamp)
