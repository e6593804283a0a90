"""Events are sealed in order, each once, and never over one that is still to come."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from records import chain
from records.chain import seal, verify
from records.models import Event, Link
from tests.processes import url_of_test_database
from tests.records.trail import owner_does, save_sites

AT_ONCE = timedelta(0)
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.usefixtures("no_events")
def test_a_trail_without_events_is_whole() -> None:
    assert seal() == 0
    verdict = verify([])
    assert (verdict.events, verdict.batches) == (0, 0)
    assert verdict.first_break is None


def test_a_sealed_trail_is_whole(sealed: list[int]) -> None:
    verdict = verify([])
    assert (verdict.events, verdict.batches) == (6, 2)
    assert (verdict.first_break, verdict.vouched_by) == (None, None)
    first, second = Link.objects.all()
    assert (first.first_event_id, first.last_event_id) == (sealed[0], sealed[2])
    assert (second.first_event_id, second.last_event_id) == (sealed[3], sealed[5])
    assert (first.previous_id, second.previous_id) == (None, first.pk)


def test_sealing_twice_does_nothing_the_second_time(sealed: list[int]) -> None:
    assert seal() == 0
    assert Link.objects.count() == 2


@pytest.mark.usefixtures("no_events")
def test_many_events_are_sealed_in_several_batches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chain, "MOST_EVENTS", 2)
    save_sites("A", "B", "C", "D", "E")
    assert seal() == 5
    assert [link.count for link in Link.objects.all()] == [2, 2, 1]
    assert verify([]).first_break is None


def test_events_not_yet_sealed_do_not_break_the_chain(sealed: list[int]) -> None:
    save_sites("G")
    assert verify([]).first_break is None
    assert verify([]).events == 6


def test_seals_do_not_depend_on_the_time_zone_of_the_session(
    sealed: list[int],
) -> None:
    with transaction.atomic():
        before = list(chain.seals_of_events())
        owner_does("SET LOCAL TimeZone = 'Asia/Kathmandu'")
        assert list(chain.seals_of_events()) == before


Connect = Callable[[], psycopg.Connection]


@pytest.fixture
def connect(transactional_db: None) -> Iterator[Connect]:
    """Makes further connections of the owner, each with a transaction of its own."""
    owner_does("DELETE FROM records_event")
    params = connection.get_connection_params()
    names = ("host", "port", "dbname", "user", "password")
    opened: list[psycopg.Connection] = []

    def opener() -> psycopg.Connection:
        given = {name: params[name] for name in names if params.get(name)}
        opened.append(psycopg.connect(**given))
        return opened[-1]

    yield opener
    for other in opened:
        other.close()


def write(other: psycopg.Connection, code: str) -> None:
    other.execute(
        "INSERT INTO accounts_site (code, name, time_zone) VALUES (%s, 'x', 'UTC')",
        [code],
    )


def codes_sealed() -> list[str]:
    last = Link.objects.order_by("id").last()
    events = Event.objects.filter(id__lte=last.last_event_id if last else 0)
    return list(events.order_by("id").values_list("new__code", flat=True))


def test_events_of_a_running_transaction_and_after_come_later(
    connect: Connect,
) -> None:
    save_sites("A")
    seal()
    save_sites("B")
    running = connect()
    write(running, "C")
    save_sites("D")
    assert seal(AT_ONCE) == 1
    assert codes_sealed() == ["A", "B"]
    running.commit()
    assert seal(AT_ONCE) == 2
    assert codes_sealed() == ["A", "B", "C", "D"]
    assert verify([]).first_break is None


def test_an_id_taken_by_a_younger_transaction_is_waited_for(connect: Connect) -> None:
    """The older one has ended, so its event is settled; an id below it is not."""
    older, younger = connect(), connect()
    save_sites("A")
    seal()
    older.execute("SELECT pg_current_xact_id()")
    write(younger, "B")
    write(older, "C")
    older.commit()
    assert seal(AT_ONCE) == 0
    younger.commit()
    assert seal(AT_ONCE) == 2
    assert codes_sealed() == ["A", "B", "C"]
    assert verify([]).first_break is None


def test_a_gap_left_by_a_rollback_holds_nothing_up(connect: Connect) -> None:
    other = connect()
    save_sites("A")
    seal()
    write(other, "B")
    save_sites("C")
    assert seal(AT_ONCE) == 0
    other.rollback()
    assert seal(AT_ONCE) == 1
    assert codes_sealed() == ["A", "C"]
    assert verify([]).first_break is None


def test_a_transaction_that_writes_no_event_holds_nothing_up(
    connect: Connect,
) -> None:
    idle = connect()
    idle.execute("SELECT pg_current_xact_id(), count(*) FROM records_event")
    save_sites("A")
    assert seal(AT_ONCE) == 1


def test_only_one_seals_at_a_time(connect: Connect) -> None:
    other = connect()
    other.execute("SELECT pg_advisory_xact_lock('records_link'::regclass::bigint)")
    save_sites("A")
    owner_does("SET lock_timeout = '50ms'")
    with pytest.raises(OperationalError, match="lock timeout"):
        seal()
    owner_does("RESET lock_timeout")
    other.rollback()
    assert seal() == 1


@pytest.mark.django_db
def test_a_second_link_after_the_same_one_is_refused(sealed: list[int]) -> None:
    link = Link.objects.all()[1]
    link.pk, link.first_event_id, link.last_event_id = None, 10**6, 10**6 + 5
    with (
        pytest.raises(IntegrityError, match="link_follows_alone"),
        transaction.atomic(),
    ):
        link.save()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("count = 2", "link_has_one_seal_an_event"),
        ("last_event_id = first_event_id", "link_counts_events_between_its_ends"),
        ("hash = 'x'", "link_hash_is_sha256"),
        ("previous_id = NULL", "link_follows_alone"),
        (
            "last_event_id = (SELECT min(last_event_id) FROM records_link), "
            "first_event_id = 0",
            "link_ends_with_an_event_of_its_own",
        ),
    ],
)
def test_the_database_refuses_a_link_that_contradicts_itself(
    sealed: list[int], change: str, constraint: str
) -> None:
    link = Link.objects.all()[1]
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        owner_does(f"UPDATE records_link SET {change} WHERE id = %s", link.pk)  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM records_link",
        "UPDATE records_link SET made_at = now()",
        "TRUNCATE records_link CASCADE",
        "ALTER TABLE records_link DROP CONSTRAINT link_follows_alone",
        "DROP TABLE records_link",
    ],
)
def test_the_web_role_cannot_change_links(
    as_web: psycopg.Connection, statement: LiteralString
) -> None:
    save_sites("A")
    seal()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_web.execute(statement)
    assert Link.objects.count() == 1


def test_the_web_role_seals_and_verifies(
    as_web: psycopg.Connection, tmp_path: Path
) -> None:
    save_sites("A")
    environment = os.environ | {
        "DATABASE_URL": url_of_test_database("WEB_DATABASE_URL"),
        "DATA_DIR": str(tmp_path),
    }
    for command in ("seal_chain", "verify_chain"):
        words = [sys.executable, "manage.py", command]
        subprocess.run(words, cwd=ROOT, env=environment, check=True)
    assert Link.objects.get().count >= 1
