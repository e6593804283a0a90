"""Load the demo trial, say who may sign in, or make it large for measuring."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo import people
from demo.enlarge import enlarge
from demo.load import load
from demo.progress import DemoError


class Command(BaseCommand):
    help = (
        "Load the simulated trial through the product's own functions, once. A load "
        "that was stopped goes on where it stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--sign-ins",
            action="store_true",
            help="print user name, role, place and password of everybody, and stop",
        )
        what.add_argument(
            "--participants",
            type=int,
            metavar="N",
            help="copy the loaded patients in bulk until there are N participants",
        )

    def handle(
        self, *_args: Any, sign_ins: bool, participants: int | None, **_options: Any
    ) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo and its known passwords exist only where DEMO is set."
            )
        if sign_ins:
            self.print_sign_ins()
            return
        try:
            if participants is None:
                self.load()
            else:
                self.enlarge(participants)
        except DemoError as refusal:
            raise CommandError(str(refusal)) from refusal

    def print_sign_ins(self) -> None:
        for line in people.sign_ins():
            self.stdout.write(line)

    def load(self) -> None:
        done = load()
        self.stdout.write(
            "The demo is loaded." if done else "The demo is loaded already."
        )

    def enlarge(self, participants: int) -> None:
        for there in enlarge(participants):
            self.stdout.write(f"{there} participants")
