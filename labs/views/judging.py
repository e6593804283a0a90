"""Where a plate is judged: what the rules say, and the acts of two people."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, get_allowed
from labs import judging
from labs.models import Measurement, Plate, Specimen
from labs.results import standing_before, values_on
from labs.views.plates import frame
from records import signing
from records.attempt import attempt

PLATES = Plate.objects.select_related(
    "upload", "laboratory", "judged_by", "approved_by"
)
FLAGS = dict(Measurement.RangeFlag.choices)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
    analyte = forms.CharField(max_length=80, required=False)


class PasswordForm(forms.Form):
    """The password stands before the act of signing."""

    password = forms.CharField(label=_("Your password"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    earlier = forms.ChoiceField(choices=Plate.Earlier.choices, required=False)


@require_GET
def judgement(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "plate.view", PLATES, path="laboratory", pk=pk)
    return page(request, row)


def page(request: PersonRequest, row: Plate, *errors: str) -> HttpResponse:
    context = frame(request, row, "plate_judgement")
    chosen = context["chosen"]
    may_judge, state = context["may_judge"], Plate.State(row.state)
    context |= {
        "verdict": judging.verdict_on([one["row"] for one in context["quality"]]),
        "failing": judging.failing_analytes(row),
        "wells": row.wells.values_list("name", flat=True),
        "values": values_shown(row, chosen.analyte_name) if chosen else [],
        "earlier": Plate.Earlier.choices if standing_before(row) else [],
        "may_judge": may_judge and state == Plate.State.READ,
        "may_approve": may_judge
        and state == Plate.State.ACCEPTED
        and row.judged_by_id != request.user.pk,
        "errors": errors,
        "typed": request.POST,
    }
    status = 422 if errors else 200
    return render(request, "labs/plate_judgement.html", context, status=status)


def values_shown(plate: Plate, name: str) -> list[dict[str, Any]]:
    """What the specimens would get, or got, of one analyte: code, value, flag."""
    code_of = dict(
        Specimen.objects.filter(wells__plate=plate).values_list("pk", "code")
    )
    rows = [
        {
            "code": code_of[specimen],
            "value": value,
            "flag": FLAGS[value.flag],
        }
        for specimen, _row, value in values_on(plate, name)
    ]
    return sorted(rows, key=lambda row: row["code"])


@require_POST
def exclude(request: PersonRequest, pk: int, well: str) -> HttpResponse:
    """Leave a well out: for the analyte named, or whole."""
    row = get_allowed(request, "plate.judge", PLATES, path="laboratory", pk=pk)
    place = get_object_or_404(row.wells, name=well)
    form = ReasonForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        if said["analyte"]:
            get_object_or_404(place.measurements, analyte_name=said["analyte"])
        attempt(form, lambda: judging.exclude_well(row, well, by=request.user, **said))
    return answer(request, row, form)


@require_POST
def reject_analyte(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "plate.judge", PLATES, path="laboratory", pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        name, reason = form.cleaned_data["analyte"], form.cleaned_data["reason"]
        get_object_or_404(row.analytes, analyte_name=name)
        attempt(
            form,
            lambda: judging.reject_analyte(row, name, reason=reason, by=request.user),
        )
    return answer(request, row, form)


@require_POST
def reject(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "plate.judge", PLATES, path="laboratory", pk=pk)
    return signed(
        request,
        row,
        lambda said: judging.reject(row, reason=said["reason"], by=request.user),
    )


@require_POST
def accept(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "plate.judge", PLATES, path="laboratory", pk=pk)
    return signed(
        request,
        row,
        lambda said: judging.accept(
            row,
            by=request.user,
            reason=said["reason"],
            earlier=said["earlier"] or Plate.Earlier.REPEAT,
        ),
    )


@require_POST
def approve(request: PersonRequest, pk: int) -> HttpResponse:
    """The second reader signs; only now there are results."""
    row = get_allowed(request, "plate.judge", PLATES, path="laboratory", pk=pk)
    return signed(request, row, lambda said: judging.approve(row, by=request.user))


@require_POST
def send_back(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "plate.judge", PLATES, path="laboratory", pk=pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(form, lambda: judging.send_back(row, reason=reason, by=request.user))
    return answer(request, row, form)


def signed(
    request: PersonRequest, row: Plate, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Do what is signed, once the person has proved who they are."""
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            signing.check_password(request.user, form.cleaned_data["password"])
        except ValidationError as refusal:
            return page(request, row, *refusal.messages)
        attempt(form, lambda: act(form.cleaned_data))
    return answer(request, row, form)


def answer(request: PersonRequest, row: Plate, form: forms.BaseForm) -> HttpResponse:
    if form.is_valid():
        return redirect("plate_judgement", row.pk)
    errors = [str(text) for texts in form.errors.values() for text in texts]
    return page(request, row, *errors)
