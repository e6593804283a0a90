"""Baseline characteristics: entered once, changed with a reason."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, get_allowed
from records.attempt import attempt
from records.context import acting
from records.forms import Place, complete, form_of
from trial.forms import BaselineForm, ReasonField
from trial.models import Baseline, Participant

CODE = "baseline"


@require_http_methods(["GET", "POST"])
def baseline(request: PersonRequest, subject_id: str) -> HttpResponse:
    action = "participant.view" if request.method == "GET" else "participant.edit"
    participant = get_allowed(
        request, action, Participant.objects.all(), subject_id=subject_id
    )
    row = Baseline.objects.filter(participant=participant).first()
    known = row is not None
    row = row or Baseline(participant=participant)
    form = BaselineForm(request.POST or None, instance=row, arm=participant.arm)
    if known:
        form.fields["reason"] = ReasonField()
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        attempt(form, lambda: save(form, participant, request, reason))
        if form.is_valid():
            messages.success(request, _("Baseline characteristics saved."))
            return redirect("participant", subject_id)
    context = {"participant": participant, "form": form}
    return render(request, "trial/baseline.html", context)


def save(
    form: BaselineForm, participant: Participant, request: PersonRequest, reason: str
) -> None:
    """The row and its form's state, together."""
    with acting(reason=reason):
        form.save()
        place = Place(participant.site_id, participant.pk)
        state = form_of(participant, CODE, place)
        complete(state, by=request.user, reason=reason)
