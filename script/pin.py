"""Writes the locks: every package with its hashes, for Python 3.11 and newer."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from script.embedded import ROOT

LOCKS = {
    "requirements.txt": "requirements.lock",
    "requirements-dev.txt": "requirements-dev.lock",
}
OPTIONS = (
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--quiet",
)


def main(arguments: Sequence[str]) -> int:
    uv = Path(sys.executable).with_name("uv")
    for named, pinned in LOCKS.items():
        command = [str(uv), "pip", "compile", *OPTIONS, *arguments, named]
        print(f"{named} -> {pinned}", flush=True)
        done = subprocess.run([*command, "--output-file", pinned], cwd=ROOT)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
