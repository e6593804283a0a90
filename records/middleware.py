"""A reference for every request, and the context of its events."""

import secrets
from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import PersonRequest
from records.context import acting
from records.holds import refused
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

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        """What the database refused because it is held is said, not a broken page."""
        refusal = refused(error)
        if refusal is None:
            return None
        context = {"refusal": refusal.messages[0]}
        return render(request, "409.html", context, status=409)
