"""One box: a participant's id, a specimen's bar code, a plate's batch."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest
from accounts.roles import may
from labs.models import Plate, Specimen
from trial.models import Participant

AT_MOST = 20


@require_GET
def search(request: PersonRequest) -> HttpResponse:
    """What matches, of what the person may see; a single match is opened at once."""
    text = request.GET.get("q", "").replace("\0", "").strip()
    found = [*participants(request, text), *specimens(request, text)] if text else []
    if text:
        found += plates(request, text)
    if len(found) == 1:
        return redirect(found[0][2])
    return render(request, "desk/search.html", {"text": text, "found": found})


def participants(request: PersonRequest, text: str) -> list[tuple[str, str, str]]:
    if not may(request.standing.roles, "participant.view"):
        return []
    rows = Participant.objects.filter(
        request.standing.places("site", "participant.view"),
        subject_id__icontains=text,
    )[:AT_MOST]
    return [
        (
            _("participant"),
            row.subject_id,
            reverse("participant", args=[row.subject_id]),
        )
        for row in rows
    ]


def specimens(request: PersonRequest, text: str) -> list[tuple[str, str, str]]:
    """Clinic people find a specimen at its visit, lab people in their list."""
    roles = request.standing.roles
    if may(roles, "plate.view"):
        place = request.standing.places("laboratory", "plate.view")
    elif may(roles, "specimen.view"):
        place = request.standing.places("site", "specimen.view")
    else:
        return []
    rows = Specimen.objects.filter(place, code__icontains=text)[:AT_MOST]
    return [
        (_("specimen"), row.code, reverse("specimen_by_code", args=[row.code]))
        for row in rows
    ]


def plates(request: PersonRequest, text: str) -> list[tuple[str, str, str]]:
    if not may(request.standing.roles, "plate.view"):
        return []
    rows = Plate.objects.filter(
        request.standing.places("laboratory", "plate.view"), batch__icontains=text
    ).select_related("upload")[:AT_MOST]
    return [(_("plate"), str(row), reverse("plate", args=[row.pk])) for row in rows]
