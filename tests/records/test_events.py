"""The database writes one event for each changed row, whatever wrote it."""

from typing import LiteralString

import psycopg
import pytest
from django.db import connection, transaction

from accounts.models import Site
from records.context import acting
from records.models import Event

pytestmark = pytest.mark.django_db


def events() -> list[Event]:
    return list(Event.objects.filter(table_name="accounts_site").order_by("id"))


def test_a_save_leaves_the_changed_fields_with_person_and_reason() -> None:
    site = Site.objects.create(code="GZ", name="Guangzhou")
    with acting(person=7, role="coordinator", reason="spelling"):
        site.name = "Guangzhou Hospital"
        site.save()
    created, changed = events()
    assert created.kind == "insert"
    assert (changed.old, changed.new) == (
        {"name": "Guangzhou"},
        {"name": "Guangzhou Hospital"},
    )
    assert (changed.person_id, changed.role, changed.reason) == (
        7,
        "coordinator",
        "spelling",
    )


@pytest.mark.clause(
    "11.10(e)",
    "the database writes one event for each changed row, whatever wrote it",
)
@pytest.mark.clause(
    "4.2.2",
    "one event a row, from pages, bulk writes and plain SQL alike",
)
def test_bulk_writes_and_plain_sql_leave_one_event_a_row() -> None:
    Site.objects.bulk_create([Site(code=c, name=c) for c in ("A", "B", "C")])
    Site.objects.update(time_zone="UTC")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_site SET name = 'x' WHERE code <> 'A'")
        cursor.execute("DELETE FROM accounts_site WHERE code = 'B'")
    kinds = [event.kind for event in events()]
    assert kinds == ["insert"] * 3 + ["update"] * 5 + ["delete"]


def test_a_write_that_changes_nothing_leaves_no_event() -> None:
    site = Site.objects.create(code="GZ", name="Guangzhou")
    site.save()
    assert len(events()) == 1


def test_a_rolled_back_write_leaves_no_event() -> None:
    with transaction.atomic():
        Site.objects.create(code="GZ", name="Guangzhou")
        transaction.set_rollback(True)
    assert events() == []


def test_the_context_ends_with_its_block() -> None:
    with acting(person=7):
        pass
    Site.objects.create(code="GZ", name="Guangzhou")
    assert events()[0].person_id is None


TAMPERING = (
    "DELETE FROM records_event",
    "UPDATE records_event SET reason = 'x'",
    "TRUNCATE records_event",
    "INSERT INTO records_event (kind) VALUES ('insert')",
    "ALTER TABLE accounts_site DISABLE TRIGGER ALL",
    "DROP TRIGGER event_of_update ON accounts_site",
    "SET session_replication_role = replica",
    "DELETE FROM accounts_site",
    "TRUNCATE accounts_site CASCADE",
)


@pytest.mark.parametrize("statement", TAMPERING)
@pytest.mark.clause(
    "11.10(e)",
    "who uses the program cannot change, remove or switch off the trail",
)
@pytest.mark.clause(
    "4.2.2",
    "the trail cannot be switched off by the program's own role",
)
def test_the_web_role_cannot_tamper_with_the_trail(
    as_web: psycopg.Connection, statement: LiteralString
) -> None:
    Site.objects.create(code="GZ", name="Guangzhou")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_web.execute(statement)
    assert len(events()) == 1


def test_the_web_role_writes_rows_and_the_trigger_writes_their_events(
    as_web: psycopg.Connection,
) -> None:
    as_web.execute(
        "INSERT INTO accounts_site (code, name, time_zone) VALUES ('GZ', 'a', 'UTC')"
    )
    as_web.execute("UPDATE accounts_site SET name = 'b'")
    assert [event.kind for event in events()] == ["insert", "update"]
    assert events()[0].database_role == as_web.info.user


@pytest.mark.clause(
    "4.3.4",
    "a clinical table without a trail fails the tests of the release",
)
def test_every_clinical_table_is_tracked() -> None:
    untracked = {
        "accounts_user",  # holds passwords; access events tell its story
        "accounts_accessevent",
        "records_event",
        "records_draft",
        "records_job",
        "records_mail",  # may hold a link that lets a person in
        "trial_identitykey",  # wrapped anew by a rotation, which touches no event
        "records_link",  # vouches for events; nobody may change it
    }
    rooms = ("accounts", "records", "trial", "assessments", "labs", "analysis")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_trigger ON tgrelid = pg_class.oid "
            "WHERE tgname = 'event_of_insert'"
        )
        tracked = {name for (name,) in cursor.fetchall()}
        tables = set(connection.introspection.table_names())
    ours = {name for name in tables if name.split("_")[0] in rooms}
    assert ours - tracked == untracked
