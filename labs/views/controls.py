"""Controls over the plates: all analytes at a glance, one large, their precision."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, visible
from labs.control_figures import large, small
from labs.controls import charts_of, plates_followed, precision_of
from labs.models import Plate


@require_GET
def controls(request: PersonRequest) -> HttpResponse:
    rows = visible(request, "plate.view", Plate.objects.all(), path="laboratory")
    plates = plates_followed(list(rows.select_related("upload")))
    charts = charts_of(plates)
    by_analyte = [(n, list(own)) for n, own in groupby(charts, lambda c: c.analyte)]
    names = [name for name, _own in by_analyte]
    analyte = request.GET.get("analyte", "")
    analyte = analyte if analyte in names else (names[0] if names else "")
    control = request.GET.get("control", "")
    of_analyte = [chart for chart in charts if chart.analyte == analyte]
    chosen = next((c for c in of_analyte if c.control == control), None)
    chosen = chosen or (of_analyte[0] if of_analyte else None)
    context = {
        "multiples": [
            (name, small(own), sum(one.breaks for one in own))
            for name, own in by_analyte
        ],
        "chosen": chosen,
        "option": large(chosen) if chosen else None,
        "controls": [chart.control for chart in of_analyte],
        "analytes": names,
        "precision": precision_of(charts, plates),
        "n_plates": len(plates),
    }
    return render(request, "labs/controls.html", context)
