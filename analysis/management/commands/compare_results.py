"""`manage.py compare_results A B`: whether two files of `analyse --out` are equal."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.run.whole import unequal

MOST_SHOWN = 20


class Command(BaseCommand):
    """The same bytes, equal to 1e-9, or an error that says where they differ."""

    help = "Compare two files of results to 1e-9; needs no database."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("first", type=Path)
        parser.add_argument("second", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        first, second = (
            json.loads(options[name].read_text("utf-8")) for name in ("first", "second")
        )
        found = list(unequal(first, second))
        for line in found[:MOST_SHOWN]:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} values differ by more than 1e-9.")
        exact = first["sha256"] == second["sha256"]
        self.stdout.write("The same bytes." if exact else "Equal to 1e-9.")
