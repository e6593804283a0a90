"""Plates: drop files, look at one, judge it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, get_allowed, require, visible
from accounts.models import Laboratory
from accounts.roles import may
from labs.heat_map import PlateGrid, grid_of
from labs.models import Plate, PlateUpload
from labs.plate_import import keep
from labs.plate_wells import missing_analytes
from labs.views.judging import analytes_of
from records import signing

PLATES = Plate.objects.select_related("upload", "laboratory", "judged_by")


@require_GET
def lab(request: PersonRequest) -> HttpResponse:
    """Every file that was dropped, what it is, and what became of it."""
    uploads = visible(
        request, "plate.view", PlateUpload.objects.all(), path="laboratory"
    )
    uploads = uploads.select_related("plate", "job", "uploaded_by").annotate(
        wells=Count("plate__wells"),
        matched=Count("plate__wells", Q(plate__wells__specimen__isnull=False)),
    )
    rows = list(uploads[:200])
    context = {
        "uploads": rows,
        "waiting": any(row.state == PlateUpload.State.WAITING for row in rows),
        "laboratories": own_laboratories(request),
        "may_upload": may(request.standing.roles, "plate.upload"),
    }
    part = (
        "labs/_uploads.html" if request.headers.get("HX-Request") else "labs/lab.html"
    )
    return render(request, part, context)


def own_laboratories(request: PersonRequest) -> list[Laboratory]:
    held = [m.laboratory for m in request.standing.memberships if m.laboratory]
    return list(dict.fromkeys(held))


@require_POST
def upload(request: PersonRequest) -> HttpResponse:
    """Keep each file; a worker reads it. A file seen before is recognised."""
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
    if not files:
        messages.error(request, _("Choose a file first: none was sent."))
    for file in files:
        try:
            kept, is_new = keep(file, laboratory, by=request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
            continue
        if not is_new:
            messages.warning(
                request,
                _("%(file)s has been uploaded before, as %(first)s.")
                % {"file": file.name, "first": kept.file_name},
            )
    return redirect("lab")


@require_GET
def plate(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "plate.view", PLATES, path="laboratory", pk=pk)
    return page(request, row)


def page(request: PersonRequest, row: Plate) -> HttpResponse:
    names = list(
        row.wells.order_by("measurements__id")
        .values_list("measurements__analyte_name", flat=True)
        .distinct()
    )
    names = list(dict.fromkeys(name for name in names if name))
    analyte = request.GET.get("analyte", "")
    chosen = analyte if analyte in names else (names[0] if names else "")
    block = request.GET.get("block", "")
    grid: PlateGrid = grid_of(row, chosen, block)
    context = {
        "plate": row,
        "analytes": names,
        "chosen": chosen,
        "grid": grid,
        "wells": row.wells.all(),
        "unmatched": list(row.wells.filter(role="unknown", specimen=None)),
        "missing_analytes": missing_analytes(tuple(names)),
        "quality": analytes_of(row),
        "signatures": signing.standing_on(row),
    }
    return render(request, "labs/plate.html", context)
