"""Layouts: looked at, printed, exported for the instrument, compared with the run."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, get_allowed, visible
from accounts.roles import may
from labs.layout import FIXED, Difference
from labs.layouts import Run, runs_of, waiting
from labs.models import Layout
from records.pdf import pdf
from records.spreadsheet import csv_of

ROWS = "ABCDEFGH"
COLUMNS = range(1, 13)
LAYOUTS = Layout.objects.select_related("laboratory", "made_by")


@require_GET
def layouts(request: PersonRequest) -> HttpResponse:
    """Every layout, and how many specimens wait for the next."""
    return page(request)


def page(request: PersonRequest, *errors: str) -> HttpResponse:
    held = [m.laboratory for m in request.standing.memberships if m.laboratory]
    context = {
        "layouts": visible(request, "plate.view", LAYOUTS, path="laboratory"),
        "waiting": [(one, waiting(one).count()) for one in dict.fromkeys(held)],
        "may_make": may(request.standing.roles, "layout.make"),
        "errors": errors,
        "typed": request.POST,
    }
    status = 422 if errors else 200
    return render(request, "labs/layouts.html", context, status=status)


@require_GET
def layout(request: PersonRequest, pk: int) -> HttpResponse:
    """The plates as they are to be laid, and where what was run differs."""
    row = get_allowed(request, "plate.view", LAYOUTS, path="laboratory", pk=pk)
    runs = runs_of(row)
    context = {
        "layout": row,
        "runs": [
            (run, grid_of(run), [words_of(one) for one in run.differences])
            for run in runs
        ],
        "columns": COLUMNS,
        "n_specimens": row.wells.exclude(specimen=None).values("specimen").distinct(),
        "may_see_balance": may(request.standing.roles, "layout.view_groups"),
    }
    return render(request, "labs/layout.html", context)


def grid_of(run: Run) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Rows of the plate: well, sample, and the class of what lies there."""
    wrong = {one.well for one in run.differences}
    return [
        (
            letter,
            [
                (well, sample, kind_of(sample, well in wrong))
                for n in COLUMNS
                for well in (f"{letter}{n}",)
                for sample in (run.planned.get(well, ""),)
            ],
        )
        for letter in ROWS
    ]


def kind_of(sample: str, is_wrong: bool) -> str:
    if not sample:
        return "void"
    fixed = "fixed" if sample in FIXED else ""
    return f"{fixed} flagged" if is_wrong else fixed


def words_of(one: Difference) -> str:
    values = {
        "well": one.well,
        "planned": one.planned,
        "run": one.run,
        "other": one.other,
    }
    if one.kind == "swapped":
        return _("%(well)s and %(other)s are swapped: %(run)s lay here.") % values
    if one.kind == "missing":
        return _("%(well)s: %(planned)s was planned, nothing was run.") % values
    if one.kind == "added":
        return _("%(well)s: nothing was planned, %(run)s was run.") % values
    return _("%(well)s: %(planned)s was planned, %(run)s was run.") % values


@require_GET
def layout_csv(request: PersonRequest, pk: int) -> HttpResponse:
    """A line a well, in the order in which the instrument reads them."""
    row = get_allowed(request, "plate.view", LAYOUTS, path="laboratory", pk=pk)
    wells = row.wells.values_list("plate_number", "well", "sample")
    in_order = sorted(wells, key=lambda one: (one[0], int(one[1][1:]), one[1][0]))
    return csv_of(f"{row.name}.csv", ("Plate", "Location", "Sample"), in_order)


@require_GET
def layout_pdf(request: PersonRequest, pk: int) -> HttpResponse:
    """A page a plate, for the bench."""
    row = get_allowed(request, "plate.view", LAYOUTS, path="laboratory", pk=pk)
    plates: dict[int, dict[str, str]] = {}
    for number, well, sample in row.wells.values_list("plate_number", "well", "sample"):
        plates.setdefault(number, {})[well] = sample
    values: dict[str, Any] = {
        "title": row.name,
        "laboratory": str(row.laboratory),
        "made": f"{timezone.localtime(row.made_at):%Y-%m-%d %H:%M}, {row.made_by}",
        "seed": row.seed,
        "plates": [
            {
                "number": number,
                "rows": [[w.get(f"{r}{c}", "") for c in COLUMNS] for r in ROWS],
            }
            for number, w in plates.items()
        ],
    }
    return HttpResponse(
        pdf("labs/layout.typ", values),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{row.name}.pdf"'},
    )
