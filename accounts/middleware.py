"""The person of a request: what they may do, their language and their site's zone."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.access import PersonRequest, Standing


class PersonMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, AnonymousUser):
            return self.get_response(request)
        request = cast(PersonRequest, request)
        request.standing = Standing(request.user)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(request.user.language)
        if request.headers.get("X-Polling") is None:
            # A page that asks by itself is no sign of a person: idle time runs on.
            request.session.modified = True
        with timezone.override(zone_of(request.standing)):
            return self.get_response(request)


def zone_of(held: Standing) -> str | None:
    """The zone of a person's site; of the installation where they have several."""
    zones = {m.site.time_zone for m in held.memberships if m.site}
    return zones.pop() if len(zones) == 1 else None
