"""A session that was locked beside a bed shows clock and what is due, nothing else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

LOCKED, TRIES = "bed_locked", "bed_lock_tries"
# What stays open: the locked screen itself, and leaving for good.
OPEN = frozenset(
    {
        "infusion_lock",
        "infusion_locked",
        "infusion_unlock",
        "infusion_due",
        "account_logout",
        "set_language",
    }
)


class BedLockMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        infusion = request.session.get(LOCKED)
        match = request.resolver_match
        if infusion is None or (match and match.url_name in OPEN):
            return None
        return redirect("infusion_locked", infusion)
