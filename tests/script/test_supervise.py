import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from script import checks, children, deployment, embedded, processes, stamps, supervise
from script.children import Child
from script.embedded import Place
from script.processes import ScriptError

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
END = [sys.executable, "-c", "print('no such setting')"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A folder in the place of var/."""
    private = Place(tmp_path)
    for module in (supervise, children, checks, deployment):
        monkeypatch.setattr(module, "PRIVATE", private)
    return private


@pytest.fixture
def busy() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_busy_port_that_was_asked_for_is_one_sentence(busy: int) -> None:
    message = (
        rf"^Sixfold cannot listen on 127\.0\.0\.1:{busy}: Address already in use\."
    )
    with pytest.raises(ScriptError, match=message):
        supervise.listen("127.0.0.1", busy)


def test_a_busy_port_that_was_not_asked_for_is_stepped_over(
    busy: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "FIRST_PORT", busy)
    with supervise.listen("127.0.0.1", None) as listener:
        assert listener.getsockname()[1] > busy


def test_a_second_start_names_the_address_of_the_first(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    with embedded.lock(place.run / "server.lock", fcntl.LOCK_EX):
        (place.run / "address").write_text("http://127.0.0.1:8000")
        supervise.serve("127.0.0.1", None, wants_demo=False)
    said = capsys.readouterr().out
    assert said == "Sixfold is running already: http://127.0.0.1:8000\n"


def test_a_lock_held_by_a_dead_process_is_free(place: Place) -> None:
    file = place.run / "server.lock"
    hold = (
        "import fcntl, sys, time; file = open(sys.argv[1], 'w');"
        "fcntl.flock(file, fcntl.LOCK_EX); print('held', flush=True); time.sleep(600)"
    )
    file.parent.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(file)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert not embedded.is_free(file, fcntl.LOCK_EX)
        holder.kill()
    assert embedded.is_free(file, fcntl.LOCK_EX)


def test_a_child_that_dies_is_started_again(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    child = Child("worker", SLEEP, os.environ)
    child.start()
    first = child.process
    assert first is not None
    first.kill()
    first.wait()
    children.keep_alive([child])
    assert child.process is not first
    assert not child.has_died()
    children.stop([child])
    assert "The worker process has died" in capsys.readouterr().out


def test_a_child_that_cannot_live_is_one_sentence_with_its_last_words(
    place: Place,
) -> None:
    child = Child("web", END, os.environ)
    for _ in range(children.DEATHS_A_MINUTE):
        child.start()
        assert child.process is not None
        child.process.wait()
        child.deaths.append(time.monotonic())
    with pytest.raises(ScriptError, match=r"(?s)web process dies .*no such setting"):
        children.keep_alive([child])


def test_children_end_with_a_launcher_that_is_killed(tmp_path: Path) -> None:
    launch = (
        "import os, sys; from pathlib import Path; from script import processes;"
        "processes.start(sys.argv[2:], log=Path(sys.argv[1]), environment=os.environ)"
        ".wait()"
    )
    child = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
    log = tmp_path / "log"
    words = [sys.executable, "-c", launch, str(log), sys.executable, "-c", child]
    with subprocess.Popen(words, cwd=embedded.ROOT) as launcher:
        while not (log.exists() and log.read_text().endswith("\n")):
            time.sleep(0.02)
        pid = int(log.read_text())
        assert is_running(pid)
        launcher.kill()
    end = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < end:
        time.sleep(0.02)
    assert not is_running(pid)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_process_that_does_not_end_is_killed(tmp_path: Path) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('deaf', flush=True); time.sleep(600)"
    )
    log = tmp_path / "log"
    process = processes.start(
        [sys.executable, "-c", deaf], log=log, environment=os.environ
    )
    while processes.size(log) == 0:
        time.sleep(0.02)
    processes.stop([process], seconds=0.1)
    assert process.returncode == -signal.SIGKILL


def test_two_runs_of_tests_have_services_of_their_own(place: Place) -> None:
    with ExitStack() as first, ExitStack() as second:
        one, two = checks.free_place(first), checks.free_place(second)
    assert one.folder != two.folder
    assert not one.durable
    with ExitStack() as third:
        assert checks.free_place(third) == one


def test_a_changed_file_takes_away_the_stamp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "app" / "migrations").mkdir(parents=True)
    migration = tmp_path / "app" / "migrations" / "0001_initial.py"
    migration.write_text("one")
    monkeypatch.setattr(stamps, "ROOT", tmp_path)
    before = stamps.fingerprint("*/migrations/*.py")
    stamps.done(tmp_path / "stamp", before)
    assert stamps.is_done(tmp_path / "stamp", stamps.fingerprint("*/migrations/*.py"))
    migration.write_text("another")
    assert stamps.fingerprint("*/migrations/*.py") != before
