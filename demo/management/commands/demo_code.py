"""The one-time code that a person of the demo would read from their telephone."""

import time
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.people import MEMBERS, totp_secret


class Command(BaseCommand):
    help = "Print the current one-time code of a person of the demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name, for example pi")

    def handle(self, *_args: Any, name: str, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("One-time codes are printed in the demo only.")
        signing = [member.username for member in MEMBERS if member.signs]
        if name not in signing:
            known = ", ".join(signing)
            raise CommandError(f"{name} has no one-time codes. Those who do: {known}.")
        counter = int(time.time()) // app_settings.TOTP_PERIOD
        code = hotp_value(totp_secret(name), counter)
        self.stdout.write(format_hotp_value(code))
