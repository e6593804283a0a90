"""Seal the audit trail in batches, each over the one before, and find what was altered.

Ids are handed out before commit: an event can appear below one that is already there. A
batch therefore ends before the first id that a running transaction may still hold. That
an id is missing does not tell whether it is still to come or was rolled back; the lock
that its writer keeps on the table of events until the end does. Snapshots do not: their
xmin waits for every database of the server, and says nothing of the ids in between.
"""

import hashlib
import math
import struct
import time
from collections import deque
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from psycopg import sql

from records.anchors import Anchor
from records.models import Link
from records.tampering import DIGEST, SEAL, Break, What, break_of_events, rewritten

MOST_EVENTS = 5_000
PATIENCE = timedelta(seconds=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BEFORE_ALL = 1 - 2**63
MICROSECONDS = struct.Struct(">q")

SEAL_OF_EVENT = sql.SQL("int8send(id) || {digest}").format(digest=DIGEST)
BATCH = sql.SQL(
    "SELECT count(*), min(id), max(id), string_agg(seal, ''::bytea ORDER BY id) "
    "FROM (SELECT id, {seal} AS seal FROM records_event "
    "WHERE id > {after} AND id <= {until} ORDER BY id LIMIT {most}) batch"
)
EVERY = sql.SQL("SELECT id, {seal} FROM records_event ORDER BY id")
HANDED_OUT = """
SELECT pg_sequence_last_value(pg_get_serial_sequence('records_event', 'id')::regclass)
"""
WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE relation = 'records_event'::regclass AND mode = 'RowExclusiveLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND pid IS DISTINCT FROM pg_backend_pid()
"""
BEFORE_FIRST_GAP = """
SELECT coalesce(min(before) FILTER (WHERE id <> before + 1), max(id)) FROM (
    SELECT id, lag(id, 1, %s::bigint) OVER (ORDER BY id) AS before
    FROM records_event WHERE id > %s) pairs
"""


def seal(patience: timedelta = PATIENCE) -> int:
    """Add links over all events that no running transaction can still precede.

    Waits up to `patience` for transactions that write events now; where one goes on,
    events are sealed up to the first id that it may hold, the others next time. Gives
    the number of events sealed. In a transaction of its own, one at a time.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock('records_link'::regclass::bigint)")
        previous = Link.objects.order_by("id").last()
        start = previous.last_event_id if previous else 0
        until = settled_until(cursor, start, patience)
        sealed = 0
        while link := make_link(cursor, previous, until):
            sealed += link.count
            previous = link
        return sealed


def settled_until(cursor: CursorWrapper, start: int, patience: timedelta) -> int:
    """The last id after `start` up to which no event is still to come.

    First the ids handed out so far, then who may hold one: a writer locks the table
    before it takes an id, so it is among those seen here or has ended and is visible.
    """
    cursor.execute(HANDED_OUT)
    (handed_out,) = cursor.fetchone()
    waiting_for = writers(cursor)
    give_up = time.monotonic() + patience.total_seconds()
    while waiting_for := waiting_for & writers(cursor):
        if time.monotonic() >= give_up:
            return before_first_gap(cursor, start)
        time.sleep(0.02)
    return handed_out or 0


def writers(cursor: CursorWrapper) -> frozenset[str]:
    """The other running transactions of this database that have written events."""
    cursor.execute(WRITERS)
    return frozenset(virtual for (virtual,) in cursor.fetchall())


def before_first_gap(cursor: CursorWrapper, start: int) -> int:
    """The last id from `start` on without a missing one in between."""
    cursor.execute(BEFORE_FIRST_GAP, [start, start])
    (last,) = cursor.fetchone()
    return start if last is None else last


def make_link(cursor: CursorWrapper, previous: Link | None, until: int) -> Link | None:
    """The link over the next events up to `until`, or None where there are none."""
    after = previous.last_event_id if previous else BEFORE_ALL
    cursor.execute(
        BATCH.format(seal=SEAL_OF_EVENT, after=after, until=until, most=MOST_EVENTS)
    )
    count, first, last, seals = cursor.fetchone()
    if not count:
        return None
    made_at = timezone.now()
    return Link.objects.create(
        previous=previous,
        first_event_id=first,
        last_event_id=last,
        count=count,
        seals=bytes(seals),
        hash=hash_of(previous, made_at, bytes(seals)),
        made_at=made_at,
    )


def hash_of(previous: Link | None, made_at: datetime, seals: bytes) -> str:
    """SHA-256 over the hash before (nothing for the first), the time, and the seals."""
    before = bytes.fromhex(previous.hash) if previous else b""
    microseconds = (made_at - EPOCH) // timedelta(microseconds=1)
    return hashlib.sha256(before + MICROSECONDS.pack(microseconds) + seals).hexdigest()


@dataclass(frozen=True)
class Verdict:
    """What `verify` found: `first_break` is None where the chain is whole."""

    events: int
    batches: int
    first_break: Break | None
    # The last anchor that was met: up to it not even the owner can have rewritten.
    vouched_by: Anchor | None


def verify(anchors: Iterable[Anchor]) -> Verdict:
    """Walk all events and links in order, up to the first break.

    Memory is bounded by a page of events and of links, whatever their number.
    """
    with transaction.atomic(), closing(batches()) as walk:
        return verdict_of(walk, deque(sorted(anchors, key=attrgetter("count"))))


def verdict_of(
    walk: Iterable[tuple[Link, bytes]], anchors_ahead: deque[Anchor]
) -> Verdict:
    previous, met, count, number = None, None, 0, 0
    for number, (link, found) in enumerate(walk, 1):
        first_break = break_of_link(link, previous) or break_of_events(link, found)
        count += link.count
        while not first_break and anchors_ahead and anchors_ahead[0].count <= count:
            anchor = anchors_ahead.popleft()
            if (anchor.count, anchor.hash) == (count, link.hash):
                met = anchor
            else:
                first_break = rewritten(link, anchor, met)
        if first_break:
            return Verdict(count, number, first_break, met)
        previous = link
    cut_off = rewritten(None, anchors_ahead[0], met) if anchors_ahead else None
    return Verdict(count, number, cut_off, met)


def break_of_link(link: Link, previous: Link | None) -> Break | None:
    """The break where the link itself is not what was made after `previous`."""
    expected = hash_of(previous, link.made_at, bytes(link.seals))
    if link.hash != expected or link.previous_id != (previous.pk if previous else None):
        return Break(
            What.LINK,
            link.pk,
            None,
            f"The link of batch {link.pk} was changed, or one before it removed.",
        )
    ids = [event for event, _ in SEAL.iter_unpack(bytes(link.seals))]
    ends = (link.first_event_id, link.last_event_id, link.count)
    if (ids[0], ids[-1], len(ids)) != ends:
        return Break(
            What.LINK,
            link.pk,
            None,
            f"The link of batch {link.pk} no longer says which events it seals.",
        )
    return None


def batches() -> Generator[tuple[Link, bytes], None, None]:
    """Each link with the seals of the events that stand where it says it ends."""
    # Starts with none: the events are read only after the cursor of links is open, so
    # that a link made meanwhile is never held against events read before it.
    event: tuple[float, bytes] = (BEFORE_ALL, b"")
    with closing(seals_of_events()) as events:
        for link in Link.objects.order_by("id").iterator(chunk_size=100):
            found = bytearray()
            while event[0] <= link.last_event_id:
                found += event[1]
                event = next(events, (math.inf, b""))
            yield link, bytes(found)


def seals_of_events() -> Generator[tuple[int, bytes], None, None]:
    """Id and seal of every event in order, read a page at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(EVERY.format(seal=SEAL_OF_EVENT))
        while page := cursor.fetchmany(MOST_EVENTS):
            yield from ((event, bytes(seal_)) for event, seal_ in page)
