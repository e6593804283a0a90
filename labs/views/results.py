"""The table of all results in force: by specimen, or by participant and visit."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, record_access, visible
from accounts.models import AccessEvent
from accounts.roles import may
from labs.models import Analyte, Measurement, Result
from labs.result_table import NAMED, csv_rows, lines_of
from labs.results import latest
from records.spreadsheet import csv_of
from trial.protocols import PROTOCOLS

A_PAGE = 100
FLAGS = Measurement.RangeFlag


def filtered(request: PersonRequest) -> tuple[QuerySet[Result], bool, dict[str, Any]]:
    """The results of the address, whether with participants, and what was chosen."""
    rows = visible(request, "concentration.view", latest(), "specimen__laboratory")
    named = may(request.standing.roles, "concentration.view_named")
    chosen = {
        "flag": request.GET.get("flag", ""),
        "analyte": request.GET.get("analyte", ""),
        "visit": request.GET.get("visit", "") if named else "",
    }
    if chosen["flag"] in FLAGS.values:
        rows = rows.filter(range_flag=chosen["flag"])
    if chosen["analyte"]:
        rows = rows.filter(analyte__code=chosen["analyte"])
    if chosen["visit"]:
        rows = rows.filter(specimen__visit__visit_type=chosen["visit"])
    return rows, named, chosen


@require_GET
def results(request: PersonRequest) -> HttpResponse:
    rows, named, chosen = filtered(request)
    analytes = list(Analyte.objects.all())
    order = (*NAMED, "specimen__code") if named else ("specimen__code",)
    specimens = rows.order_by(*order).values_list("specimen", flat=True)
    each_once = list(dict.fromkeys(specimens))
    here = Paginator(each_once, A_PAGE).get_page(request.GET.get("page"))
    shown = [one for one in analytes if chosen["analyte"] in ("", one.code)]
    context = {
        "page": here,
        "lines": lines_of(rows.filter(specimen__in=list(here)), shown, named=named),
        "analytes": shown,
        "named": named,
        "chosen": chosen,
        "flags": FLAGS.choices,
        "choices": [(one.code, one.name) for one in analytes],
        "visits": visits_of() if named else [],
        "query": request.GET.urlencode(),
    }
    return render(request, "labs/results.html", context)


def visits_of() -> list[tuple[str, str]]:
    """The visits at which blood is drawn, in the reader's language."""
    named = {
        visit.code: str(_(visit.label))
        for protocol in PROTOCOLS.values()
        for visit in protocol.visit_types
        if visit.specimens
    }
    return list(named.items())


@require_GET
def results_csv(request: PersonRequest) -> HttpResponse:
    """What is shown, as a file; who took it is kept."""
    rows, named, chosen = filtered(request)
    said = ", ".join(f"{key}={value}" for key, value in chosen.items() if value)
    record_access(
        request,
        AccessEvent.Kind.EXPORT,
        person=request.user,
        what=f"results.csv {said}".strip(),
    )
    titles, lines = csv_rows(rows, named=named)
    return csv_of("results.csv", titles, lines)
