"""A lost second factor is replaced by two people: one asks, another confirms."""

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, require
from accounts.models import FactorReplacement, User
from accounts.roles import may
from accounts.tabs import setup_tabs
from records.attempt import attempt
from records.mail import post


class AskForm(forms.ModelForm[FactorReplacement]):
    class Meta:
        model = FactorReplacement
        fields = ("person", "reason")

    def __init__(self, request: PersonRequest) -> None:
        asked = FactorReplacement(asked_by=request.user)
        super().__init__(request.POST or None, instance=asked)
        holders = Authenticator.objects.values("user")
        people = User.objects.filter(pk__in=holders, is_active=True)
        choices = people.exclude(pk=request.user.pk).order_by("full_name")
        self.fields["person"] = forms.ModelChoiceField(choices, label=_("Person"))


@require_http_methods(["GET", "POST"])
def second_factors(request: PersonRequest) -> HttpResponse:
    """What was asked and decided; an administrator asks here."""
    require(request, "factor.decide")
    may_ask = may(request.standing.roles, "factor.ask")
    form = AskForm(request)
    if request.method == "POST":
        require(request, "factor.ask")
        if form.is_valid():
            attempt(form, form.instance.ask)
        if not form.errors:
            return redirect("second_factors")
    rows = FactorReplacement.objects.select_related("person", "asked_by", "decided_by")
    context = {
        "form": form,
        "may_ask": may_ask,
        "rows": rows,
        "tabs": setup_tabs(request),
    }
    status = 422 if form.errors else 200
    return render(request, "desk/second_factors.html", context, status=status)


@require_POST
def second_factor_decide(request: PersonRequest, pk: int) -> HttpResponse:
    require(request, "factor.decide")
    get_object_or_404(FactorReplacement, pk=pk)
    try:
        decide(pk, by=request.user, granted=request.POST.get("decision") == "confirm")
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("second_factors")


@transaction.atomic
def decide(pk: int, *, by: User, granted: bool) -> None:
    """Confirmed, codes and recovery codes of the person end, and they set up anew."""
    row = FactorReplacement.objects.select_for_update().get(pk=pk)
    row.decide(by=by, granted=granted, at=timezone.now())
    if granted:
        Authenticator.objects.filter(user=row.person).delete()
        tell(row)


def tell(row: FactorReplacement) -> None:
    with translation.override(row.person.language):
        post(
            to=row.person,
            subject=_("Your second factor was removed"),
            text=_(
                "%(asked)s asked for it and %(decided)s confirmed it. Your one-time "
                "codes and recovery codes no longer work. Sign in with your password "
                "and set up new ones on your own page. If you lost nothing, tell your "
                "administrator at once."
            )
            % {"asked": row.asked_by, "decided": row.decided_by},
        )
