"""Source verification: the form field by field, progress by site, the plan."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from accounts.access import PersonRequest, get_allowed, require, visible
from accounts.roles import may
from desk import progress
from desk.form_fields import fields_of
from desk.places import form_name, form_url
from records import verification
from records.attempt import attempt
from records.models import Form, VerificationPlan
from trial.models import Participant, Visit
from trial.schedule import visit_label


class PlanForm(forms.ModelForm[VerificationPlan]):
    critical = forms.CharField(
        label=gettext_lazy("Critical fields"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line: madrs.MADRS110, or madrs for all of it."),
    )

    class Meta:
        model = VerificationPlan
        fields = ("kind", "every", "critical", "reason")

    def clean_critical(self) -> list[str]:
        return sorted(set(self.cleaned_data["critical"].split()))


@require_http_methods(["GET", "POST"])
def verify(request: PersonRequest, pk: int) -> HttpResponse:
    """One form for the monitor: v verifies the next field, a button the whole form."""
    action = "history.view" if request.method == "GET" else "form.verify"
    form = get_allowed(request, action, Form.objects.all(), pk=pk)
    fields = fields_of(form)
    refusal = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        wanted = request.POST.get("field")
        seen = [one.seen for one in fields if wanted in (None, one.code)]
        attempt(refusal, lambda: verification.verify(form, seen, by=request.user))
        if not refusal.errors:
            return redirect("verify", pk)
    participant = Participant.objects.get(pk=form.participant_id)
    standing = verification.standing(form)
    plan, place = verification.plan_in_force(), progress.place_of(participant)
    context = {
        "form": refusal,
        "about": form,
        "participant": participant,
        "name": form_name(form.code),
        "visit": visit_label(form.about) if isinstance(form.about, Visit) else "",
        "url": form_url(form),
        "plan": plan,
        "lines": [
            (one, standing.get(one.code), plan.asks(form.code, one.code, place))
            for one in fields
        ],
        "next": progress.next_field(form, plan, place, fields, standing),
        "next_form": progress.next_form(request, form),
        "may_verify": may(request.standing.at_site(form.site_id), "form.verify"),
    }
    status = 422 if refusal.errors else 200
    return render(request, "desk/verify.html", context, status=status)


@require_GET
def verification_page(request: PersonRequest) -> HttpResponse:
    """How far each site is, and the forms that wait for the monitor."""
    waiting = visible(request, "history.view", Form.objects.all())
    return page(request, waiting, PlanForm(initial=initial_of_plan()))


def initial_of_plan() -> dict[str, Any]:
    plan = verification.plan_in_force()
    return {
        "kind": plan.kind,
        "every": plan.every,
        "critical": "\n".join(plan.critical),
    }


def page(request: PersonRequest, waiting: Any, form: PlanForm) -> HttpResponse:
    context = {
        "form": form,
        "plan": verification.plan_in_force(),
        "sites": progress.by_site(request.standing.places("site", "history.view")),
        "lines": progress.waiting(waiting),
        "may_review": True,
        "may_verify": may(request.standing.roles, "form.verify"),
        "may_plan": may(request.standing.roles, "verification.plan"),
    }
    status = 422 if form.errors else 200
    return render(request, "desk/verification.html", context, status=status)


@require_POST
def verify_many(request: PersonRequest) -> HttpResponse:
    """Verify every field of the forms that were chosen."""
    rows = visible(request, "form.verify", Form.objects.all())
    chosen = [int(pk) for pk in request.POST.getlist("form") if pk.isdecimal()]
    for form in rows.filter(pk__in=chosen, completion=Form.Completion.COMPLETE):
        seen = [one.seen for one in fields_of(form)]
        verification.verify(form, seen, by=request.user)
    return redirect("verification")


@require_POST
def plan_set(request: PersonRequest) -> HttpResponse:
    """The data manager sets how much is verified from now on."""
    require(request, "verification.plan")
    form = PlanForm(request.POST, instance=VerificationPlan(set_by=request.user))
    if form.is_valid():
        form.save()
        return redirect("verification")
    waiting = visible(request, "history.view", Form.objects.all())
    return page(request, waiting, form)
