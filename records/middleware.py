"""A reference for every request, and the context of its events."""

import secrets
from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse

from accounts.access import PersonRequest
from records.context import acting
from records.reference import reference

READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class ActingMiddleware:
    """Tells the database who acts. Reading writes no clinical row and is not told."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request = cast(PersonRequest, request)
        request.reference = secrets.token_hex(6)
        token = reference.set(request.reference)
        try:
            return self.respond(request)
        finally:
            reference.reset(token)

    def respond(self, request: PersonRequest) -> HttpResponse:
        if request.method in READING or not request.user.is_authenticated:
            return self.get_response(request)
        roles = ", ".join(sorted(request.standing.roles))
        with acting(person=request.user.pk, role=roles, request=reference.get()):
            return self.get_response(request)
