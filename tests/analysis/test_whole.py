"""`analyse` and `compare_results` at a terminal, over the files of a cut."""

import dataclasses
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from analysis.cuts import Facts, write_cut
from analysis.management.commands import analyse as command
from analysis.plans.published import PUBLISHED
from analysis.run.whole import run_plan
from tests.analysis.made import as_published

SMALL = dataclasses.replace(
    PUBLISHED,
    analyses=tuple(
        PUBLISHED.analysis(code)
        for code in ("response_by_pain", "madrs_course", "remission_by_pain")
    ),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(command, "CURRENT", {"published": SMALL})
    facts = Facts("final", "2026-03-01", "0.1.0", "published", "1.0", "1.0")
    write_cut(tmp_path / "cut", as_published(), facts)
    return tmp_path


def test_a_plan_runs_over_the_files_of_a_cut(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("analyse", folder / "cut", out=folder / "a.json")
    said = capsys.readouterr().out
    # Nobody remits in these frames: one level of the event is left.
    assert "2 done, 1 failed" in said
    assert "failed: remission_by_pain" in said
    call_command("analyse", folder / "cut", out=folder / "b.json")
    call_command("compare_results", folder / "a.json", folder / "b.json")
    assert "The same bytes." in capsys.readouterr().out


@pytest.mark.parametrize(("change", "equal"), [(1e-12, True), (1e-6, False)])
def test_results_are_compared_to_1e_9(
    folder: Path, capsys: pytest.CaptureFixture[str], change: float, equal: bool
) -> None:
    call_command("analyse", folder / "cut", out=folder / "a.json")
    said = json.loads((folder / "a.json").read_text())
    said["results"]["response_by_pain"]["test"]["chi2"] += change
    said["sha256"] = "another"
    (folder / "b.json").write_text(json.dumps(said))
    if equal:
        call_command("compare_results", folder / "a.json", folder / "b.json")
        assert "Equal to 1e-9." in capsys.readouterr().out
    else:
        with pytest.raises(CommandError, match="1 values differ"):
            call_command("compare_results", folder / "a.json", folder / "b.json")


def test_a_changed_file_is_named(folder: Path) -> None:
    path = folder / "cut" / "ratings.parquet"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(CommandError, match=r"ratings\.parquet has changed"):
        call_command("analyse", folder / "cut")


def test_four_workers_give_the_bytes_of_one() -> None:
    one, four = (run_plan(SMALL, as_published(), workers) for workers in (1, 4))
    assert one.sha256 == four.sha256
    assert one.failed == four.failed
