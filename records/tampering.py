"""What was done to the audit trail where it no longer fits the chain."""

import struct
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from django.db import connection
from psycopg import sql

from records.anchors import Anchor
from records.models import Link

SEAL = struct.Struct(">q32s")
END = (2**63, b"")
# Spelt out here and not kept as a function, which the database's owner could replace.
# Never changed for columns that exist: links already made would no longer fit.
DIGEST = sql.SQL(
    "sha256(convert_to(jsonb_build_array(transaction_id, table_name, row_id, kind, "
    "old, new, participant_id, site_id, (extract(epoch FROM at) * 1000000)::bigint, "
    "database_role, person_id, role, request, task, reason)::text, 'UTF8'))"
)
HOLDERS = sql.SQL("SELECT id FROM records_event WHERE {digest} = %s ORDER BY id")
SEALED_IN = "SELECT seals FROM records_link WHERE position(%s::bytea IN seals) > 0"


class What(StrEnum):
    REMOVED = "removed"
    INSERTED = "inserted"
    MOVED = "moved"
    EDITED = "edited"
    LINK = "link"
    ANCHOR = "anchor"


@dataclass(frozen=True)
class Break:
    """The first place where events, links and anchors contradict each other."""

    what: What
    link: int | None
    event: int | None
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def break_of_events(link: Link, found: bytes) -> Break | None:
    """The first event of the link's range that is not as it was sealed.

    `found` are the seals of the events that stand in the range now.
    """
    if found == bytes(link.seals):
        return None
    sealed = list(SEAL.iter_unpack(bytes(link.seals)))
    now = list(SEAL.iter_unpack(found))
    pairs = zip_longest(sealed, now, fillvalue=END)
    event = min(next(pair for pair in pairs if pair[0] != pair[1]))[0]
    what, told = what_befell(event, dict(sealed).get(event), dict(now).get(event))
    return Break(what, link.pk, event, f"In batch {link.pk}, event {event} was {told}.")


def what_befell(
    event: int, sealed: bytes | None, now: bytes | None
) -> tuple[What, str]:
    """What was done to the event, from the digest it was sealed with and has now.

    Content that stands under another id than it was sealed under was moved. These look
    through the whole trail, once: the walk ends here.
    """
    if now is None:
        assert sealed is not None
        elsewhere = [i for i in holders(sealed) if i != event]
        if elsewhere:
            return What.MOVED, f"moved: it is event {elsewhere[0]} now"
        return What.REMOVED, "removed"
    origin = sealed_as(now)
    if origin is not None and origin not in holders(now):
        return What.MOVED, f"moved here: it was sealed as event {origin}"
    if sealed in (None, now):
        return What.INSERTED, "inserted after its batch was sealed"
    return What.EDITED, "edited"


def holders(digest: bytes) -> list[int]:
    """The events that have this content now."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS.format(digest=DIGEST), [digest])
        return [event for (event,) in cursor.fetchall()]


def sealed_as(digest: bytes) -> int | None:
    """The id under which this content was first sealed, if it ever was."""
    with connection.cursor() as cursor:
        cursor.execute(SEALED_IN, [digest])
        ids = [
            event
            for (seals,) in cursor.fetchall()
            for event, sealed in SEAL.iter_unpack(bytes(seals))
            if sealed == digest
        ]
    return min(ids, default=None)


def rewritten(link: Link | None, anchor: Anchor, before: Anchor | None) -> Break:
    """The break where the chain, whole in itself, is not the one that was anchored."""
    since = f"after the anchor of {before}" if before else "from the first event on"
    if link is None:
        sentence = f"The chain has lost its end {since}: it is shorter than"
    else:
        sentence = f"The chain was made anew {since}: it is not"
    return Break(
        What.ANCHOR,
        link.pk if link else None,
        None,
        f"{sentence} what was anchored on {anchor}.",
    )
