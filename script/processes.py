"""Starting and stopping the programs that PostgreSQL and Valkey are."""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Enough for a database to write its checkpoint and for a worker to end a short task.
SECONDS_TO_STOP = 15.0


class ScriptError(Exception):
    """What is wrong, in one sentence for the person who ran the command."""


@dataclass(frozen=True)
class ServiceUser:
    """Whom the services run as, and the words before a command that make it so."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()


def service_user(binary: Path, folder: Path) -> ServiceUser:
    """Choose whom the services run as: PostgreSQL refuses to run as root.

    Root steps down to nobody where nobody may enter `folder` and run `binary`; a
    checkout below /root, say, is closed to everybody else, and there the services run
    in a namespace of their own in which root has another name.
    """
    if os.geteuid() != 0:
        return ServiceUser(os.geteuid(), os.getegid())
    nobody = pwd.getpwnam("nobody")
    uid, gid = nobody.pw_uid, nobody.pw_gid
    step_down = ("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
    rename = ("unshare", "--user", f"--map-user={uid}", f"--map-group={gid}")
    if reaches(step_down, binary, folder):
        return ServiceUser(uid, gid, step_down)
    if reaches(rename, binary, folder):
        return ServiceUser(0, 0, rename)
    raise ScriptError(
        "PostgreSQL does not run as root, and the user nobody cannot enter"
        f" {folder}: move the checkout, run this as a plain user,"
        " or set DATABASE_URL and BROKER_URL to services of your own."
    )


def reaches(prefix: Sequence[str], binary: Path, folder: Path) -> bool:
    test = ["test", "-x", str(binary), "-a", "-x", str(folder)]
    return subprocess.run([*prefix, *test], capture_output=True).returncode == 0


def give(folder: Path, user: ServiceUser) -> None:
    """Make `folder` the private folder of `user`, with all that is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid != user.uid:
        # Itself last, so that an interrupted change is taken up again.
        for parent, _, files in os.walk(folder, topdown=False):
            for name in (*files, "."):
                os.lchown(Path(parent) / name, user.uid, user.gid)
    folder.chmod(0o700)


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str],
    prefix: Sequence[str] = (),
    stop_signal: signal.Signals = signal.SIGTERM,
    given: bytes = b"",
    keep: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start `command` so that it ends with this process, however this one ends.

    It leads a group of its own: Ctrl-C in the terminal reaches this process alone,
    which then stops the others in order.
    """
    bind = ("setpriv", f"--pdeathsig={stop_signal.name.removeprefix('SIG')}")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*prefix, *bind, *map(str, command)],
            stdin=subprocess.PIPE if given else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            start_new_session=True,
            pass_fds=keep,
        )
    if process.stdin:
        process.stdin.write(given)
        process.stdin.close()
    return process


def stop(
    processes: Sequence[subprocess.Popen[bytes]],
    stop_signal: signal.Signals = signal.SIGTERM,
    seconds: float = SECONDS_TO_STOP,
) -> None:
    """Ask all to end, wait, and kill the groups of those that do not."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(stop_signal)
    end = time.monotonic() + seconds
    for process in processes:
        try:
            process.wait(max(0.0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def living(pid_file: Path, folder: Path) -> int | None:
    """The process named in `pid_file`, if it lives and works in `folder`.

    After an unclean stop the number may be another program's by now: a service stands
    in its own data folder, nothing else does.
    """
    try:
        pid = int(pid_file.read_text().split()[0])
        at_home = Path(f"/proc/{pid}/cwd").samefile(folder)
    except (OSError, ValueError, IndexError):
        return None
    return pid if at_home else None


def end_orphan(pid_file: Path, folder: Path, stop_signal: signal.Signals) -> None:
    """End a service that has outlived the process which started it."""
    end = time.monotonic() + SECONDS_TO_STOP
    pid = living(pid_file, folder)
    if pid:
        os.kill(pid, stop_signal)
    while pid := living(pid_file, folder):
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def last_words(log: Path, since: int = 0) -> str:
    """The end of what a program wrote to its log after byte `since`."""
    with log.open("rb") as lines:
        lines.seek(since)
        return lines.read()[-2000:].decode(errors="replace").strip()


def size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0
