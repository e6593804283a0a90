"""Bring a backup back on an empty machine."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from records import anchors, backup, chain
from records.vault import VaultError


class Command(BaseCommand):
    help = (
        "Bring a backup back into a migrated database in which nobody is yet, as the "
        "owner of the tables; count every table and verify the chain."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        try:
            manifest = backup.restore(file)
        except (backup.BackupError, VaultError, DatabaseError, OSError) as problem:
            raise CommandError(f"Nothing was brought back. {problem}") from problem
        verdict = chain.verify(anchors.read())
        if verdict.first_break:
            raise CommandError(str(verdict.first_break))
        rows = sum(manifest.counts.values())
        self.stdout.write(
            f"Restored to {manifest.made_at}: {rows:,} rows of {len(manifest.counts)} "
            f"tables, each with the number it had, and {manifest.files:,} files. The "
            f"chain is whole: {verdict.events:,} events."
        )
