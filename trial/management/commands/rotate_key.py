"""Wrap the participants' keys with the newest master key."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from trial.identity import rotate


class Command(BaseCommand):
    help = (
        "Wrap the key of every participant with the first of IDENTITY_KEYS. Afterwards "
        "the other keys of the list open nothing more and may be removed from it. What "
        "the participants' keys encrypted, and the events about it, stay as they are."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = rotate()
        except ValidationError as problem:
            raise CommandError(problem.messages[0]) from problem
        self.stdout.write(f"{count:,} keys wrapped with the first master key.")
