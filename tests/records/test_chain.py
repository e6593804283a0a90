"""The chain over the audit trail: what is done to a sealed event is found and named."""

import os
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import LiteralString
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Site
from records import anchors, chain, tasks
from records.anchors import Anchor, AnchorError
from records.chain import seal, verify
from records.models import Event, Link
from records.rights import grant
from records.tampering import What

AT_ONCE = timedelta(0)


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def save_sites(*codes: str) -> None:
    """One event for each, in this order."""
    for code in codes:
        Site.objects.create(code=code, name=code)


def owner_does(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def no_events(db: None) -> None:
    """The migrations of the test database left some."""
    owner_does("DELETE FROM records_event")


@pytest.fixture
def sealed(no_events: None) -> list[int]:
    """The ids of six events in two batches of three, with a gap of 10 between them."""
    save_sites("A", "B", "C")
    seal()
    owner_does(
        "SELECT setval(pg_get_serial_sequence('records_event', 'id'), max(id) + 10) "
        "FROM records_event"
    )
    save_sites("D", "E", "F")
    seal()
    return list(Event.objects.order_by("id").values_list("id", flat=True))


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


@pytest.mark.parametrize("time_zone", ["UTC", "Asia/Shanghai"])
def test_a_session_in_another_time_zone_verifies(
    sealed: list[int], time_zone: str
) -> None:
    owner_does("SELECT set_config('TimeZone', %s, true)", time_zone)
    assert verify([]).first_break is None


def check_break(what: What, event: int, batch: int, words: str) -> None:
    found = verify([]).first_break
    assert found is not None
    assert (found.what, found.event) == (what, event)
    assert found.link == Link.objects.all()[batch].pk
    assert words in str(found)


@pytest.mark.parametrize("position", range(6))
def test_a_removed_event_is_named(sealed: list[int], position: int) -> None:
    event = sealed[position]
    owner_does("DELETE FROM records_event WHERE id = %s", event)
    check_break(What.REMOVED, event, position // 3, f"event {event} was removed")


EDITS = (
    "transaction_id = transaction_id + 1",
    "table_name = 'x'",
    "row_id = row_id + 1",
    "kind = 'delete', old = new, new = NULL",
    'new = new || \'{"name": "b"}\'',
    "participant_id = 1",
    "site_id = 1",
    "at = at + interval '1 microsecond'",
    "database_role = 'x'",
    "person_id = 1",
    "role = 'x'",
    "request = 'x'",
    "task = 'x'",
    "reason = 'x'",
)


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_any_column_is_named(sealed: list[int], edit: str) -> None:
    owner_does(f"UPDATE records_event SET {edit} WHERE id = %s", sealed[4])  # noqa: S608
    check_break(What.EDITED, sealed[4], 1, f"event {sealed[4]} was edited")


def test_every_column_of_an_event_is_edited_by_a_test() -> None:
    columns = {field.column for field in Event._meta.local_concrete_fields}
    edited = {part.split(" = ")[0] for edit in EDITS for part in edit.split(", ")}
    assert columns - {"id"} <= edited


INSERT = (
    "INSERT INTO records_event SELECT (r).* FROM (SELECT jsonb_populate_record(e, "
    "jsonb_build_object('id', %s::bigint, 'reason', %s::text)) AS r "
    "FROM records_event e WHERE id = %s) copied"
)


@pytest.mark.parametrize("reason", ["forged", ""])
def test_an_inserted_event_is_named_be_it_new_or_a_copy(
    sealed: list[int], reason: str
) -> None:
    event = sealed[2] + 4
    owner_does(INSERT, event, reason, sealed[1])
    check_break(What.INSERTED, event, 1, f"event {event} was inserted")


def test_an_event_inserted_before_the_first_is_named(sealed: list[int]) -> None:
    owner_does(INSERT, -7, "forged", sealed[0])
    check_break(What.INSERTED, -7, 0, "event -7 was inserted")


def test_an_event_inserted_twice_is_named(sealed: list[int]) -> None:
    owner_does("ALTER TABLE records_event DROP CONSTRAINT records_event_pkey")
    owner_does(INSERT, sealed[1], "", sealed[1])
    check_break(What.INSERTED, sealed[1], 0, f"event {sealed[1]} was inserted")


def test_an_event_moved_to_the_end_is_named_with_both_places(
    sealed: list[int],
) -> None:
    event, to = sealed[1], sealed[5] + 9
    owner_does("UPDATE records_event SET id = %s WHERE id = %s", to, event)
    check_break(What.MOVED, event, 0, f"it is event {to} now")


def test_an_event_moved_forward_is_named_with_both_places(sealed: list[int]) -> None:
    event, to = sealed[5], sealed[2] + 1
    owner_does("UPDATE records_event SET id = %s WHERE id = %s", to, event)
    check_break(What.MOVED, to, 1, f"it was sealed as event {event}")


def test_two_events_that_changed_places_are_named(sealed: list[int]) -> None:
    one, other, aside = sealed[1], sealed[4], sealed[5] + 1
    for to, event in ((aside, one), (one, other), (other, aside)):
        owner_does("UPDATE records_event SET id = %s WHERE id = %s", to, event)
    check_break(What.MOVED, one, 0, f"it was sealed as event {other}")


def test_the_first_of_several_breaks_is_named(sealed: list[int]) -> None:
    owner_does("DELETE FROM records_event WHERE id = %s", sealed[4])
    owner_does("UPDATE records_event SET reason = 'x' WHERE id = %s", sealed[2])
    check_break(What.EDITED, sealed[2], 0, "edited")


@pytest.mark.parametrize(
    "edit",
    [
        "made_at = made_at + interval '1 microsecond'",
        "seals = seals || seals, count = count * 2, last_event_id = last_event_id + 50",
        "hash = repeat('0', 64)",
        "first_event_id = first_event_id - 1",
        "last_event_id = 9223372036854775807",
    ],
)
def test_an_edited_link_is_named(sealed: list[int], edit: str) -> None:
    link = Link.objects.all()[1]
    owner_does(f"UPDATE records_link SET {edit} WHERE id = %s", link.pk)  # noqa: S608
    found = verify([]).first_break
    assert found is not None
    assert (found.what, found.link) == (What.LINK, link.pk)


def test_a_link_removed_from_the_middle_is_found_without_anchors(
    sealed: list[int],
) -> None:
    first, second = Link.objects.all()
    owner_does("DELETE FROM records_link WHERE id = %s", first.pk)
    owner_does("UPDATE records_link SET previous_id = NULL")
    found = verify([]).first_break
    assert found is not None
    assert (found.what, found.link) == (What.LINK, second.pk)


def test_a_link_removed_from_the_end_is_found_by_the_anchors(
    sealed: list[int],
) -> None:
    anchor = anchors.write()
    assert anchor is not None
    Link.objects.order_by("id").last().delete()  # type: ignore[union-attr]
    owner_does("DELETE FROM records_event WHERE id > %s", sealed[2])
    assert verify([]).first_break is None
    found = verify([anchor]).first_break
    assert found is not None
    assert (found.what, found.link) == (What.ANCHOR, None)
    assert "has lost its end" in str(found)


def test_a_chain_made_anew_over_edited_events_is_found_by_the_anchors(
    sealed: list[int],
) -> None:
    anchor = anchors.write()
    assert anchor is not None
    owner_does("DELETE FROM records_link")
    owner_does("UPDATE records_event SET reason = 'x' WHERE id = %s", sealed[0])
    assert seal() == 6
    assert verify([]).first_break is None
    found = verify([anchor]).first_break
    assert found is not None
    assert found.what == What.ANCHOR
    assert "from the first event on" in str(found)


def test_the_last_anchor_met_before_a_rewriting_is_named(sealed: list[int]) -> None:
    good = anchors.write()
    assert good is not None
    save_sites("G")
    seal()
    bad = anchors.write()
    assert bad is not None
    last = Link.objects.order_by("id").last()
    assert last is not None
    last.delete()
    owner_does("UPDATE records_event SET reason = 'x' WHERE id > %s", sealed[5])
    seal()
    verdict = verify([good, bad])
    assert verdict.vouched_by == good
    assert verdict.first_break is not None
    assert f"after the anchor of {good}" in str(verdict.first_break)


def test_a_chain_that_met_all_its_anchors_names_the_last(sealed: list[int]) -> None:
    anchors.write()
    later = anchors.write()
    verdict = verify(anchors.read())
    assert verdict.first_break is None
    assert verdict.vouched_by == later


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
    return [event.new["code"] for event in events.order_by("id")]


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
    write(other, "B")
    save_sites("C")
    assert seal(AT_ONCE) == 0 or codes_sealed() == ["A"]
    other.rollback()
    seal(AT_ONCE)
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


@pytest.fixture
def as_web(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A connection of the role of web and worker to the database of the test."""
    url = urlsplit(os.environ["WEB_DATABASE_URL"])
    with connection.cursor() as cursor:
        grant(cursor, url.username or "")
    here = connection.get_connection_params()
    with psycopg.connect(
        host=here.get("host"),
        port=here.get("port"),
        dbname=here["dbname"],
        user=url.username,
        password=unquote(url.password) if url.password else None,
        autocommit=True,
    ) as web:
        yield web


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


def test_the_web_role_seals_and_verifies(as_web: psycopg.Connection) -> None:
    save_sites("A")
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{as_web.info.user}"')
        try:
            assert seal() == 1
            assert verify([]).events == 1
        finally:
            cursor.execute("RESET ROLE")


def test_anchors_are_added_for_the_owner_of_the_file_alone(
    sealed: list[int], data_dir: Path
) -> None:
    anchors.write()
    anchors.write()
    file = data_dir / "anchors.jsonl"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first, second = anchors.read()
    assert (first.count, first.hash) == (6, Link.objects.all()[1].hash)
    assert first.at < second.at <= timezone.now()


@pytest.mark.django_db
def test_without_a_chain_there_is_nothing_to_anchor() -> None:
    assert anchors.write() is None
    assert anchors.read() == []


@pytest.mark.parametrize("line", ["", "{", "3", '{"count": 3, "at": "2026-01-01"}'])
def test_a_line_that_is_no_anchor_is_named(data_dir: Path, line: str) -> None:
    good = '{"count": 3, "hash": "aa", "at": "2026-01-01T00:00:00+00:00"}'
    (data_dir / "anchors.jsonl").write_text(f"{good}\n{line}\n")
    with pytest.raises(AnchorError, match="Line 2 of"):
        anchors.read()


def test_beat_seals_every_minute_and_anchors_daily(
    sealed: list[int], settings: Settings
) -> None:
    schedule = {
        entry["task"]: entry["schedule"]
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }
    assert schedule[tasks.seal.name] == 60.0
    daily = schedule[tasks.anchor.name]
    assert (len(daily.hour), len(daily.minute), len(daily.day_of_week)) == (1, 1, 7)
    save_sites("G")
    assert tasks.seal() == 1
    assert "7 events" in tasks.anchor()
    assert len(anchors.read()) == 1


def test_verify_chain_says_that_it_is_whole_and_from_where_it_cannot_vouch(
    sealed: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_chain")
    assert capsys.readouterr().out == (
        "The chain is whole: 6 events in 2 batches. No anchor was met: whoever owns "
        "the database could have rewritten all of it unseen.\n"
    )
    anchor = anchors.write()
    call_command("verify_chain")
    assert f"The last anchor met is of {anchor}" in capsys.readouterr().out


def test_verify_chain_ends_with_1_and_names_the_break(sealed: list[int]) -> None:
    anchor = anchors.write()
    owner_does("DELETE FROM records_event WHERE id = %s", sealed[5])
    with pytest.raises(CommandError, match=f"event {sealed[5]} was removed") as ended:
        call_command("verify_chain")
    assert ended.value.returncode == 1
    assert isinstance(anchor, Anchor)


@pytest.mark.django_db
def test_verify_chain_ends_with_1_where_the_anchors_cannot_be_read(
    data_dir: Path,
) -> None:
    (data_dir / "anchors.jsonl").write_text("nonsense\n")
    with pytest.raises(CommandError, match="Line 1 of"):
        call_command("verify_chain")


@pytest.mark.usefixtures("no_events")
def test_seal_chain_says_how_many_events_it_sealed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    save_sites("A", "B")
    call_command("seal_chain")
    assert capsys.readouterr().out == "2 events sealed.\n"
