"""Write database and uploaded files into one encrypted file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records import backup


class Command(BaseCommand):
    help = (
        "Write database and uploaded files into one file, encrypted with BACKUP_KEY. "
        "Work goes on meanwhile: the file holds one moment of the database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        if file.exists():
            raise CommandError(f"{file} is there already; nothing was written.")
        try:
            manifest = backup.write(file)
        except (backup.BackupError, OSError) as problem:
            raise CommandError(str(problem)) from problem
        rows = sum(manifest.counts.values())
        self.stdout.write(
            f"{file}: {rows:,} rows of {len(manifest.counts)} tables and "
            f"{manifest.files:,} files. The keys are not in it."
        )
