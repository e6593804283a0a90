"""A visit that the protocol does not ask for, with the instruments chosen for it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, get_allowed
from assessments.instruments import INSTRUMENTS
from records.attempt import attempt
from trial import visits
from trial.models import Participant
from trial.visit_forms import UnscheduledForm


@require_http_methods(["GET", "POST"])
def unscheduled(request: PersonRequest, subject_id: str) -> HttpResponse:
    participant = get_allowed(
        request,
        "visit.add",
        Participant.objects.select_related("site"),
        subject_id=subject_id,
    )
    form = UnscheduledForm(
        request.POST or None,
        instruments=[
            (scale.code, scale.abbreviation) for scale in INSTRUMENTS.values()
        ],
        initial={"on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        attempt(form, lambda: visits.add_unscheduled(participant, **values))
        if form.is_valid():
            return redirect("participant", subject_id)
    context = {"participant": participant, "form": form}
    status = 422 if form.errors else 200
    return render(request, "desk/unscheduled.html", context, status=status)
