"""What a start need not do again, because nothing that it depends on has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from script.deployment import PRIVATE
from script.embedded import ROOT

# Beside the data of PostgreSQL: who deletes these deletes the stamps with them.
MIGRATED = PRIVATE.folder / "postgres" / "migrated"
DEMO_LOADED = PRIVATE.folder / "postgres" / "demo-loaded"


def fingerprint(*patterns: str) -> str:
    """Names, sizes and times of the files in the checkout that match, and the lock."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for file in sorted(matching(patterns)):
        stat = file.stat()
        entry = f"{file.relative_to(ROOT)} {stat.st_size} {stat.st_mtime_ns}\n"
        digest.update(entry.encode())
    return digest.hexdigest()


def matching(patterns: Iterable[str]) -> Iterable[Path]:
    for pattern in patterns:
        yield from (file for file in ROOT.glob(pattern) if file.is_file())


def is_done(stamp: Path, fingerprint_now: str) -> bool:
    return stamp.is_file() and stamp.read_text() == fingerprint_now


def done(stamp: Path, fingerprint_then: str) -> None:
    stamp.write_text(fingerprint_then)
