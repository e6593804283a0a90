"""The real and the made files beside the project, by the checker that lies there."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("facts", "folder"),
    [("expected_synthetic.json", "synthetic"), ("expected_shown.json", "files")],
)
def test_each_fact_of_each_file_holds(shared: Path, facts: str, folder: str) -> None:
    luminex = shared / "luminex"
    checked = subprocess.run(
        [
            sys.executable,
            str(luminex / "check.py"),
            str(luminex / facts),
            str(luminex / folder),
            "--project",
            str(PROJECT),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
