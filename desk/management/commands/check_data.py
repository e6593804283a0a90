"""Run every edit check over everybody."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from desk import check_data
from trial.models import Participant


class Command(BaseCommand):
    help = (
        "Run every edit check over the participants named, or over all; questions are "
        "raised, reopened and closed as the data say."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("participants", nargs="*", metavar="PARTICIPANT")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = Participant.objects.order_by("pk")
        if options["participants"]:
            rows = rows.filter(subject_id__in=options["participants"])
        ids = list(rows.values_list("pk", flat=True))
        changed = check_data.check(ids)
        self.stdout.write(
            f"{len(ids)} participants checked, {changed} questions changed."
        )
