"""Chromium and the fonts that the browser tests need: packages of Debian."""

import os
import shutil
import subprocess

from script.processes import ScriptError

PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-noto-cjk")
INSTALL = ("apt-get", "install", "--yes", "--no-install-recommends")


def ensure() -> None:
    """Install what is missing as root; as a plain user say how."""
    missing = [package for package in PACKAGES if not is_installed(package)]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise ScriptError(
            "The browser tests need Chromium and fonts; run this as root, then again:\n"
            f"  {' '.join((*INSTALL, *missing))}"
        )
    print(f"Installing {', '.join(missing)} …", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], [*INSTALL, *missing]):
        run = subprocess.run(command, env=environment, capture_output=True, text=True)
        if run.returncode:
            raise ScriptError(f"`{' '.join(command)}` failed:\n{run.stderr.strip()}")


def is_installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    try:
        answer = subprocess.run(query, capture_output=True, text=True)
    except FileNotFoundError:
        # Another distribution: its own packages may be named otherwise.
        return shutil.which("chromium") is not None
    return answer.stdout == "installed"
