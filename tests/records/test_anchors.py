"""What the chain was is kept outside the database, and told with every verdict."""

import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from records import anchors, tasks
from records.anchors import AnchorError
from records.models import Link
from tests.records.trail import owner_does, save_sites


def test_anchors_are_added_for_the_owner_of_the_file_alone(
    sealed: list[int], data_dir: Path
) -> None:
    anchors.write()
    anchors.write()
    file = data_dir / "anchors.jsonl"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first, second = anchors.read()
    assert (first.count, first.hash) == (6, Link.objects.all()[1].hash)
    assert first.at < second.at <= timezone.now()


@pytest.mark.django_db
def test_without_a_chain_there_is_nothing_to_anchor() -> None:
    assert anchors.write() is None
    assert anchors.read() == []


@pytest.mark.parametrize("line", ["", "{", "3", '{"count": 3, "at": "2026-01-01"}'])
def test_a_line_that_is_no_anchor_is_named(data_dir: Path, line: str) -> None:
    good = '{"count": 3, "hash": "aa", "at": "2026-01-01T00:00:00+00:00"}'
    (data_dir / "anchors.jsonl").write_text(f"{good}\n{line}\n")
    with pytest.raises(AnchorError, match="Line 2 of"):
        anchors.read()


def test_beat_seals_every_minute_and_anchors_daily(
    sealed: list[int], settings: Settings
) -> None:
    schedule = {
        entry["task"]: entry["schedule"]
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }
    assert schedule[tasks.seal.name] == 60.0
    daily = schedule[tasks.anchor.name]
    assert (len(daily.hour), len(daily.minute), len(daily.day_of_week)) == (1, 1, 7)
    save_sites("G")
    assert tasks.seal() == 1
    assert "7 events" in tasks.anchor()
    assert len(anchors.read()) == 1


def test_verify_chain_says_that_it_is_whole_and_from_where_it_cannot_vouch(
    sealed: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_chain")
    assert capsys.readouterr().out == (
        "The chain is whole: 6 events in 2 batches. No anchor was met: whoever owns "
        "the database could have rewritten all of it unseen.\n"
    )
    anchor = anchors.write()
    call_command("verify_chain")
    assert f"The last anchor met is of {anchor}" in capsys.readouterr().out


def test_verify_chain_ends_with_1_and_names_the_break(sealed: list[int]) -> None:
    anchors.write()
    owner_does("DELETE FROM records_event WHERE id = %s", sealed[5])
    with pytest.raises(CommandError, match=f"event {sealed[5]} was removed") as ended:
        call_command("verify_chain")
    assert ended.value.returncode == 1
    assert "No anchor was met" in str(ended.value)


@pytest.mark.django_db
def test_verify_chain_ends_with_1_where_the_anchors_cannot_be_read(
    data_dir: Path,
) -> None:
    (data_dir / "anchors.jsonl").write_text("nonsense\n")
    with pytest.raises(CommandError, match="Line 1 of"):
        call_command("verify_chain")


@pytest.mark.usefixtures("no_events")
def test_seal_chain_says_how_many_events_it_sealed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    save_sites("A", "B")
    call_command("seal_chain")
    assert capsys.readouterr().out == "2 events sealed.\n"
