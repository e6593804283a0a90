"""Open an empty installation: its first person, who invites the others."""

import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role


class Command(BaseCommand):
    help = "Create the first administrator; refused once anybody is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("full_name")

    @transaction.atomic
    def handle(
        self, *_args: Any, username: str, full_name: str, **_options: Any
    ) -> None:
        if User.objects.exists():
            raise CommandError("This installation has people; ask its administrator.")
        password = getpass.getpass("Password, 12 characters or more: ")
        try:
            validate_password(password)
            person = User.objects.create_user(username, full_name, password)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        Membership.objects.create(
            person=person,
            role=Role.ADMINISTRATOR,
            starts_on=timezone.localdate(),
            is_founding=True,
        )
        self.stdout.write(f"{full_name} may sign in as {username}.")
