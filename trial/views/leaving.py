"""The pages on which a participant's part in the trial ends."""

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, get_allowed
from accounts.roles import may
from records import signing
from records.attempt import attempt
from trial import enrolment, leaving
from trial.deviation_forms import SignForm
from trial.endings import COLLECTED_STAYS, ENDINGS, effects
from trial.leaving_forms import ContactForm, LeaveForm, LostForm, SinceForm
from trial.models import Ending, Participant

PARTICIPANTS = Participant.objects.select_related("site")
ENDED = Ending.objects.select_related("participant__site", "recorded_by")


@require_http_methods(["GET", "POST"])
def leave(request: PersonRequest, subject_id: str) -> HttpResponse:
    """Treatment, visits, data, stored blood and consent: asked one by one."""
    row = get_allowed(request, "participant.leave", PARTICIPANTS, subject_id=subject_id)
    recorded = frozenset(row.endings.values_list("code", flat=True))
    form = LeaveForm(request.POST or None, recorded=recorded, initial=since_today())
    if request.method == "POST" and form.is_valid():
        on, reason = form.cleaned_data["on"], form.cleaned_data["reason"]
        codes = form.codes
        attempt(
            form,
            lambda: leaving.leave(row, codes, on=on, reason=reason, by=request.user),
        )
        if form.is_valid():
            return redirect("participant", subject_id)
    more = {"note": _(COLLECTED_STAYS), "answers": True}
    return shown(request, row, form, _("Leaving the trial"), _("Record it"), **more)


@require_http_methods(["GET", "POST"])
def lost(request: PersonRequest, subject_id: str) -> HttpResponse:
    row = get_allowed(request, "participant.leave", PARTICIPANTS, subject_id=subject_id)
    form = LostForm(request.POST or None, initial=since_today())
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        attempt(form, lambda: leaving.leave(row, ["lost"], **values, by=request.user))
        if form.is_valid():
            return redirect("participant", subject_id)
    done = "; ".join(_(words) for words in effects(ENDINGS["lost"]))
    return shown(request, row, form, _("Lost to follow-up"), _("Record it"), note=done)


@require_http_methods(["GET", "POST"])
def complete(request: PersonRequest, subject_id: str) -> HttpResponse:
    row = get_allowed(request, "participant.leave", PARTICIPANTS, subject_id=subject_id)
    form = SinceForm(request.POST or None, initial=since_today())
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        attempt(form, lambda: enrolment.complete(row, on=on, by=request.user))
        if form.is_valid():
            return redirect("participant", subject_id)
        row.refresh_from_db()
    note = _("Every visit must be entered or closed.")
    return shown(request, row, form, _("Complete the trial"), _("Complete"), note=note)


@require_http_methods(["GET", "POST"])
def contacts(request: PersonRequest, subject_id: str) -> HttpResponse:
    """The attempts to reach a person who did not come."""
    action = "participant.view" if request.method == "GET" else "contact.record"
    row = get_allowed(request, action, PARTICIPANTS, subject_id=subject_id)
    now = timezone.localtime().replace(second=0, microsecond=0)
    form = ContactForm(request.POST or None, initial={"at": now})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        attempt(form, lambda: leaving.record_contact(row, **values, by=request.user))
        if form.is_valid():
            return redirect("contacts", subject_id)
    roles = request.standing.at_site(row.site_id)
    context = {
        "participant": row,
        "form": form,
        "tries": row.contact_attempts.select_related("tried_by"),
        "needed": ENDINGS["lost"].contacts,
        "may_record": may(roles, "contact.record"),
        "may_end": may(roles, "participant.leave")
        and row.state in leaving.IN_THE_TRIAL,
    }
    status = 422 if form.errors else 200
    return render(request, "trial/contacts.html", context, status=status)


@require_http_methods(["GET", "POST"])
def sign(request: PersonRequest, pk: int) -> HttpResponse:
    """The investigator signs what ended."""
    row = get_allowed(request, "ending.sign", ENDED, pk=pk)
    form = SignForm(request.POST or None)

    def act() -> None:
        signing.check_password(request.user, form.cleaned_data["password"])
        leaving.sign(row, by=request.user)

    if request.method == "POST" and form.is_valid():
        attempt(form, act)
        if form.is_valid():
            messages.success(request, _("Signed."))
            return redirect("participant", row.participant.subject_id)
    note = _("%(ending)s since %(on)s: %(reason)s") % {
        "ending": row.get_code_display(),
        "on": row.ended_on,
        "reason": row.reason,
    }
    title = _("Sign how it ended")
    return shown(request, row.participant, form, title, _("Sign"), note=note)


def since_today() -> dict[str, Any]:
    return {"on": timezone.localdate()}


def shown(
    request: PersonRequest,
    participant: Participant,
    form: BaseForm,
    title: str,
    act: str,
    **more: object,
) -> HttpResponse:
    context = {
        "participant": participant,
        "form": form,
        "title": title,
        "act": act,
        **more,
    }
    status = 422 if form.errors else 200
    return render(request, "trial/leaving.html", context, status=status)
