"""Specimens: drawn at a visit, found by their bar code."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import PersonRequest, get_allowed
from accounts.models import Laboratory
from accounts.roles import may
from labs import drawing
from labs.models import Specimen
from labs.views.tubes import SPECIMENS, laboratory_page
from records.attempt import attempt
from trial.leaving import blood_withdrawn_on
from trial.models import Visit
from trial.schedule import type_of, visit_label

CONDITIONS = ("fasted", "fever", "infection", "vaccine", "smoked")
VISITS = Visit.objects.select_related("participant__site")


class DrawForm(forms.Form):
    laboratory = forms.ModelChoiceField(
        label=_("Laboratory"), queryset=Laboratory.objects.all()
    )
    drawn_at = forms.DateTimeField(
        label=_("Drawn at"),
        required=False,
        help_text=_("24-hour clock, for example 2026-03-09 08:30"),
    )
    missing_reason = forms.CharField(
        label=_("Why there is none"), max_length=200, required=False
    )

    fasted = forms.NullBooleanField(label=_("Fasted overnight"), required=False)
    fever = forms.NullBooleanField(label=_("Fever today"), required=False)
    infection = forms.NullBooleanField(
        label=_("Infection within 14 days"), required=False
    )
    vaccine = forms.NullBooleanField(label=_("Vaccine within 14 days"), required=False)
    smoked = forms.NullBooleanField(label=_("Smokes"), required=False)

    def clean_drawn_at(self) -> Any:
        at = self.cleaned_data["drawn_at"]
        if at and at > timezone.now():
            raise forms.ValidationError(_("This time is in the future."), code="future")
        return at


@require_http_methods(["GET", "POST"])
def specimen(request: PersonRequest, pk: int) -> HttpResponse:
    """The blood of a visit: recorded once, as drawn or as missing with its reason."""
    action = "participant.view" if request.method == "GET" else "specimen.draw"
    visit = get_allowed(request, action, VISITS, pk=pk)
    if not type_of(visit).specimens:
        raise Http404(_("No blood is drawn at this visit."))
    drawn = Specimen.objects.filter(visit=visit).select_related("laboratory").first()
    now = timezone.localtime().replace(second=0, microsecond=0)
    form = DrawForm(
        request.POST or None,
        initial={"drawn_at": now, "laboratory": Laboratory.objects.first()},
    )
    if request.method == "POST" and drawn is None and form.is_valid():
        values = form.cleaned_data
        attempt(
            form,
            lambda: drawing.draw(
                visit,
                values["laboratory"],
                at=values["drawn_at"],
                missing_reason=values["missing_reason"],
                conditions={name: values[name] for name in CONDITIONS},
                by=request.user,
            ),
        )
    if request.method == "POST" and form.is_valid():
        return redirect("specimen", pk)
    context = {
        "visit": visit,
        "visit_label": visit_label(visit),
        "participant": visit.participant,
        "specimen": drawn,
        "blood_withdrawn_on": blood_withdrawn_on(visit.participant),
        "form": form,
        "may_ask": may(request.standing.at_site(visit.site_id), "query.raise"),
        "may_draw": may(request.standing.at_site(visit.site_id), "specimen.draw"),
    }
    status = 422 if form.errors else 200
    return render(request, "labs/specimen.html", context, status=status)


@require_GET
def by_code(request: PersonRequest, code: str) -> HttpResponse:
    """Clinic people are led to the visit, lab people see the code and its results."""
    roles = request.standing.roles
    if may(roles, "participant.view") and not may(roles, "plate.judge"):
        row = get_allowed(request, "specimen.view", Specimen.objects.all(), code=code)
        return redirect("specimen", row.visit_id)
    row = get_allowed(request, "plate.view", SPECIMENS, path="laboratory", code=code)
    return laboratory_page(request, row)
