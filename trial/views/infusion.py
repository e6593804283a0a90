"""The record of one infusion: weight and dose, start, readings, stop."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, get_allowed
from accounts.roles import may
from records.attempt import attempt
from trial import assignments, infusions, schedule
from trial.forms import (
    FailForm,
    InterruptionForm,
    StartForm,
    StopForm,
    VitalSignsForm,
)
from trial.models import Assignment, Infusion, VitalSigns
from trial.views import run_sheet

T = TypeVar("T")

ROWS = Infusion.objects.select_related("participant__site").prefetch_related(
    "vital_signs"
)


@require_GET
def infusion(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "infusion.view", ROWS, pk=pk)
    return page(request, row)


def page(
    request: PersonRequest, row: Infusion, **refused: forms.BaseForm
) -> HttpResponse:
    """The run sheet; a form that was refused is shown again as it was typed."""
    context = run_sheet.context(request.user, row)
    own = request.standing.at_site(row.site_id)
    context["may_record"] = may(own, "infusion.record")
    context["forms"] = run_sheet.blank_forms(request.user, row) | refused
    status = 422 if refused else 200
    return render(request, "trial/infusion.html", context, status=status)


def try_act(
    request: PersonRequest,
    row: Infusion,
    name: str,
    form: forms.BaseForm,
    act: Callable[[], object],
) -> HttpResponse:
    """Try `act` with a valid form, and show the sheet again where it is refused.

    What the infusion's state forbids has no form any more: the sheet shows as it is.
    """
    if form.is_valid():
        attempt(form, lambda: _on_duty(request, row, act))
    if form.has_error(NON_FIELD_ERRORS, "state"):
        messages.error(request, " ".join(map(str, form.non_field_errors())))
        return redirect("infusion", row.pk)
    if form.is_valid():
        return redirect("infusion", row.pk)
    return page(request, row, **{name: form})


def _on_duty(request: PersonRequest, row: Infusion, act: Callable[[], T]) -> T:
    """Act as who gives this participant's infusions, and so rates none of them."""
    duty = Assignment.Duty.INFUSION_NURSE
    assignments.take(row.participant, request.user, duty)
    return act()


@require_POST
def start(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    form = StartForm(request.POST)
    return try_act(
        request,
        row,
        "start",
        form,
        lambda: infusions.start(row, at=form.cleaned_data["started_at"]),
    )


@require_POST
def stop(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    form = StopForm(request.POST)
    return try_act(
        request,
        row,
        "stop",
        form,
        lambda: infusions.stop(
            row,
            at=form.cleaned_data["stopped_at"],
            pain_reported=form.cleaned_data["pain_reported"],
            by=request.user,
        ),
    )


@require_POST
def interrupt(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    form = InterruptionForm(request.POST)
    return try_act(
        request,
        row,
        "interruption",
        form,
        lambda: infusions.interrupt(row, **form.cleaned_data),
    )


@require_POST
def not_given(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    form = FailForm(request.POST)
    return try_act(
        request,
        row,
        "not_given",
        form,
        lambda: infusions.do_not_give(row, reason=form.cleaned_data["reason"]),
    )


@require_POST
def read(request: PersonRequest, pk: int) -> HttpResponse:
    """Record one reading of the vital signs, and say which limits it passes."""
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    plan = schedule.protocol_of(row.participant).infusion
    form = VitalSignsForm(
        request.POST,
        minutes=plan.clock_minutes,
        started_at=row.started_at,
        instance=VitalSigns(infusion=row, participant_id=row.participant_id),
    )
    if form.is_valid():
        record = partial(infusions.record_reading, form.instance)
        reading = attempt(form, lambda: _on_duty(request, row, record))
        for words in infusions.warnings_of(row, reading) if reading else ():
            messages.warning(request, _("Limit passed: %(words)s.") % {"words": words})
    if form.is_valid():
        return redirect("infusion", row.pk)
    return page(request, row, reading=form)
