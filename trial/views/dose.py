"""The dose of an infusion: drawn up, checked by a second person, made anew."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, get_allowed
from accounts.models import User
from accounts.roles import may
from records import signing
from records.attempt import attempt
from trial import gate, preparing, schedule
from trial.forms import FailForm
from trial.infusion_forms import (
    PrepareForm,
    SecondPersonForm,
    password_field,
    people_who,
)
from trial.models import Infusion, Lot, Preparation

ROWS = Infusion.objects.select_related("participant__site")


class OwnPasswordForm(forms.Form):
    password = password_field(_("Your password"))


@require_http_methods(["GET", "POST"])
def dose_page(request: PersonRequest, pk: int) -> HttpResponse:
    action = "infusion.view" if request.method == "GET" else "infusion.record"
    row = get_allowed(request, action, ROWS, pk=pk)
    if request.method == "GET":
        return page(request, row)
    form = PrepareForm(request.POST, lots=_lots(row))
    return _act(
        request,
        row,
        "prepare",
        form,
        lambda: preparing.prepare(row, by=request.user, **form.cleaned_data),
    )


def _lots(row: Infusion) -> QuerySet[Lot]:
    today = timezone.localdate()
    return Lot.objects.filter(site_id=row.site_id, expires_on__gte=today)


def page(
    request: PersonRequest, row: Infusion, **refused: forms.BaseForm
) -> HttpResponse:
    plan = schedule.protocol_of(row.participant).infusion
    standing = preparing.standing(row)
    own = request.standing.at_site(row.site_id)
    second = standing is not None and standing.prepared_by_id != request.user.pk
    blank = {
        "prepare": PrepareForm(
            lots=_lots(row), initial={"mg_per_kg": plan.dose_mg_per_kg}
        ),
        "check": SecondPersonForm(auto_id="check_%s", people=_second(row, standing)),
        "confirm": OwnPasswordForm(auto_id="confirm_%s"),
        "void": FailForm(auto_id="void_%s"),
    }
    context = {
        "infusion": row,
        "participant": row.participant,
        "plan": plan,
        "weight_kg": gate.gate_of(row).weight_kg,
        "preparation": standing,
        "planned": row.state == Infusion.State.PLANNED,
        "may_record": may(own, "infusion.record"),
        "may_confirm": second and may(own, "infusion.check"),
        "forms": blank | refused,
        "here": "dose",
    }
    return render(request, "trial/dose.html", context, status=422 if refused else 200)


def _second(row: Infusion, standing: Preparation | None) -> QuerySet[User]:
    first = standing.prepared_by if standing else None
    return people_who("infusion.check", row.site_id, but=first)


def _act(
    request: PersonRequest,
    row: Infusion,
    name: str,
    form: forms.BaseForm,
    act: Callable[[], object],
) -> HttpResponse:
    if form.is_valid():
        attempt(form, act)
    if form.is_valid():
        return redirect("infusion_dose", row.pk)
    return page(request, row, **{name: form})


def _standing(row: Infusion) -> Preparation:
    found = preparing.standing(row)
    if found is None:
        raise ValidationError(_("Prepare the dose first."))
    return found


@require_POST
def check(request: PersonRequest, pk: int) -> HttpResponse:
    """The second person confirms on the page of the first, with their own password."""
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    people = _second(row, preparing.standing(row))
    form = SecondPersonForm(request.POST, auto_id="check_%s", people=people)

    def act() -> None:
        second = form.cleaned_data["person"]
        signing.check_password(second, form.cleaned_data["password"])
        preparing.check(_standing(row), by=second)

    return _act(request, row, "check", form, act)


@require_POST
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """The second person confirms from their own session."""
    row = get_allowed(request, "infusion.check", ROWS, pk=pk)
    form = OwnPasswordForm(request.POST, auto_id="confirm_%s")

    def act() -> None:
        signing.check_password(request.user, form.cleaned_data["password"])
        preparing.check(_standing(row), by=request.user)

    return _act(request, row, "confirm", form, act)


@require_POST
def void(request: PersonRequest, pk: int) -> HttpResponse:
    """The dose is made anew, with the reason."""
    row = get_allowed(request, "infusion.record", ROWS, pk=pk)
    form = FailForm(request.POST, auto_id="void_%s")
    return _act(
        request,
        row,
        "void",
        form,
        lambda: preparing.void(_standing(row), reason=form.cleaned_data["reason"]),
    )
