"""Who a participant is: for the few who meet them; every reading leaves an event."""

from dataclasses import asdict

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, get_allowed, record_access
from accounts.models import AccessEvent
from records.attempt import attempt
from trial import identity as identities
from trial.forms import ReasonField
from trial.identity import Person
from trial.models import Participant


class IdentityForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    phone = forms.CharField(
        label=gettext_lazy("Telephone"), max_length=40, required=False
    )
    national_id = forms.CharField(
        label=gettext_lazy("National id"), max_length=40, required=False
    )


@require_http_methods(["GET", "POST"])
def identity(request: PersonRequest, subject_id: str) -> HttpResponse:
    participant = get_allowed(
        request, "identity.view", Participant.objects.all(), subject_id=subject_id
    )
    try:
        known = identities.person_of(participant)
        identities.master()
    except ValidationError as problem:
        return show(request, participant, problem=problem.messages[0])
    if known is not None:
        record_access(
            request,
            AccessEvent.Kind.READ_IDENTITY,
            person=request.user,
            what=participant.subject_id,
        )
    form = IdentityForm(request.POST or None, initial=asdict(known) if known else {})
    if known is not None:
        form.fields["reason"] = ReasonField()
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: save(participant, form))
        if form.is_valid():
            messages.success(request, _("Identifying data saved."))
            return redirect("identity", subject_id)
    return show(request, participant, form)


def save(participant: Participant, form: forms.Form) -> None:
    values = dict(form.cleaned_data)
    reason = values.pop("reason", "")
    identities.record(participant, Person(**values), reason=reason)


def show(
    request: PersonRequest,
    participant: Participant,
    form: IdentityForm | None = None,
    problem: str = "",
) -> HttpResponse:
    context = {"participant": participant, "form": form, "problem": problem}
    status = 422 if form is not None and form.errors else 200
    answer = render(request, "trial/identity.html", context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
