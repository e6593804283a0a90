"""Error pages: what happened, what to do, and the reference that the log has too."""

import logging

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

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


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: an old page, or another site that posts here."""
    log.warning("CSRF: %s", reason)
    text = _("This page was open too long. Load it again; what you typed is a draft.")
    return _page(request, 403, text)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request: what the page's shell asks may be what failed."""
    reference = getattr(request, "reference", "-")
    return HttpResponse(
        loader.render_to_string("500.html", {"reference": reference}), status=500
    )
