"""Plate files: dropped, seen in a list with what became of each."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, get_allowed, require, visible
from accounts.models import Laboratory
from accounts.roles import may
from labs.doubts import told
from labs.models import PlateUpload
from labs.plate_import import keep, read_again
from records.models import Job

State = PlateUpload.State
SHOWN = 200


@require_GET
def lab(request: PersonRequest) -> HttpResponse:
    """Every file that was dropped, what it is, and what became of it."""
    uploads = visible(
        request, "plate.view", PlateUpload.objects.all(), path="laboratory"
    )
    counted = uploads.select_related("plate", "job", "uploaded_by").annotate(
        wells=Count("plate__wells", Q(plate__wells__role="unknown")),
        matched=Count("plate__wells", Q(plate__wells__specimen__isnull=False)),
    )
    rows = list(counted[:SHOWN])
    context = {
        "uploads": [
            (row, told(row.plate.warnings) if row.state == State.READ else [])
            for row in rows
        ],
        "reading": reading(uploads),
        "laboratories": own_laboratories(request),
        "may_upload": may(request.standing.roles, "plate.upload"),
    }
    part = (
        "labs/_uploads.html" if request.headers.get("HX-Request") else "labs/lab.html"
    )
    return render(request, part, context)


def reading(uploads: QuerySet[PlateUpload]) -> dict[str, object] | None:
    """How far the worker has come with what was dropped together; None when done."""
    waiting = uploads.filter(state=State.WAITING).exclude(job__state=Job.State.FAILED)
    first = waiting.order_by("uploaded_at").first()
    if first is None:
        return None
    total = uploads.filter(uploaded_at__gte=first.uploaded_at).count()
    doing = _("The files are being read. You may close this page.")
    return {"doing": doing, "done": total - waiting.count(), "total": total}


def own_laboratories(request: PersonRequest) -> list[Laboratory]:
    held = [m.laboratory for m in request.standing.memberships if m.laboratory]
    return list(dict.fromkeys(held))


@require_POST
def upload(request: PersonRequest) -> HttpResponse:
    """Keep each file; a worker reads it. A file seen before is recognised.

    A script that sends one file at a time asks for JSON, and shows what is said of it.
    """
    require(request, "plate.upload")
    said = request.POST.get("laboratory", "")
    laboratory = get_allowed(
        request,
        "plate.upload",
        Laboratory.objects.all(),
        path="laboratory.id",
        pk=int(said) if said.isdecimal() else None,
    )
    files = request.FILES.getlist("files")
    answers = [answer(request, file, laboratory) for file in files]
    if not files:
        answers = [("refused", _("Choose a file first: none was sent."))]
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"files": answers})
    for state, words in answers:
        if state != "kept":
            level = messages.WARNING if state == "seen" else messages.ERROR
            messages.add_message(request, level, words)
    return redirect("lab")


def answer(
    request: PersonRequest, file: File[bytes], laboratory: Laboratory
) -> tuple[str, str]:
    """kept, seen or refused, with the sentence that says so."""
    try:
        row, is_new = keep(file, laboratory, by=request.user)
    except ValidationError as refusal:
        return "refused", refusal.messages[0]
    if is_new:
        return "kept", _("%(file)s is kept and waits to be read.") % {"file": file.name}
    return "seen", _("%(file)s has been uploaded before, as %(first)s.") % {
        "file": file.name,
        "first": row.file_name,
    }


@require_POST
def again(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask for a reading that was given up."""
    row = get_allowed(
        request, "plate.upload", PlateUpload.objects.all(), path="laboratory", pk=pk
    )
    read_again(row, by=request.user)
    return redirect("lab")
