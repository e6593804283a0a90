"""Acts at the bed: symptoms, rescue doses, restart, waste, discharge."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, get_allowed
from accounts.roles import may
from records import signing
from trial import bedside, discharge, drug, infusions, preparing, schedule
from trial.infusion_forms import (
    DischargeForm,
    RescueForm,
    SymptomForm,
    TwoSignaturesForm,
    WasteForm,
    people_who,
)
from trial.models import Discharge, Movement, RescueDose
from trial.views.infusion import ROWS, try_act


@require_GET
def due(request: PersonRequest, pk: int) -> HttpResponse:
    """Clock and what is due, without identity; the sheet asks for it by itself."""
    row = get_allowed(request, "infusion.view", ROWS, pk=pk)
    context = {
        "infusion": row,
        "due": bedside.due_readings(row, timezone.now()),
        "now": timezone.now(),
    }
    return render(request, "trial/_infusion_due.html", context)


@require_POST
def symptom(request: PersonRequest, pk: int) -> HttpResponse:
    """A tap on the list: the symptom began now, or at the time that is given."""
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    form = SymptomForm(request.POST)
    return try_act(
        request,
        row,
        "symptom",
        form,
        lambda: bedside.report(
            row,
            form.cleaned_data["code"],
            at=form.cleaned_data["at"],
            severity=form.cleaned_data["severity"] or 1,
        ),
    )


@require_POST
def symptom_end(request: PersonRequest, pk: int, symptom: int) -> HttpResponse:
    """The symptom is over, or graver than it was: what the button says."""
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    felt = get_object_or_404(row.symptoms, pk=symptom)
    severity = request.POST.get("severity", "")
    if severity in ("1", "2", "3"):
        bedside.grade(felt, int(severity))
    else:
        bedside.end(felt, at=max(felt.began_at, timezone.now()))
    return redirect("infusion", row.pk)


@require_POST
def rescue(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    form = RescueForm(
        request.POST,
        auto_id="rescue_%s",
        plan=schedule.protocol_of(row.participant).infusion,
        doctors=people_who("infusion.except", row.site_id),
        instance=RescueDose(
            infusion=row, participant_id=row.participant_id, given_by=request.user
        ),
    )
    return try_act(request, row, "rescue", form, lambda: bedside.rescue(form.instance))


@require_POST
def restart(request: PersonRequest, pk: int) -> HttpResponse:
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    form = SymptomForm({"code": "-"})
    return try_act(
        request,
        row,
        "restart",
        form,
        lambda: infusions.restart(row, at=timezone.now()),
    )


@require_POST
def leave(request: PersonRequest, pk: int) -> HttpResponse:
    """Discharge; where a line is not met only who may sign exceptions can allow it."""
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    form = DischargeForm(
        request.POST,
        auto_id="discharge_%s",
        instance=Discharge(
            infusion=row,
            participant_id=row.participant_id,
            discharged_by=request.user,
        ),
    )
    own = request.standing.at_site(row.site_id)
    doctor = request.user if may(own, "infusion.except") else None

    def act() -> None:
        discharge.discharge(
            form.instance,
            by=request.user,
            reason=form.cleaned_data["reason"],
            allowed_by=doctor,
        )

    return try_act(request, row, "discharge", form, act)


@require_POST
def waste(request: PersonRequest, pk: int) -> HttpResponse:
    """What is left of the opened vials is wasted before two people, who both sign."""
    row = get_allowed(request, "drug.move", ROWS, pk=pk)
    amount = WasteForm(request.POST, auto_id="waste_%s")
    people = people_who("drug.move", row.site_id, but=request.user)
    form = TwoSignaturesForm(request.POST, auto_id="waste_%s", people=people)
    form.fields |= amount.fields

    def act() -> None:
        both_sign(request, form)
        prepared = preparing.standing(row)
        if prepared is None:
            raise ValidationError(_("No vial was opened for this infusion."))
        drug.move(
            prepared.lot,
            Movement.Kind.WASTED,
            by=request.user,
            witness=form.cleaned_data["person"],
            infusion=row,
            mg=form.cleaned_data["mg"],
        )

    return try_act(request, row, "waste", form, act)


def both_sign(request: PersonRequest, form: TwoSignaturesForm) -> None:
    """Each of the two is who they say; ValidationError says whose password is wrong."""
    signing.check_password(request.user, form.cleaned_data["own_password"])
    second = form.cleaned_data["person"]
    try:
        signing.check_password(second, form.cleaned_data["password"])
    except ValidationError as refusal:
        raise ValidationError({"password": refusal.messages}) from refusal
