"""The audit of packages finds what is not pinned and what may not be used."""

from importlib.metadata import distributions
from pathlib import Path

import pytest

from script.audit import LOCKS, is_allowed, unknown, unpinned


def test_every_package_here_is_pinned_locked_and_licensed() -> None:
    assert list(unpinned()) == []
    assert list(unknown(list(distributions()))) == []


@pytest.mark.parametrize(
    "line", ["celery", "celery>=5", "celery==5.4", "celery==5.4 --hash=md5:00"]
)
def test_a_requirement_without_version_or_hash_is_found(
    tmp_path: Path, line: str
) -> None:
    for lock in LOCKS:
        (tmp_path / lock).write_text("# nothing\n", "utf-8")
    (tmp_path / LOCKS[0]).write_text(f"{line}\n    # via us\n", "utf-8")
    assert len(list(unpinned(tmp_path))) == 1


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-3-Clause", True),
        ("BSD-3-Clause AND 0BSD AND Zlib AND CC0-1.0", True),
        ("LGPL-3.0-only", True),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-2.0-only OR MIT", True),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_a_licence_is_allowed_by_its_words(licence: str, *, allowed: bool) -> None:
    assert is_allowed(licence) is allowed
