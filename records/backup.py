"""Database and uploaded files as one encrypted file, and back on an empty machine.

Tables are copied in PostgreSQL's own binary form from one moment of the database. No
key is among them: SECRET_KEY, IDENTITY_KEYS and BACKUP_KEY are settings, kept apart.
"""

import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from psycopg import Cursor, sql

from records.vault import PIECE, Opening, Sealing

TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = 'public' AND c.relkind = 'r'
    AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname ORDER BY c.relname
"""
SEQUENCES = """
SELECT s.relname, pg_sequence_last_value(s.oid)
FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace
WHERE n.nspname = 'public' AND s.relkind = 'S' ORDER BY s.relname
"""
MANIFEST = "manifest.json"


class BackupError(Exception):
    """Why nothing was written or brought back; one sentence for who ran the command."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: the state of the schema, and how much of each table."""

    made_at: str
    software: str
    migrations: list[list[str]]
    columns: dict[str, list[str]]
    counts: dict[str, int]
    sequences: dict[str, int | None]
    files: int


def list_of_backups() -> Path:
    """Where backups are noted: outside the database, which they cannot be part of."""
    return Path(settings.DATA_DIR) / "backups.jsonl"


def key() -> str:
    text: str = settings.BACKUP_KEY.strip()
    if len(text) < 32:
        raise BackupError("BACKUP_KEY is not set, or shorter than 32 characters.")
    return text


def write(target: Path) -> Manifest:
    """Write the backup beside `target`, then give it its name: never half a file."""
    secret, unfinished = key(), target.with_name(f"{target.name}.part")
    with (
        open(unfinished, "wb") as out,
        Sealing(out, secret) as vault,
        tarfile.open(fileobj=cast(BinaryIO, vault), mode="w|gz") as archive,
    ):
        manifest = _write_all(archive)
    unfinished.chmod(0o600)
    unfinished.rename(target)
    line = {"at": manifest.made_at, "file": str(target), "bytes": target.stat().st_size}
    list_of_backups().parent.mkdir(parents=True, exist_ok=True)
    with list_of_backups().open("a", encoding="utf-8") as notes:
        notes.write(f"{json.dumps(line)}\n")
    return manifest


def _write_all(archive: tarfile.TarFile) -> Manifest:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        uploads = list(files())
        manifest = describe(cursor.cursor, len(uploads))
        _add(archive, MANIFEST, io.BytesIO(json.dumps(asdict(manifest)).encode()))
        for table, columns in manifest.columns.items():
            with tempfile.TemporaryFile() as rows:
                with cursor.cursor.copy(_copy(table, columns, "TO STDOUT")) as copy:
                    for data in copy:
                        rows.write(data)
                _add(archive, f"tables/{table}", rows)
    for path, name in uploads:
        with path.open("rb") as file:
            _add(archive, f"files/{name}", file)
    return manifest


def describe(cursor: "Cursor[Any]", uploads: int) -> Manifest:
    columns = dict(cursor.execute(TABLES).fetchall())
    applied = cursor.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2")
    return Manifest(
        made_at=timezone.now().isoformat(timespec="seconds"),
        software=settings.SOFTWARE_VERSION,
        migrations=[list(row) for row in applied.fetchall()],
        columns=columns,
        counts={table: _count(cursor, table) for table in columns},
        sequences=dict(cursor.execute(SEQUENCES).fetchall()),
        files=uploads,
    )


def files() -> Iterator[tuple[Path, str]]:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")) if root.is_dir() else ():
        if path.is_file():
            yield path, path.relative_to(root).as_posix()


def restore(source: Path) -> Manifest:
    """Bring a backup back into a migrated database in which nobody is yet.

    All of the database or nothing: one transaction. Needs the owner of the tables, who
    stills the triggers while the rows, with the events of then, come back.
    """
    secret = key()
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        source.open("rb") as file,
        Opening(file, secret) as vault,
    ):
        with tarfile.open(fileobj=cast(BinaryIO, vault), mode="r|gz") as archive:
            manifest = _read_all(archive, cursor.cursor)
        while vault.read(PIECE):
            pass  # to the last piece: one that is missing undoes all
    return manifest


def _read_all(archive: tarfile.TarFile, cursor: "Cursor[Any]") -> Manifest:
    members = iter(archive)
    manifest = Manifest(**json.load(_opened(archive, next(members))))
    _must_fit(cursor, manifest)
    tables = sql.SQL(", ").join(map(sql.Identifier, manifest.columns))
    cursor.execute(sql.SQL("TRUNCATE {}").format(tables))
    _triggers(cursor, manifest, "DISABLE")
    for member in members:
        kind, name = member.name.split("/", 1)
        data = _opened(archive, member)
        if kind == "tables":
            statement = _copy(name, manifest.columns[name], "FROM STDIN")
            with cursor.copy(statement) as copy:
                while part := data.read(PIECE):
                    copy.write(part)
        else:
            _keep(name, data)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _triggers(cursor, manifest, "ENABLE")
    for sequence, value in manifest.sequences.items():
        if value is not None:
            cursor.execute("SELECT setval(%s::regclass, %s)", [sequence, value])
    found = {table: _count(cursor, table) for table in manifest.columns}
    if found != manifest.counts:
        raise BackupError("The tables do not hold what the backup says they held.")
    return manifest


def _must_fit(cursor: "Cursor[Any]", manifest: Manifest) -> None:
    if _count(cursor, "accounts_user"):
        raise BackupError("This database holds people. Restore into an empty one.")
    if describe(cursor, 0).migrations != manifest.migrations:
        raise BackupError(
            f"The backup is of Sixfold {manifest.software} in another state of its "
            "schema. Restore it with that release, then migrate."
        )


def _triggers(cursor: "Cursor[Any]", manifest: Manifest, act: str) -> None:
    for table in manifest.columns:
        text = sql.SQL("ALTER TABLE {} {} TRIGGER USER")
        cursor.execute(text.format(sql.Identifier(table), sql.SQL(act)))


def _keep(name: str, data: BinaryIO) -> None:
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise BackupError(f"The backup names a file outside its folder: {name}.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        while part := data.read(PIECE):
            file.write(part)
    path.chmod(0o600)


def _copy(table: str, columns: list[str], how: str) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    text = sql.SQL("COPY {} ({}) {} (FORMAT binary)")
    return text.format(sql.Identifier(table), names, sql.SQL(how))


def _count(cursor: "Cursor[Any]", table: str) -> int:
    text = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    row = cursor.execute(text).fetchone()
    assert row is not None
    return int(row[0])


def _add(archive: tarfile.TarFile, name: str, data: BinaryIO | Any) -> None:
    info = tarfile.TarInfo(name)
    info.size = data.seek(0, io.SEEK_END)
    data.seek(0)
    archive.addfile(info, data)


def _opened(archive: tarfile.TarFile, member: tarfile.TarInfo) -> BinaryIO:
    data = archive.extractfile(member)
    if data is None:
        raise BackupError(f"{member.name} in the backup is no file.")
    return cast(BinaryIO, data)
