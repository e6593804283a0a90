"""Give the role of web and worker what they need, and no more."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from records.rights import grant


class Command(BaseCommand):
    help = (
        "Grant the role of web and worker its rights: it reads events and cannot "
        "write, change or remove them, and deletes no clinical row."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", default=os.environ.get("WEB_ROLE", ""))

    def handle(self, *_args: Any, role: str, **_options: Any) -> None:
        if not role:
            raise CommandError(
                "No role to grant to: set DATABASE_URL to the role of web and worker "
                "and OWNER_DATABASE_URL to the owner's, or give --role."
            )
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            if cursor.fetchone() == (role,):
                raise CommandError(
                    f"{role} owns the tables. Web and worker need a role of their own, "
                    "or they could rewrite the audit trail."
                )
            grant(cursor, role)
