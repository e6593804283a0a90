"""What the database lets the role of web and worker do.

It owns nothing. On tracked tables it reads, inserts and updates; rows are voided, never
deleted. Events it may only read: the triggers write them as the owner. To their chain
it adds links, and changes none; nor what a signer has stated.
"""

from django.db.backends.utils import CursorWrapper
from psycopg import sql

READ_ONLY = frozenset({"records_event", "django_migrations"})
APPEND_ONLY = frozenset({"records_link", "records_signerstatement"})
# Without its key what identifies a participant could never be read again.
KEPT = frozenset({"trial_identitykey"})

TABLES = """
SELECT c.relname, EXISTS (
    SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'event_of_insert')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname
"""


def grant(cursor: CursorWrapper, role: str) -> None:
    """Set the rights of `role` on every table of the schema."""
    name = sql.Identifier(role)
    run(cursor, "GRANT USAGE ON SCHEMA public TO {role}", role=name)
    run(cursor, "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}", role=name)
    cursor.execute(TABLES)
    for table, tracked in cursor.fetchall():
        target = sql.Identifier(table)
        run(cursor, "REVOKE ALL ON {table} FROM {role}", table=target, role=name)
        run(
            cursor,
            f"GRANT {rights(table, tracked)} ON {{table}} TO {{role}}",
            table=target,
            role=name,
        )


def rights(table: str, tracked: bool) -> str:
    if table in READ_ONLY:
        return "SELECT"
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    if tracked or table in KEPT:
        return "SELECT, INSERT, UPDATE"
    return "SELECT, INSERT, UPDATE, DELETE"


def run(cursor: CursorWrapper, text: str, **names: sql.Identifier) -> None:
    cursor.execute(sql.SQL(text).format(**names))
