"""The gate before an infusion: its lines, what stops it, exceptions signed."""

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, get_allowed
from accounts.roles import may
from records import signing
from records.attempt import attempt
from trial import exceptions, gate, schedule
from trial.infusion_forms import ExceptionForm, GateForm, HaltForm
from trial.models import Infusion

ROWS = Infusion.objects.select_related("participant__site")


@require_http_methods(["GET", "POST"])
def gate_page(request: PersonRequest, pk: int) -> HttpResponse:
    action = "infusion.view" if request.method == "GET" else "infusion.record"
    row = get_allowed(request, action, ROWS, pk=pk)
    if request.method == "GET":
        return page(request, row)
    form = _gate_form(row, request.POST)
    values = {}
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.fields}
        values = {n: "" if v is None and n in TEXTS else v for n, v in values.items()}
        attempt(form, lambda: gate.record(row, values))
    if form.is_valid():
        return redirect("infusion_gate", row.pk)
    return page(request, row, gate=form)


TEXTS = frozenset({"urine_hcg", "urine_drugs"})


def _gate_form(row: Infusion, data: QueryDict | None = None) -> GateForm:
    found = gate.gate_of(row)
    if found.weighed_on is None:
        found.weighed_on = timezone.localdate()
    plan = schedule.protocol_of(row.participant).infusion
    applies = gate.hcg_applies(plan, row.participant, row.planned_on.year)
    return GateForm(data, instance=found, hcg_applies=applies)


def page(
    request: PersonRequest, row: Infusion, **refused: forms.BaseForm
) -> HttpResponse:
    plan = schedule.protocol_of(row.participant).infusion
    found = gate.lines(gate.gate_of(row), row.started_at or timezone.now())
    stopped = [(line.code, line.words) for line in found if line.state == "stops"]
    own = request.standing.at_site(row.site_id)
    blank = {
        "gate": _gate_form(row),
        "exception": ExceptionForm(
            auto_id="exception_%s", lines=[*stopped, ("dose", _("dose over the limit"))]
        ),
        "halt": HaltForm(auto_id="halt_%s", codes=plan.no_further),
    }
    asked = gate.cssrs_form(row)
    context = {
        "infusion": row,
        "participant": row.participant,
        "lines": found,
        "stopped": stopped,
        "waiting": [line for line in found if line.state in ("to_do", "stops")],
        "asked": asked,
        "may_rate": may(own, "assessment.enter"),
        "may_record": may(own, "infusion.record"),
        "may_except": may(own, "infusion.except"),
        "exceptions": row.exceptions.select_related("granted_by"),
        "forms": blank | refused,
        "here": "gate",
    }
    return render(request, "trial/gate.html", context, status=422 if refused else 200)


@require_POST
def ask_cssrs(request: PersonRequest, pk: int) -> HttpResponse:
    """Let the C-SSRS wait for who may ask it; go there where the person may."""
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    if row.state == Infusion.State.PLANNED:
        gate.ask_cssrs(row)
    return redirect("infusion_gate", row.pk)


@require_POST
def grant(request: PersonRequest, pk: int) -> HttpResponse:
    """An investigator signs an exception for one limit."""
    row = get_allowed(request, "infusion.except", ROWS, pk=pk)
    found = gate.lines(gate.gate_of(row), timezone.now())
    lines = [(line.code, line.words) for line in found if line.state == "stops"]
    lines.append(("dose", _("dose over the limit")))
    form = ExceptionForm(request.POST, auto_id="exception_%s", lines=lines)
    if form.is_valid():
        said = form.cleaned_data

        def act() -> None:
            signing.check_password(request.user, said["password"])
            exceptions.grant(row, said["line"], reason=said["reason"], by=request.user)

        attempt(form, act)
    if form.is_valid():
        return redirect("infusion_gate", row.pk)
    return page(request, row, exception=form)


@require_POST
def halt(request: PersonRequest, pk: int) -> HttpResponse:
    """Note what forbids further infusions of this participant."""
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    plan = schedule.protocol_of(row.participant).infusion
    form = HaltForm(request.POST, auto_id="halt_%s", codes=plan.no_further)
    if form.is_valid():
        said = form.cleaned_data
        attempt(
            form,
            lambda: exceptions.halt(
                row.participant,
                said["code"],
                on=said["happened_on"],
                text=said["text"],
                by=request.user,
            ),
        )
    if form.is_valid():
        return redirect("infusion_gate", row.pk)
    return page(request, row, halt=form)
