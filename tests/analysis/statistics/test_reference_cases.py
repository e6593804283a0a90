"""The cases that stand beside the project, through the checker that stands there."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
FAMILIES = (
    "adjust_p",
    "contingency",
    "effect_size",
    "em_normal",
    "group_sequential",
    "mancova",
    "mediation",
    "mixed_model",
    "one_way_anova",
    "regression",
    "sample_size",
    "survival",
    "two_sample_t",
)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_shown_case_of_the_family_holds(shared: Path, family: str) -> None:
    folder = shared / "statistics"
    command = [sys.executable, str(folder / "check.py"), str(folder / "expected")]
    options = ["--data", str(folder / "data"), "--project", str(PROJECT)]
    run = subprocess.run(
        [*command, *options, "--family", family], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr
