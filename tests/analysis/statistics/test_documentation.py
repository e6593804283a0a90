"""The code in docs/statistics.md runs as it stands, from top to bottom."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "statistics.md"


@pytest.mark.clause(
    "11.10(k)",
    "the documents stand beside the code they speak of, and their lines are run",
)
def test_every_code_block_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert blocks
    exec(compile("\n".join(blocks), str(PAGE), "exec"), {})  # noqa: S102 - our own page
