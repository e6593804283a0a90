"""Makes .venv hold what the lock says, no more; runs before any package is there."""

import argparse
import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
STAMP = VENV / "installed"
UV_LOCK = ROOT / "requirements-uv.lock"
LOCKS = {
    "use": ROOT / "requirements.lock",
    "development": ROOT / "requirements-dev.lock",
}

# Where pip finds packages, as its files and environment say it, in uv's words.
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
}


class InstallError(Exception):
    """Why, in one sentence for the person who ran the command."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/setup", description=__doc__)
    parser.add_argument("--dev", action="store_true", help="with the tools of tests")
    wants_dev = parser.parse_args(arguments).dev
    try:
        # Two commands started together must not install at once; the lock ends
        # with the process, however that ends.
        with UV_LOCK.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            freshen("development" if wants_dev else "use")
    except InstallError as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"{VENV} could not be made: {problem.strerror}.", file=sys.stderr)
        return 1
    return 0


def freshen(purpose: str) -> None:
    """Install what is locked for `purpose`, unless the stamp says that it stands.

    The tools of development include everything for use, and are not taken away
    again by a start of the server.
    """
    if STAMP.is_file():
        installed = STAMP.read_text()
        if installed in {stamp_of(purpose), stamp_of("development")}:
            return
        if installed.startswith("development"):
            purpose = "development"
    STAMP.unlink(missing_ok=True)
    started = time.monotonic()
    print(f"Installing the packages of {LOCKS[purpose].name} into .venv …", flush=True)
    make_venv()
    install_uv()
    sync(LOCKS[purpose])
    STAMP.write_text(stamp_of(purpose))
    print(f"Installed in {time.monotonic() - started:.1f} s.", flush=True)


def stamp_of(purpose: str) -> str:
    """What an installation depends on: the locks, the interpreter, the folder."""
    parts = [UV_LOCK.read_bytes(), LOCKS[purpose].read_bytes()]
    parts += [sys.version.encode(), bytes(VENV)]
    return f"{purpose} {hashlib.sha256(b'|'.join(parts)).hexdigest()}\n"


def make_venv() -> None:
    if is_usable():
        return
    # ensurepip is a system package of its own on Debian; without it the pip or uv
    # of the system does its work.
    has_ensurepip = subprocess.run(
        [sys.executable, "-c", "import ensurepip"], capture_output=True
    )
    without = [] if has_ensurepip.returncode == 0 else ["--without-pip"]
    command = [sys.executable, "-m", "venv", "--clear", *without, str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode:
        raise InstallError(sentence("Python could not make .venv", made))


def is_usable() -> bool:
    """Whether .venv was made here by this interpreter, and still runs."""
    script = "import sys; print(sys.prefix, sys.version)"
    try:
        answer = subprocess.run([PYTHON, "-c", script], capture_output=True, text=True)
    except OSError:
        return False
    return answer.stdout.strip() == f"{VENV} {sys.version}"


def install_uv() -> None:
    """Install the pinned uv by whichever installer there is: pip's, ours, uv's."""
    install = ["install", "--quiet", "--require-hashes", "--requirement", str(UV_LOCK)]
    if answers([PYTHON, "-m", "pip", "--version"]):
        command = [str(PYTHON), "-m", "pip", *install]
    elif answers([sys.executable, "-m", "pip", "--version"]):
        command = [sys.executable, "-m", "pip", "--python", str(PYTHON), *install]
    elif uv := shutil.which("uv"):
        command = [uv, "pip", *install, "--python", str(PYTHON)]
    else:
        raise InstallError(
            "Python has neither ensurepip nor pip here and there is no uv:"
            " run `apt-get install python3-venv` as root, then this again."
        )
    run = subprocess.run(
        command, capture_output=True, text=True, env=environment_of_uv(os.environ, {})
    )
    if run.returncode:
        raise InstallError(sentence("uv could not be installed", run))


def sync(lock: Path) -> None:
    """Bring .venv to exactly what `lock` says, and compile it.

    Compiled here because a start that compiles the packages again takes four times
    as long, and a machine may tell Python to write no bytecode.
    """
    command = [str(UV), "pip", "sync", "--quiet", "--python", str(PYTHON)]
    command += ["--require-hashes", "--compile-bytecode", str(lock)]
    environment = environment_of_uv(os.environ, settings_of_pip())
    run = subprocess.run(command, capture_output=True, text=True, env=environment)
    if run.returncode:
        raise InstallError(sentence(f"{lock.name} could not be installed", run))


def settings_of_pip() -> dict[str, str]:
    """What pip was told by its files and environment: index-url, cert and so on."""
    for python in (str(PYTHON), sys.executable):
        command = [python, "-m", "pip", "config", "list"]
        listing = subprocess.run(command, capture_output=True, text=True)
        if listing.returncode == 0:
            return read_settings(listing.stdout)
    return {}


def read_settings(listing: str) -> dict[str, str]:
    """Read lines such as `global.index-url='…'`; the environment comes first there."""
    settings: dict[str, str] = {}
    for line in listing.splitlines():
        name, _, value = line.partition("=")
        settings.setdefault(name.rpartition(".")[2], str(ast.literal_eval(value)))
    return settings


def environment_of_uv(
    environment: Mapping[str, str], pip_settings: Mapping[str, str]
) -> dict[str, str]:
    """The environment with pip's settings in uv's words; what uv was told stands."""
    told = dict(environment)
    # An environment that is active in the caller's shell is not the one meant.
    told.pop("VIRTUAL_ENV", None)
    for name, value in pip_settings.items():
        if name in UV_NAMES:
            separator = "," if name == "find-links" else " "
            told.setdefault(UV_NAMES[name], separator.join(value.split()))
    if "UV_INDEX" in told:
        # pip looks in every index; the hashes make that safe.
        told.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return told


def answers(command: Sequence[str | Path]) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


def sentence(what: str, run: subprocess.CompletedProcess[str]) -> str:
    output = (run.stderr or run.stdout).strip()
    if "No space left on device" in output:
        return f"{what}: the disk that holds {ROOT} is full."
    return f"{what}:\n{output}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
