"""A backup comes back on an empty machine with every row, every file and the chain."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from accounts.models import User
from records import anchors, backup, chain
from records.models import Event
from tests.demo_database import _create, _drop, _use
from tests.records.trail import save_sites

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "a long random text of this test alone"


@pytest.fixture
def empty_database(transactional_db: None) -> Iterator[str]:
    """A second database, migrated and without a person, on another machine's behalf."""
    here = str(connection.settings_dict["NAME"])
    name = f"{here}_restored"
    connection.close()
    _create(name, here)
    yield name
    _use(here)
    _drop(name)


@pytest.fixture
def filled(
    empty_database: str, settings: Settings, tmp_path: Path
) -> tuple[Path, dict[str, int]]:
    """A backup of a database with people, events, a chain and a file; its counts."""
    settings.BACKUP_KEY, settings.DATA_DIR = SECRET, tmp_path
    settings.MEDIA_ROOT = tmp_path / "here"
    User.objects.create(username="li", full_name="Li")
    save_sites("A", "B", "C")
    chain.seal()
    anchors.write()
    (settings.MEDIA_ROOT / "plates").mkdir()
    (settings.MEDIA_ROOT / "plates" / "one.csv").write_bytes(b"plate " * 400_000)
    file = tmp_path / "sixfold.backup"
    call_command("backup", file)
    return file, counts()


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        return backup.describe(cursor.cursor, 0).counts


def move(settings: Settings, database: str, folder: Path) -> None:
    """To the empty machine: its database, its folder."""
    _use(database)
    settings.MEDIA_ROOT = folder


def test_everything_comes_back_and_the_chain_is_whole(
    filled: tuple[Path, dict[str, int]],
    empty_database: str,
    settings: Settings,
    tmp_path: Path,
) -> None:
    file, before = filled
    events = list(Event.objects.values())
    move(settings, empty_database, tmp_path / "there")
    assert not User.objects.exists()
    call_command("restore", file)
    assert counts() == before
    assert list(Event.objects.values()) == events
    verdict = chain.verify(anchors.read())
    assert verdict.first_break is None
    assert verdict.vouched_by is not None
    copied = tmp_path / "there" / "plates" / "one.csv"
    assert copied.read_bytes() == b"plate " * 400_000
    # Triggers and sequences work again: a new row gets its event, under a new id.
    save_sites("D")
    assert Event.objects.count() == len(events) + 1


def test_the_file_shows_nothing_and_holds_no_key(
    filled: tuple[Path, dict[str, int]], settings: Settings
) -> None:
    data = filled[0].read_bytes()
    for text in (b"plate plate", b"accounts_user", SECRET.encode()):
        assert text not in data
    assert filled[0].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("harm", ["cut", "flip", "key", "other"])
def test_a_damaged_file_or_another_key_brings_nothing_back(
    harm: str,
    filled: tuple[Path, dict[str, int]],
    empty_database: str,
    settings: Settings,
    tmp_path: Path,
) -> None:
    file, data = filled[0], bytearray(filled[0].read_bytes())
    if harm == "key":
        settings.BACKUP_KEY = "another long random text of this test"
    if harm == "cut":
        del data[-40:]
    if harm == "flip":
        data[len(data) // 2] ^= 1
    if harm == "other":
        data = bytearray(b"anything")
    file.write_bytes(data)
    move(settings, empty_database, tmp_path / "there")
    with pytest.raises(CommandError, match="Nothing was brought back"):
        call_command("restore", file)
    assert not User.objects.exists()


def test_a_database_with_people_is_not_overwritten(
    filled: tuple[Path, dict[str, int]],
) -> None:
    with pytest.raises(CommandError, match="holds people"):
        call_command("restore", filled[0])


def test_without_a_key_there_is_no_backup(
    transactional_db: None, settings: Settings, tmp_path: Path
) -> None:
    settings.BACKUP_KEY = ""
    with pytest.raises(CommandError, match="BACKUP_KEY"):
        call_command("backup", tmp_path / "file")
    assert list(tmp_path.glob("file*")) == []
