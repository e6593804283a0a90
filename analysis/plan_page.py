"""A plan as a statistician reads it, and the signature that lets it be run."""

from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, require
from accounts.roles import may
from analysis.plan import Analysis, Plan
from analysis.plan.text import differences, sha256_of_plan
from analysis.plan_signing import sign_plan, signature_of
from analysis.plans import PLANS
from analysis.titles import title_of
from records import signing
from records.attempt import attempt


class SignForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )


@dataclass(frozen=True)
class ModelLine:
    title: str
    formula: str
    covariance: str
    ddf: str
    population: str
    family: str
    improper: str


def model_line(plan: Plan, analysis: Analysis) -> ModelLine:
    """One analysis; columns it has not are empty."""
    own = vars(analysis)
    named = (own.get(name) for name in ("column", "x", "m", "y", "analyte"))
    columns = [*(own.get("columns") or ()), *(one for one in named if one)]
    endpoint = own.get("endpoint")
    words = _(endpoint.words) if endpoint else ", ".join(columns)
    random = own.get("random") and f"{own['random']} | {own['subject']}"
    return ModelLine(
        title=title_of(analysis),
        formula=own.get("formula") or own.get("cox") or words,
        covariance=random or own.get("repeated") or own.get("covariance") or "",
        ddf=own.get("ddf", ""),
        population=" ".join(
            (plan.population_of(analysis).code, own.get("subset") or "")
        ).strip(),
        family=analysis.family,
        improper=_(analysis.improper) if analysis.improper else "",
    )


def plan_or_404(code: str, version: str) -> Plan:
    plan = PLANS.get((code, version))
    if plan is None:
        raise Http404(_("There is no such plan."))
    return plan


@require_GET
def plan(request: PersonRequest, code: str, version: str) -> HttpResponse:
    require(request, "plan.view")
    return show(request, plan_or_404(code, version), SignForm())


def show(request: PersonRequest, plan: Plan, form: SignForm) -> HttpResponse:
    before = version_before(plan)
    context = {
        "plan": plan,
        "form": form,
        "sha256": sha256_of_plan(plan),
        "signature": signature_of(plan),
        "may_sign": may(request.standing.roles, "plan.sign"),
        "models": [model_line(plan, analysis) for analysis in plan.analyses],
        "before": before.version if before else "",
        "differences": differences(before, plan) if before else [],
    }
    status = 422 if form.errors else 200
    return render(request, "analysis/plan.html", context, status=status)


def version_before(plan: Plan) -> Plan | None:
    """The version of the same plan that was released before this one."""
    versions = [one for one in PLANS.values() if one.code == plan.code]
    place = versions.index(plan)
    return versions[place - 1] if place else None


@require_POST
def sign(request: PersonRequest, code: str, version: str) -> HttpResponse:
    """Sign a plan: the password stands before the act. Signed twice is once."""
    require(request, "plan.sign")
    found, form = plan_or_404(code, version), SignForm(request.POST)

    def act() -> bool:
        signing.check_password(request.user, form.cleaned_data["password"])
        sign_plan(found, by=request.user)
        return True

    if not form.is_valid() or attempt(form, act) is None:
        return show(request, found, form)
    return redirect("plan", code, version)
