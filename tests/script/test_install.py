import subprocess
import sys
from pathlib import Path

import pytest

from script import install

LISTING = """\
:env:.cert='/etc/ssl/ca.crt'
:env:.index-url='https://first.example/simple'
global.index-url='https://second.example/simple'
global.find-links='/wheels /more'
global.extra-index-url='https://a.example https://b.example'
global.constraint='/etc/constraints.txt'
"""


def test_index_of_the_environment_comes_before_that_of_a_file() -> None:
    settings = install.read_settings(LISTING)
    assert settings["index-url"] == "https://first.example/simple"


def test_uv_is_told_in_its_own_words_what_pip_was_told() -> None:
    told = install.environment_of_uv({}, install.read_settings(LISTING))
    assert told == {
        "SSL_CERT_FILE": "/etc/ssl/ca.crt",
        "UV_DEFAULT_INDEX": "https://first.example/simple",
        "UV_FIND_LINKS": "/wheels,/more",
        "UV_INDEX": "https://a.example https://b.example",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }


def test_what_uv_was_told_itself_stands() -> None:
    told = install.environment_of_uv(
        {"UV_DEFAULT_INDEX": "https://own.example", "VIRTUAL_ENV": "/elsewhere"},
        {"index-url": "https://pip.example"},
    )
    assert told == {"UV_DEFAULT_INDEX": "https://own.example"}


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of .venv, and what would be installed into it recorded."""
    monkeypatch.setattr(install, "VENV", tmp_path)
    monkeypatch.setattr(install, "STAMP", tmp_path / "installed")
    monkeypatch.setattr(install, "make_venv", lambda: None)
    monkeypatch.setattr(install, "install_uv", lambda: None)
    record = tmp_path / "record"
    record.touch()
    monkeypatch.setattr(
        install, "sync", lambda lock: record.write_text(record.read_text() + lock.name)
    )
    return tmp_path


def test_a_second_setup_installs_nothing(venv: Path) -> None:
    install.freshen("use")
    install.freshen("use")
    assert (venv / "record").read_text() == "requirements.lock"


def test_tools_of_development_serve_for_use_too(venv: Path) -> None:
    install.freshen("development")
    install.freshen("use")
    assert (venv / "record").read_text() == "requirements-dev.lock"


def test_a_changed_lock_is_installed_and_keeps_the_tools(
    venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install.freshen("development")
    changed = tmp_path / "changed.lock"
    changed.write_text("another==1\n")
    monkeypatch.setitem(install.LOCKS, "development", changed)
    install.freshen("use")
    assert (venv / "record").read_text() == "requirements-dev.lockchanged.lock"


def test_an_interrupted_installation_is_taken_up_again(
    venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(lock: Path) -> None:
        raise KeyboardInterrupt

    whole = install.sync
    monkeypatch.setattr(install, "sync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        install.freshen("use")
    monkeypatch.setattr(install, "sync", whole)
    install.freshen("use")
    assert (venv / "record").read_text() == "requirements.lock"


def test_a_full_disk_is_one_sentence() -> None:
    output = "error: No space left on device (os error 28)"
    run = subprocess.CompletedProcess([], 1, stdout="", stderr=output)
    sentence = install.sentence("It failed", run)
    assert sentence == f"It failed: the disk that holds {install.ROOT} is full."


def test_an_environment_made_elsewhere_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "VENV", tmp_path)
    monkeypatch.setattr(install, "PYTHON", Path(sys.executable))
    assert not install.is_usable()
    monkeypatch.setattr(install, "PYTHON", tmp_path / "none")
    assert not install.is_usable()


def test_no_index_is_named_anywhere_in_the_locks() -> None:
    for lock in (*install.LOCKS.values(), install.UV_LOCK):
        text = lock.read_text()
        assert "--index-url" not in text
        assert "://" not in text.replace("https://github.com", "")
