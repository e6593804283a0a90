import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from script import embedded, guard, processes
from script.embedded import ROOT, Place, private_services
from script.postgres import OWNER, WEB
from script.processes import ScriptError

HOLD = """
import sys, time
from pathlib import Path
from script.embedded import Place, private_services
with private_services(Place(Path(sys.argv[1]))):
    print("up", flush=True)
    time.sleep(600)
"""


@contextmanager
def new_place() -> Iterator[Place]:
    """A place that the user nobody may enter, as most checkouts are."""
    with tempfile.TemporaryDirectory(prefix="place-") as folder:
        Path(folder).chmod(0o755)
        yield Place(Path(folder))


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """Where the services run."""
    with new_place() as running, private_services(running):
        yield running


@pytest.fixture(scope="module")
def still() -> Iterator[Place]:
    """Where each test starts and stops them."""
    with new_place() as place:
        yield place


def ask(place: Place, role: str, question: str) -> object:
    with psycopg.connect(place.postgres.url(role)) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def cache(place: Place, password: str) -> redis.Redis:
    return redis.Redis(
        unix_socket_path=str(place.valkey.socket),
        password=password,
        retry=Retry(NoBackoff(), 0),
    )


def postgres_of(place: Place) -> int | None:
    return processes.living(place.postgres.pid_file, place.postgres.data)


def test_web_role_is_no_superuser_and_owns_nothing(place: Place) -> None:
    rights = "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles"
    assert ask(place, WEB, f"{rights} WHERE rolname = current_user") is False
    owned = "SELECT count(*) FROM pg_shdepend WHERE refobjid = %s::regrole"
    with psycopg.connect(place.postgres.url(WEB)) as connection:
        row = connection.execute(f"{owned} AND deptype = 'o'".encode(), [WEB])
        assert row.fetchone() == (0,)


def test_owner_is_no_superuser_but_may_create_the_databases_of_tests(
    place: Place,
) -> None:
    rights = "SELECT rolcreatedb AND NOT rolsuper FROM pg_roles"
    assert ask(place, OWNER, f"{rights} WHERE rolname = current_user") is True


def test_nothing_listens_on_tcp(place: Place) -> None:
    assert ask(place, WEB, "SHOW listen_addresses") == ""
    with cache(place, place.valkey.password) as connection:
        assert connection.config_get("port") == {"port": "0"}


def test_sockets_are_open_to_their_user_alone(place: Place) -> None:
    assert place.sockets.stat().st_mode & 0o777 == 0o700


def test_valkey_refuses_a_wrong_password(place: Place) -> None:
    with (
        cache(place, "wrong") as connection,
        pytest.raises(redis.AuthenticationError),
    ):
        connection.ping()


def test_every_password_stands_in_a_file_of_mode_0600(place: Place) -> None:
    place.environment()
    modes = {file.name: file.stat().st_mode & 0o777 for file in place.secrets.iterdir()}
    assert set(modes.values()) == {0o600}
    assert {WEB, OWNER, "postgres", "valkey", "secret_key"} <= modes.keys()


def test_no_password_is_in_the_list_of_processes(place: Place) -> None:
    words = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    for secret in place.secrets.iterdir():
        assert secret.read_text() not in words


def test_settings_read_the_url_of_the_database(place: Place) -> None:
    settings = environ.Env.db_url_config(place.environment()["DATABASE_URL"])
    assert settings["USER"] == WEB
    assert settings["OPTIONS"] == {"host": str(place.sockets)}


def test_a_second_command_shares_the_services_and_leaves_them_running(
    place: Place,
) -> None:
    before = postgres_of(place)
    with private_services(place):
        assert postgres_of(place) == before
    assert before is not None
    assert postgres_of(place) == before


def test_services_stop_with_their_last_user(still: Place) -> None:
    with private_services(still):
        running = postgres_of(still)
    assert running is not None
    assert postgres_of(still) is None
    assert not still.valkey.pid_file.exists()


def test_services_stop_when_their_last_user_is_killed(still: Place) -> None:
    holder = start_holder(still)
    holder.kill()
    holder.wait()
    embedded.wait_for_stop(still)
    assert postgres_of(still) is None


def test_a_committed_row_outlives_the_killing_of_everything(still: Place) -> None:
    holder = start_holder(still)
    with psycopg.connect(still.postgres.url(OWNER)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    kill_everything(holder, still)
    with private_services(still):
        assert ask(still, OWNER, "SELECT number FROM kept") == 7


def test_a_stale_pid_that_is_another_program_by_now_is_no_hindrance(
    still: Place,
) -> None:
    kill_everything(start_holder(still), still)
    lines = still.postgres.pid_file.read_text().splitlines()
    lines[0] = str(os.getppid())
    still.postgres.pid_file.write_text("\n".join(lines))
    still.valkey.pid_file.write_text(f"{os.getppid()}\n")
    with private_services(still):
        assert ask(still, WEB, "SELECT 1") == 1


def test_a_service_that_dies_is_started_again(place: Place) -> None:
    first = postgres_of(place)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    end = time.monotonic() + 30
    while postgres_of(place) in {first, None} and time.monotonic() < end:
        time.sleep(0.05)
    # It is ready when the guard looks at the locks again.
    again = postgres_of(place)
    assert again not in {first, None}


def test_a_path_too_long_for_a_socket_goes_to_a_temporary_folder(
    tmp_path: Path,
) -> None:
    place = Place(tmp_path / ("long" * 25))
    place.run.mkdir(parents=True)
    user = processes.ServiceUser(os.geteuid(), os.getegid())
    embedded.choose_sockets(place, user)
    chosen = place.sockets
    assert len(str(chosen / embedded.LONGEST_SOCKET)) <= 107
    assert chosen.stat().st_mode & 0o777 == 0o700
    embedded.forget_sockets(place)
    assert not chosen.exists()


def test_a_full_disk_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "BYTES_NEEDED", 2**62)
    with pytest.raises(ScriptError, match=r"^The disk that holds .* is full: .*\.$"):
        guard.require_space(Place(tmp_path))


def test_data_of_another_version_are_left_alone(tmp_path: Path) -> None:
    place = Place(tmp_path)
    version = place.postgres.data / "PG_VERSION"
    version.parent.mkdir(parents=True)
    version.write_text("9\n")
    with (
        pytest.raises(ScriptError, match=r"are of PostgreSQL 9 and this is 18\."),
        private_services(place),
    ):
        pass
    assert version.read_text() == "9\n"


def start_holder(place: Place) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(place.folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    with holder.stdout as words:
        assert words.readline() == "up\n"
    return holder


def kill_everything(holder: subprocess.Popen[str], place: Place) -> None:
    """Kill the command, its guard, PostgreSQL and Valkey, as a power cut would."""
    postmaster = postgres_of(place)
    valkey = processes.living(place.valkey.pid_file, place.valkey.folder)
    assert postmaster is not None
    assert valkey is not None
    guardian = parent_of(postmaster)
    for pid in (guardian, postmaster, valkey, holder.pid):
        os.kill(pid, signal.SIGKILL)
    holder.wait()
    with embedded.lock(place.run / "guard.lock", fcntl.LOCK_EX):
        assert place.postgres.pid_file.exists()


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
