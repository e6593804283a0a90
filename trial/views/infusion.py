"""The record of one infusion: weight and dose, start, readings, stop."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, get_allowed
from records.attempt import attempt
from trial import infusions, schedule
from trial.forms import (
    FailForm,
    InterruptionForm,
    StartForm,
    StopForm,
    VitalSignsForm,
)
from trial.models import Infusion, VitalSigns

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
    plan = schedule.protocol_of(row.participant).infusion
    now = timezone.localtime().replace(second=0, microsecond=0)
    readings = list(row.vital_signs.all())
    done = {reading.minute for reading in readings}
    due = tuple(minute for minute in plan.clock_minutes if minute not in done)
    upcoming = [minute for minute in due if not done or minute > max(done)]
    blank = {
        "start": StartForm(auto_id="start_%s", initial={"started_at": now}),
        "stop": StopForm(auto_id="stop_%s", initial={"stopped_at": now}),
        "interruption": InterruptionForm(auto_id="pause_%s", initial={"since": now}),
        "not_given": FailForm(auto_id="not_given_%s"),
        "reading": VitalSignsForm(
            minutes=due,
            initial={"observed_at": now, "minute": next(iter(upcoming), None)},
        ),
    }
    context = {
        "infusion": row,
        "participant": row.participant,
        "plan": plan,
        "readings": [(r, infusions.warnings_of(row, r)) for r in readings],
        "due": due,
        "forms": blank | refused,
        "interruptions": row.interruptions.all(),
    }
    status = 422 if refused else 200
    return render(request, "trial/infusion.html", context, status=status)


def _act(
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
        attempt(form, act)
    if form.has_error(NON_FIELD_ERRORS, "state"):
        messages.error(request, " ".join(map(str, form.non_field_errors())))
        return redirect("infusion", row.pk)
    if form.is_valid():
        return redirect("infusion", row.pk)
    return page(request, row, **{name: form})


@require_POST
def start(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    form = StartForm(request.POST)
    return _act(
        request,
        row,
        "start",
        form,
        lambda: infusions.start(
            row,
            weight_kg=form.cleaned_data["weight_kg"],
            at=form.cleaned_data["started_at"],
        ),
    )


@require_POST
def stop(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    form = StopForm(request.POST)
    return _act(
        request,
        row,
        "stop",
        form,
        lambda: infusions.stop(
            row,
            at=form.cleaned_data["stopped_at"],
            pain_reported=form.cleaned_data["pain_reported"],
        ),
    )


@require_POST
def interrupt(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    form = InterruptionForm(request.POST)
    return _act(
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
    return _act(
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
        instance=VitalSigns(infusion=row, participant_id=row.participant_id),
    )
    if form.is_valid():
        reading = attempt(form, lambda: infusions.record_reading(form.instance))
        for words in infusions.warnings_of(row, reading) if reading else ():
            messages.warning(request, _("Limit passed: %(words)s.") % {"words": words})
    if form.is_valid():
        return redirect("infusion", row.pk)
    return page(request, row, reading=form)
