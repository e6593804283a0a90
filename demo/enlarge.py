"""The loaded patients copied in bulk, for measuring how a large trial behaves.

Copies go from table to table inside the database, with its triggers on: every copied
row has its event. Plates and results are not copied.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from psycopg import sql

from accounts.roles import Role
from assessments.models import Answer, Assessment
from demo.people import Cast
from demo.progress import DemoError, is_loaded
from labs.models import Specimen
from records.context import acting
from records.models import Form, Signature
from trial.models import (
    Baseline,
    Consent,
    Discharge,
    Gate,
    Infusion,
    Participant,
    Preparation,
    Screening,
    Symptom,
    Visit,
    VitalSigns,
)

COPIES_AT_ONCE = 10


class Table(NamedTuple):
    """What a copied row has of its own: column -> the owner, by alias, whose copy it
    points at, or an expression. `is_owner`: others point at its copies."""

    model: type[Model]
    owners: Mapping[str, str] = {}
    written: Mapping[str, str] = {}
    is_owner: bool = False


# From the top down: an owner comes before what belongs to it. Ratings are signed by
# their forms; a form is about a visit or about the participant.
TABLES = (
    Table(Screening),
    Table(Consent),
    Table(Baseline),
    Table(Visit, is_owner=True),
    Table(Infusion, is_owner=True),
    Table(VitalSigns, {"infusion_id": "infusion"}),
    Table(
        Form,
        {"about_id": "visit"},
        {
            "about_id": "CASE WHEN o.about_type_id = {visit} THEN visit.made "
            "ELSE p.made END"
        },
        is_owner=True,
    ),
    Table(Assessment, {"visit_id": "visit", "form_id": "form"}, is_owner=True),
    Table(Answer, {"assessment_id": "assessment"}),
    Table(Gate, {"infusion_id": "infusion", "cssrs_form_id": "form"}),
    Table(Preparation, {"infusion_id": "infusion"}),
    Table(Symptom, {"infusion_id": "infusion"}),
    Table(Discharge, {"infusion_id": "infusion"}),
    Table(Signature, {"target_id": "form"}),
    Table(Specimen, {"visit_id": "visit"}, {"code": "'SL' || visit.made"}),
)

ORIGINALS = """
CREATE TEMPORARY TABLE copied_participant ON COMMIT DROP AS
SELECT id AS source, copy, nextval(pg_get_serial_sequence('trial_participant', 'id'))
    AS made
FROM trial_participant CROSS JOIN generate_series(1, %s) AS copy
WHERE id = ANY(%s) ORDER BY copy, id
"""
PARTICIPANTS = """
INSERT INTO trial_participant (id, subject_id, site_id, arm, protocol_version, state,
    screened_on, enrolled_on, ended_on, end_reason)
SELECT p.made, site.code || '-' || lpad(number::text, greatest(3, length(number::text)),
    '0'), o.site_id, o.arm, o.protocol_version, o.state, o.screened_on, o.enrolled_on,
    o.ended_on, o.end_reason
FROM copied_participant p
JOIN trial_participant o ON o.id = p.source
JOIN accounts_site site ON site.id = o.site_id
CROSS JOIN LATERAL (
    SELECT (SELECT count(*) FROM trial_participant t WHERE t.site_id = o.site_id)
        + (SELECT count(*) FROM copied_participant q
           JOIN trial_participant r ON r.id = q.source
           WHERE r.site_id = o.site_id AND q.made <= p.made) AS number
) numbered
"""
MAP = """
CREATE TEMPORARY TABLE {copied} ON COMMIT DROP AS
SELECT o.id AS source, p.copy, nextval(pg_get_serial_sequence({name}, 'id')) AS made
FROM {table} o JOIN copied_participant p ON p.source = o.participant_id
"""
INSERT = """
INSERT INTO {table} ({columns}) SELECT {values}
FROM {table} o JOIN copied_participant p ON p.source = o.participant_id {joins}
"""


def enlarge(participants: int) -> Iterator[int]:
    """Copy the patients until there are `participants` or a few more.

    Yields how many there are, after each step.
    """
    if not is_loaded():
        raise DemoError("Load the demo first.")
    admin = Cast().who(Role.ADMINISTRATOR)
    originals = loaded_patients()
    there = Participant.objects.count()
    while there < participants:
        copies = -(-(participants - there) // len(originals))
        with (
            transaction.atomic(),
            acting(person=admin.pk, role=Role.ADMINISTRATOR.value),
            connection.cursor() as cursor,
        ):
            copy_patients(cursor, originals, min(copies, COPIES_AT_ONCE))
        there = Participant.objects.count()
        yield there


def loaded_patients() -> list[int]:
    """Those with results: a copy has none."""
    rows = Participant.objects.filter(
        arm=Participant.Arm.PATIENT, specimens__results__isnull=False
    )
    return list(rows.values_list("pk", flat=True).distinct())


def copy_patients(cursor: CursorWrapper, originals: list[int], copies: int) -> None:
    """Every row of these participants, `copies` times."""
    # A copied infusion stands for a moment without its copied gate.
    cursor.execute("SET CONSTRAINTS starts_after_its_gate DEFERRED")
    cursor.execute(ORIGINALS, [copies, originals])
    cursor.execute(PARTICIPANTS)
    for table in TABLES:
        if table.is_owner:
            cursor.execute(
                sql.SQL(MAP).format(
                    copied=sql.Identifier(f"copied_{alias_of(table)}"),
                    name=sql.Literal(table.model._meta.db_table),
                    table=sql.Identifier(table.model._meta.db_table),
                )
            )
        cursor.execute(insert_of(table))


def alias_of(table: Table) -> str:
    return str(table.model._meta.model_name)


def insert_of(table: Table) -> sql.Composed:
    """The statement that copies a table's rows with their owners' new ids."""
    values: dict[str, sql.Composable] = {
        column: sql.Identifier("o", column)
        for field in table.model._meta.local_concrete_fields
        if (column := field.column)
    }
    values["participant_id"] = sql.Identifier("p", "made")
    del values["id"]
    joins = []
    if table.is_owner:
        joins.append(join("JOIN", alias_of(table), "id"))
        values["id"] = sql.Identifier(alias_of(table), "made")
    for column, owner in table.owners.items():
        joins.append(join("LEFT JOIN", owner, column))
        values[column] = sql.Identifier(owner, "made")
    visit = sql.Literal(ContentType.objects.get_for_model(Visit).pk)
    for column, expression in table.written.items():
        values[column] = sql.SQL(expression).format(visit=visit)
    return sql.SQL(INSERT).format(
        table=sql.Identifier(table.model._meta.db_table),
        columns=sql.SQL(", ").join(map(sql.Identifier, values)),
        values=sql.SQL(", ").join(values.values()),
        joins=sql.SQL(" ").join(joins),
    )


def join(kind: str, owner: str, column: str) -> sql.Composed:
    """The copy of the row that `column` of the original points at."""
    text = (
        "{kind} {copied} AS {owner} "
        "ON {owner}.source = o.{column} AND {owner}.copy = p.copy"
    )
    return sql.SQL(text).format(
        kind=sql.SQL(kind),
        copied=sql.Identifier(f"copied_{owner}"),
        owner=sql.Identifier(owner),
        column=sql.Identifier(column),
    )
