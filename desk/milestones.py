"""The milestones that the principal investigator signs, and what each uncovers."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, require
from accounts.models import ROLE_LABELS, Milestone, User
from accounts.roles import CONCEALED, may
from accounts.tabs import setup_tabs
from records import signing
from records.attempt import attempt
from records.models import Signature

WORDS = {
    "pain_group": gettext_lazy("the pain group of a participant"),
    "earlier_scores": gettext_lazy("scores that another person rated"),
    "results_by_group": gettext_lazy("results by group"),
}


class SignForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@require_GET
def milestones(request: PersonRequest) -> HttpResponse:
    require(request, "setup.view")
    return show(request)


def show(
    request: PersonRequest, form: SignForm | None = None, code: str = ""
) -> HttpResponse:
    signed = {row.code: row for row in Milestone.objects.select_related("signed_by")}
    lines = [
        {
            "code": milestone,
            "label": label,
            "signed": signed.get(milestone),
            "concealed": concealed_until(milestone),
            "form": (form if milestone == code else None)
            or SignForm(auto_id=f"{milestone}_%s"),
        }
        for milestone, label in Milestone.LABELS.items()
    ]
    context = {
        "lines": lines,
        "form": form,
        "may_sign": may(request.standing.roles, "milestone.sign"),
        "tabs": setup_tabs(request),
    }
    status = 422 if form is not None else 200
    return render(request, "desk/milestones.html", context, status=status)


def concealed_until(milestone: str) -> list[dict[str, Any]]:
    """What this milestone uncovers, from whom, and who knows it in any case."""
    return [
        {
            "what": WORDS[what],
            "roles": [ROLE_LABELS[role] for role in sorted(concealed.roles)],
            "known_by_entering": bool(concealed.known_by_entering),
        }
        for what, concealed in CONCEALED.items()
        if concealed.until == milestone
    ]


@require_POST
def sign_milestone(request: PersonRequest, code: str) -> HttpResponse:
    """Sign that it is reached. Signed before, nothing more is written."""
    require(request, "milestone.sign")
    if code not in Milestone.LABELS:
        raise Http404(_("There is no such milestone."))
    form = SignForm(request.POST, auto_id=f"{code}_%s")
    if form.is_valid():
        password = form.cleaned_data["password"]
        attempt(form, lambda: reach(code, by=request.user, password=password))
    if form.errors:
        return show(request, form, code)
    return redirect("milestones")


def reach(code: str, *, by: User, password: str) -> Milestone:
    signing.check_password(by, password)
    row, made = Milestone.objects.get_or_create(code=code, defaults={"signed_by": by})
    if made:
        content = {"milestone": code, "uncovers": sorted(uncovered(code))}
        meaning = Signature.Meaning.APPROVED
        signing.sign(row, by=by, meaning=meaning, content=content)
    return row


def uncovered(code: str) -> list[str]:
    return [what for what, concealed in CONCEALED.items() if concealed.until == code]
