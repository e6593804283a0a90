"""Changing a course: an infusion moved, a visit missed, a form not done, holidays."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, get_allowed
from records import forms
from records.attempt import attempt
from records.models import Form
from trial import schedule, visits
from trial.models import Infusion, Participant, Visit
from trial.moving import Shift
from trial.visit_forms import ConfirmMoveForm, MissedForm, MoveForm, NotDoneForm

INFUSIONS = Infusion.objects.select_related("participant__site")
VISITS = Visit.objects.select_related("participant__site")


@require_http_methods(["GET", "POST"])
def infusion_move(request: PersonRequest, pk: int) -> HttpResponse:
    """A new day (`?to=`), what it does to the course, then the reason that moves it."""
    row = get_allowed(request, "schedule.move", INFUSIONS, pk=pk)
    asked = request.POST if request.method == "POST" else request.GET
    day = MoveForm(asked if "to" in asked else None, initial={"to": row.planned_on})
    found: tuple[Shift, ...] = ()
    if day.is_valid():
        to = day.cleaned_data["to"]
        found = attempt(day, lambda: schedule.moved_by(row, to)) or found
    confirm = None
    if day.is_valid():
        posted = request.POST if request.method == "POST" else None
        confirm = ConfirmMoveForm(posted, initial={"to": day.cleaned_data["to"]})
    if request.method == "POST" and confirm is not None and confirm.is_valid():
        values = confirm.cleaned_data
        attempt(confirm, lambda: schedule.move_infusion(row, **values))
        if confirm.is_valid():
            messages.success(request, _("The course is planned anew."))
            return redirect("participant", row.participant.subject_id)
    refused = day if day.errors else confirm
    context = {
        "infusion": row,
        "participant": row.participant,
        "day_form": day,
        "confirm": confirm,
        "form": refused,
        "shifts": found,
        "n_breaks": sum(bool(shift.breaks) for shift in found),
    }
    status = 422 if refused is not None and refused.errors else 200
    return render(request, "trial/infusion_move.html", context, status=status)


@require_http_methods(["GET", "POST"])
def visit_missed(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "visit.close", VISITS, pk=pk)
    form = MissedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(form, lambda: visits.miss(row, reason=reason))
        if form.is_valid():
            return redirect("participant", row.participant.subject_id)
    context = {
        "participant": row.participant,
        "form": form,
        "title": _("%(visit)s was missed") % {"visit": schedule.visit_label(row)},
        "effect": _(
            "Its forms are closed with this reason and the log of deviations says so. "
            "If the participant comes after all, the first form entered opens it again."
        ),
        "act": _("Mark it missed"),
    }
    status = 422 if form.errors else 200
    return render(request, "trial/reason.html", context, status=status)


@require_http_methods(["GET", "POST"])
def form_not_done(request: PersonRequest, pk: int) -> HttpResponse:
    """The visit took place and this form of it was not done."""
    row = get_allowed(request, "visit.close", Form.objects.all(), pk=pk)
    participant = Participant.objects.select_related("site").get(pk=row.participant_id)
    form = NotDoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(form, lambda: forms.mark_not_done(row, reason=reason))
        if form.is_valid():
            return redirect("participant", participant.subject_id)
    context = {
        "participant": participant,
        "form": form,
        "title": _("%(form)s was not done") % {"form": row.code.upper()},
        "effect": _("The form is closed with this reason; entering it opens it again."),
        "act": _("Mark it not done"),
    }
    status = 422 if form.errors else 200
    return render(request, "trial/reason.html", context, status=status)
