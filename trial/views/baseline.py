"""Baseline characteristics: entered once, changed with a reason."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, get_allowed
from accounts.roles import may
from records.attempt import attempt
from records.context import acting
from records.forms import Place, begun, complete, form_of
from records.queries import threads_of
from trial import edit_checks
from trial.forms import BaselineForm, ReasonField, VersionField
from trial.models import Baseline, Participant

CODE = "baseline"


@require_http_methods(["GET", "POST"])
def baseline(request: PersonRequest, subject_id: str) -> HttpResponse:
    action = "participant.view" if request.method == "GET" else "participant.edit"
    participant = get_allowed(
        request, action, Participant.objects.all(), subject_id=subject_id
    )
    form = form_for(request, participant)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: save(form, participant, request))
        if form.is_valid():
            messages.success(request, _("Baseline characteristics saved."))
            return redirect("participant", subject_id)
        if form.has_error(NON_FIELD_ERRORS, "changed_meanwhile"):
            show_theirs(form, participant)
    context = {"participant": participant, "form": form}
    context |= beside(request, participant, form)
    status = 422 if form.errors else 200
    return render(request, "trial/baseline.html", context, status=status)


def beside(
    request: PersonRequest, participant: Participant, form: BaselineForm
) -> dict[str, Any]:
    """Each question with the threads that hang on it, and what may be done there."""
    state = begun(participant, CODE)
    threads = threads_of(state)
    roles = request.standing.at_site(participant.site_id)
    return {
        "state": state,
        "fields": [(f, threads.get(f.name, [])) for f in form.visible_fields()],
        "asking": sum(query.is_asking for of in threads.values() for query in of),
        "may_ask": may(roles, "query.raise"),
        "may_see_history": may(roles, "history.view"),
    }


def form_for(request: PersonRequest, participant: Participant) -> BaselineForm:
    """The questions, with the version that they were shown in."""
    row = Baseline.objects.filter(participant=participant).first()
    form = BaselineForm(
        request.POST or None,
        instance=row or Baseline(participant=participant),
        arm=participant.arm,
    )
    form.fields["version"] = VersionField(initial=version_of(participant))
    if row is not None:
        form.fields["reason"] = ReasonField()
    return form


def version_of(participant: Participant) -> int:
    state = begun(participant, CODE)
    return state.version if state else 0


def save(form: BaselineForm, participant: Participant, request: PersonRequest) -> None:
    """The row and its form's state, together."""
    reason = form.cleaned_data.get("reason", "")
    with acting(reason=reason):
        form.save()
        place = Place(participant.site_id, participant.pk)
        state = form_of(participant, CODE, place)
        version = form.cleaned_data["version"]
        complete(state, by=request.user, version=version, reason=reason)
        edit_checks.run(participant.pk, state)


def show_theirs(form: BaselineForm, participant: Participant) -> None:
    """What the other person entered beside what was typed; sent again, it counts."""
    theirs = Baseline.objects.get(participant=participant)
    for name in list(form.cleaned_data):
        other = getattr(theirs, name, None)
        if name in form.Meta.fields and other != form.cleaned_data[name]:
            words = _("The other person entered %(value)s.") % {"value": other}
            form.add_error(name, words)
    form.data = dict(form.data.items()) | {"version": version_of(participant)}
