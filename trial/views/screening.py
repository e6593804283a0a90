"""The screening log, eligibility, consent, enrolment."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import PersonRequest, get_allowed, visible
from accounts.models import Site
from accounts.roles import may
from records.attempt import attempt
from trial import consents, enrolment, schedule
from trial.forms import ConsentForm, CriteriaForm, EnrolForm, FailForm, ScreenForm
from trial.models import Participant
from trial.protocol import Criterion


@require_GET
def screening_log(request: PersonRequest) -> HttpResponse:
    """Everybody who was ever screened, with what became of them and why."""
    rows = visible(request, "participant.view", Participant.objects.all())
    rows = rows.select_related("site").order_by("-screened_on", "subject_id")
    state = request.GET.get("state", "")
    if state in Participant.State.values:
        rows = rows.filter(state=state)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "state": state,
        "states": Participant.State.choices,
        "may_screen": may(request.standing.roles, "participant.screen"),
    }
    return render(request, "trial/screening_log.html", context)


@require_http_methods(["GET", "POST"])
def screen(request: PersonRequest) -> HttpResponse:
    """Open a new line of the screening log."""
    sites = visible(request, "participant.screen", Site.objects.all(), path="site.id")
    form = ScreenForm(
        request.POST or None,
        sites=sites,
        initial={"screened_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        participant = attempt(
            form,
            lambda: enrolment.screen(
                values["site"], values["arm"], on=values["screened_on"]
            ),
        )
        if participant:
            return redirect("eligibility", participant.subject_id)
    return shown(request, "trial/screen.html", form)


def _criteria(participant: Participant) -> tuple[Criterion, ...]:
    criteria = schedule.protocol_of(participant).criteria_of(
        schedule.arm_of(participant)
    )
    return tuple(line for line in criteria if line.code != "consent")


@require_http_methods(["GET", "POST"])
def eligibility(request: PersonRequest, subject_id: str) -> HttpResponse:
    """The criteria, answered one by one; what they add up to stands beside them."""
    action = "participant.view" if request.method == "GET" else "participant.screen"
    participant = get_allowed(
        request, action, Participant.objects.all(), subject_id=subject_id
    )
    answers = {c: str(v) for c, v in enrolment.answers_of(participant).items()}
    form = CriteriaForm(
        request.POST or None, criteria=_criteria(participant), initial=answers
    )
    if request.method == "POST" and form.is_valid():
        answered = form.cleaned_data
        attempt(
            form,
            lambda: enrolment.record_criteria(participant, answered, by=request.user),
        )
        if form.is_valid():
            messages.success(request, _("Saved."))
            return redirect("eligibility", subject_id)
    return shown(
        request,
        "trial/eligibility.html",
        form,
        participant=participant,
        found=enrolment.judge(participant),
        consents=participant.consents.select_related("taken_by"),
    )


@require_http_methods(["GET", "POST"])
def consent(request: PersonRequest, subject_id: str) -> HttpResponse:
    participant = get_allowed(
        request, "participant.screen", Participant.objects.all(), subject_id=subject_id
    )
    in_force = consents.version_at(participant.site, timezone.localdate())
    initial = {"protocol_version": in_force, "version": in_force}
    form = ConsentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        given = attempt(
            form,
            lambda: consents.give(
                participant,
                values.pop("version"),
                on=values.pop("consented_on"),
                by=request.user,
                **values,
            ),
        )
        if given:
            return redirect("eligibility", subject_id)
    return shown(request, "trial/consent.html", form, participant=participant)


@require_http_methods(["GET", "POST"])
def fail(request: PersonRequest, subject_id: str) -> HttpResponse:
    participant = get_allowed(
        request, "participant.screen", Participant.objects.all(), subject_id=subject_id
    )
    form = FailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, today = form.cleaned_data["reason"], timezone.localdate()
        attempt(
            form,
            lambda: enrolment.fail_screening(participant, on=today, reason=reason),
        )
        if form.is_valid():
            return redirect("screening_log")
        participant.refresh_from_db()
    return shown(request, "trial/fail.html", form, participant=participant)


@require_http_methods(["GET", "POST"])
def enrol(request: PersonRequest, subject_id: str) -> HttpResponse:
    participant = get_allowed(
        request, "participant.enrol", Participant.objects.all(), subject_id=subject_id
    )
    today = timezone.localdate()
    form = EnrolForm(request.POST or None, initial={"enrolled_on": today})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        attempt(
            form,
            lambda: enrolment.enrol(
                participant,
                on=values["enrolled_on"],
                first_infusion_on=values["first_infusion_on"],
            ),
        )
        if form.is_valid():
            return redirect("participant", subject_id)
        participant.refresh_from_db()
    return shown(request, "trial/enrol.html", form, participant=participant)


def shown(
    request: PersonRequest, template: str, form: BaseForm, **more: object
) -> HttpResponse:
    """The page with its form; refused, it holds what was typed and what is wrong."""
    status = 422 if form.errors else 200
    return render(request, template, {"form": form, **more}, status=status)
