"""Error pages: what happened, what to do, and the reference that the log has too."""

import logging

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import record_access
from accounts.models import AccessEvent, User

log = logging.getLogger("sixfold.errors")


def _page(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    reference = getattr(request, "reference", "-")
    context = {"reference": reference, "message": message}
    return render(request, f"{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A refusal is an access event: someone asked for what their role does not have."""
    user = getattr(request, "user", AnonymousUser())
    if isinstance(user, User):
        what = f"{request.method} {request.path}"
        record_access(request, AccessEvent.Kind.REFUSED, person=user, what=what)
    return _page(request, 403, str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, 500)
