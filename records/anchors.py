"""Anchors: what the chain was at a time, written down where the database cannot reach.

Who owns the database can rewrite events and chain alike, but not a file elsewhere.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from records.models import Link


class AnchorError(ValueError):
    """The file of anchors cannot be read; the text says where."""


@dataclass(frozen=True)
class Anchor:
    """At `at`, the chain held `count` events and its last link had the hash `hash`."""

    count: int
    hash: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.at.isoformat(timespec='seconds')}, {self.count:,} events"


def path() -> Path:
    return Path(settings.MEDIA_ROOT) / "anchors.jsonl"


def write() -> Anchor | None:
    """Add an anchor of the chain as it is now; None where there is no chain yet."""
    last = Link.objects.order_by("id").last()
    if last is None:
        return None
    events = Link.objects.filter(pk__lte=last.pk).aggregate(n=Sum("count"))["n"]
    anchor = Anchor(count=events, hash=last.hash, at=timezone.now())
    append({"count": events, "hash": anchor.hash, "at": anchor.at.isoformat()})
    return anchor


def append(line: dict[str, str | int]) -> None:
    """Add the line to the file; it is on the disk when this returns."""
    path().parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    folder = os.open(path().parent, os.O_RDONLY)
    try:
        os.write(file, f"{json.dumps(line)}\n".encode())
        os.fsync(file)
        os.fsync(folder)
    finally:
        os.close(folder)
        os.close(file)


def read() -> list[Anchor]:
    """Every anchor, oldest first. Raises AnchorError at a line that is none."""
    if not path().exists():
        return []
    lines = path().read_text(encoding="utf-8").splitlines()
    return [anchor_of(line, number) for number, line in enumerate(lines, 1)]


def anchor_of(line: str, number: int) -> Anchor:
    try:
        facts = json.loads(line)
        return Anchor(
            count=int(facts["count"]),
            hash=str(facts["hash"]),
            at=datetime.fromisoformat(facts["at"]),
        )
    except (ValueError, KeyError, TypeError) as wrong:
        raise AnchorError(f"Line {number} of {path()} is not an anchor.") from wrong
