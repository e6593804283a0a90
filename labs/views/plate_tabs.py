"""The tabs of a plate's page that only show: curve, duplicates, file."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, get_allowed
from labs.doubts import told
from labs.duplicates import duplicates_of
from labs.figures import curve_option, duplicates_option, recovery_option, word_of
from labs.models import KitLot, PlateUpload
from labs.plate_curves import curve_of
from labs.plate_wells import missing_analytes
from labs.views.lots import LotForm, NewLotForm
from labs.views.plates import PLATES, frame
from records.spreadsheet import csv_of

# Title of a column -> the field of a well that it holds.
COLUMNS = {
    "well": "name",
    "sample": "description",
    "role": "role",
    "specimen": "specimen__code",
    "excluded": "excluded_reason",
    "analyte": "measurements__analyte_name",
    "mfi": "measurements__mfi",
    "net_mfi": "measurements__net_mfi",
    "bead_count": "measurements__bead_count",
    "concentration_text": "measurements__concentration_text",
    "concentration_pg_ml": "measurements__concentration_pg_ml",
    "range_flag": "measurements__range_flag",
}


@require_GET
def curve(request: PersonRequest, pk: int) -> HttpResponse:
    """The standard curve of one analyte, with its points, residuals and limits."""
    row = get_allowed(request, "plate.view", PLATES, path="laboratory", pk=pk)
    context = frame(request, row, "plate_curve")
    if context["chosen"]:
        found = curve_of(row, context["chosen"])
        counted = [p for p in found.standards if not p.excluded]
        context |= {
            "curve": found,
            "recovered": sum(point.is_recovered(found.limits) for point in counted),
            "counted": len(counted),
            "inside": [
                point
                for point in (*found.standards, *found.controls)
                if point.is_recovered(found.limits)
            ],
            "chart": curve_option(found),
            "recovery_chart": recovery_option(found),
        }
    return render(request, "labs/plate_curve.html", context)


@require_GET
def duplicates(request: PersonRequest, pk: int) -> HttpResponse:
    """Wells that hold the same thing, joined by lines; how far apart they lie."""
    row = get_allowed(request, "plate.view", PLATES, path="laboratory", pk=pk)
    context = frame(request, row, "plate_duplicates")
    if context["chosen"]:
        groups = duplicates_of(row, context["chosen"].analyte_name)
        context |= {
            "groups": [(group, word_of(group.verdict)) for group in groups],
            "apart": sum(group.verdict == "repeat" for group in groups),
            "flagged": sum(group.verdict == "flagged" for group in groups),
            "chart": duplicates_option(groups),
        }
    return render(request, "labs/plate_duplicates.html", context)


@require_GET
def file(request: PersonRequest, pk: int) -> HttpResponse:
    """What the file says of itself, and every doubt about it with the next step."""
    row = get_allowed(request, "plate.view", PLATES, path="laboratory", pk=pk)
    context = frame(request, row, "plate_file")
    rows = [one["row"] for one in context["quality"]]
    names = tuple(one.analyte_name for one in rows)
    lot_form = LotForm()
    own = KitLot.objects.filter(laboratory=row.laboratory_id)
    lot_form.fields["lot"].queryset = own  # type: ignore[attr-defined]
    context |= {
        "lot_form": lot_form,
        "new_lot_form": NewLotForm(),
        "doubts": told(row.warnings),
        "unnamed": [one for one in rows if one.analyte_id is None],
        "missing_analytes": missing_analytes(names),
    }
    return render(request, "labs/plate_file.html", context)


@require_GET
def original(request: PersonRequest, pk: int) -> FileResponse:
    """The bytes as they were dropped: never shown in the browser, only saved."""
    row = get_allowed(
        request, "plate.view", PlateUpload.objects.all(), path="laboratory", pk=pk
    )
    return FileResponse(
        row.file.open("rb"),
        as_attachment=True,
        filename=row.file_name,
        content_type="application/octet-stream",
    )


@require_GET
def wells_csv(request: PersonRequest, pk: int) -> HttpResponse:
    """The wells of one analyte as a table, its texts defused."""
    row = get_allowed(request, "plate.view", PLATES, path="laboratory", pk=pk)
    chosen = frame(request, row, "plate_file")["chosen"]
    wells = row.wells.filter(
        measurements__analyte_name=chosen.analyte_name if chosen else ""
    )
    lines = wells.values_list(*COLUMNS.values())
    return csv_of(f"plate-{row.pk}.csv", list(COLUMNS), lines)
