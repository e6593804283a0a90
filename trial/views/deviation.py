"""The log of protocol deviations, one line of it, and a new line."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from accounts.access import PersonRequest, get_allowed, visible
from accounts.roles import may
from records import signing
from records.attempt import attempt
from records.models import Signature
from records.spreadsheet import csv_of
from trial import deviations
from trial.deviation_forms import AssessmentForm, DeviationForm, SignForm, VoidForm
from trial.models import Deviation, Participant

ROWS = Deviation.objects.select_related("participant", "site", "recorded_by")
STATES = ("open", "acknowledged", "void")
A_PAGE = 50


def chosen(request: PersonRequest) -> QuerySet[Deviation]:
    """The lines that the person may see and the address asks for."""
    rows = visible(request, "deviation.view", ROWS)
    rows = deviations.with_acknowledgement(rows)
    asked = request.GET
    if asked.get("kind") in Deviation.Kind.values:
        rows = rows.filter(kind=asked["kind"])
    if asked.get("severity") in Deviation.Severity.values:
        rows = rows.filter(severity=asked["severity"])
    if asked.get("state") == "void":
        return rows.exclude(void_reason="")
    if asked.get("state") in STATES:
        signed = deviations.acknowledged()
        wanted = signed if asked["state"] == "acknowledged" else ~signed
        rows = rows.filter(wanted, void_reason="")
    return rows


@require_GET
def deviation_log(request: PersonRequest) -> HttpResponse:
    page = Paginator(chosen(request), A_PAGE).get_page(request.GET.get("page"))
    labels = (_("open"), _("acknowledged"), _("void"))
    context = {
        "page": page,
        "kinds": Deviation.Kind.choices,
        "severities": Deviation.Severity.choices,
        "states": list(zip(STATES, labels, strict=True)),
        "asked": request.GET,
    }
    return render(request, "trial/deviations.html", context)


@require_GET
def deviation_csv(request: PersonRequest) -> HttpResponse:
    """What the log shows with the same filter, as a table."""
    header = (
        _("Participant"),
        _("Site"),
        _("Happened at"),
        _("Kind"),
        _("Severity"),
        _("What happened"),
        _("What was done"),
        _("Reported to the ethics committee on"),
        _("Recorded by"),
        _("Acknowledged"),
        _("Why it is no deviation"),
    )
    rows = (
        (
            row.participant.subject_id,
            row.site.code,
            timezone.localtime(row.happened_at).isoformat(),
            row.get_kind_display(),
            row.get_severity_display(),
            row.text,
            row.done,
            row.ethics_reported_on,
            row.recorded_by or _("the system"),
            _("yes") if getattr(row, "acknowledged", False) else _("no"),
            row.void_reason,
        )
        for row in chosen(request)
    )
    return csv_of("deviations.csv", header, rows)


@require_http_methods(["GET", "POST"])
def deviation_new(request: PersonRequest, subject_id: str) -> HttpResponse:
    rows = Participant.objects.select_related("site")
    participant = get_allowed(request, "deviation.record", rows, subject_id=subject_id)
    form = DeviationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        row = attempt(
            form, lambda: deviations.record(participant, by=request.user, **values)
        )
        if row is not None:
            return redirect("deviation", row.pk)
    context = {"participant": participant, "form": form}
    status = 422 if form.errors else 200
    return render(request, "trial/deviation_new.html", context, status=status)


@require_http_methods(["GET", "POST"])
def deviation(request: PersonRequest, pk: int) -> HttpResponse:
    """One line; who may assess it says how serious it was and what was done."""
    action = "deviation.view" if request.method == "GET" else "deviation.assess"
    row = get_allowed(request, action, ROWS, pk=pk)
    if request.method == "GET":
        return shown(request, row)
    form = AssessmentForm(request.POST)
    if form.is_valid():
        attempt(form, lambda: deviations.assess(row, **form.cleaned_data))
    if form.is_valid():
        messages.success(request, _("Saved."))
        return redirect("deviation", pk)
    return shown(request, row, assessment=form)


@require_POST
def deviation_acknowledge(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "deviation.acknowledge", ROWS, pk=pk)
    form = SignForm(request.POST)

    def act() -> None:
        signing.check_password(request.user, form.cleaned_data["password"])
        deviations.acknowledge(row, by=request.user)

    if form.is_valid():
        attempt(form, act)
    if form.is_valid():
        return redirect("deviation", pk)
    return shown(request, row, sign=form)


@require_POST
def deviation_void(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "deviation.assess", ROWS, pk=pk)
    form = VoidForm(request.POST)
    if form.is_valid():
        attempt(form, lambda: deviations.void(row, **form.cleaned_data))
    if form.is_valid():
        return redirect("deviation", pk)
    return shown(request, row, void=form)


def shown(request: PersonRequest, row: Deviation, **refused: object) -> HttpResponse:
    roles = request.standing.at_site(row.site_id)
    initial = {
        "severity": row.severity,
        "done": row.done,
        "ethics_reported_on": row.ethics_reported_on,
    }
    blank = {
        "assessment": AssessmentForm(initial=initial),
        "sign": SignForm(),
        "void": VoidForm(),
    }
    signatures = signing.standing_on(row)
    context = {
        "deviation": row,
        "participant": row.participant,
        "forms": blank | refused,
        "form": next(iter(refused.values()), None),
        "signatures": signatures,
        "may_assess": not row.void_reason and may(roles, "deviation.assess"),
        "may_acknowledge": not row.void_reason
        and bool(row.done)
        and may(roles, "deviation.acknowledge")
        and all(s.person_id != request.user.pk for s in signatures),
        "meaning": Signature.Meaning.REVIEWED.label,
    }
    status = 422 if refused else 200
    return render(request, "trial/deviation.html", context, status=status)
