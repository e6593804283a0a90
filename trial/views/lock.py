"""The screen beside the bed: locked by itself, opened again in place.

While it is locked the session shows nobody anything but the clock and what is due, as
`trial.bed_lock.BedLockMiddleware` sees to.
"""

from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, get_allowed
from trial import bedside
from trial.bed_lock import LOCKED, TRIES
from trial.views.infusion import ROWS

MOST_TRIES = 5


@require_POST
def lock(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "infusion.view", ROWS, pk=pk)
    request.session[LOCKED] = row.pk
    return redirect("infusion_locked", row.pk)


@require_GET
def locked(request: PersonRequest, pk: int) -> HttpResponse:
    """The locked screen after a reload: clock and what is due, no identity."""
    row = get_allowed(request, "infusion.view", ROWS, pk=pk)
    return _page(request, row.pk, "")


def _page(request: PersonRequest, pk: int, error: str) -> HttpResponse:
    row = ROWS.get(pk=pk)
    context = {
        "infusion": row,
        "due": bedside.due_readings(row, timezone.now()),
        "now": timezone.now(),
        "unlock_error": error,
    }
    status = 422 if error else 200
    return render(request, "trial/locked.html", context, status=status)


@require_POST
def unlock(request: PersonRequest, pk: int) -> HttpResponse:
    """The same person goes on; after five wrong passwords the session ends."""
    row = get_allowed(request, "infusion.view", ROWS, pk=pk)
    if request.user.check_password(request.POST.get("password", "")):
        request.session.pop(LOCKED, None)
        request.session.pop(TRIES, None)
        return redirect("infusion", row.pk)
    tries = request.session.get(TRIES, 0) + 1
    request.session[TRIES] = tries
    if tries >= MOST_TRIES:
        logout(request)
        return redirect("account_login")
    return _page(request, row.pk, _("That is not your password."))
