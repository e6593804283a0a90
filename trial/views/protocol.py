"""The versions of the protocol in force at each site, and who has to consent again."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import PersonRequest, visible
from accounts.models import Site
from accounts.roles import may
from records.attempt import attempt
from trial import consents
from trial.models import Participant, ProtocolInForce
from trial.protocol_forms import InForceForm


@require_GET
def reconsent(request: PersonRequest) -> HttpResponse:
    people = visible(request, "participant.view", Participant.objects.all())
    in_force = ProtocolInForce.objects.filter(
        request.standing.places("site", "participant.view")
    )
    context = {
        "in_force": in_force.select_related("site", "entered_by"),
        "lines": consents.to_consent_again(people, timezone.localdate()),
        "may_put_in_force": may(request.standing.roles, "protocol.enforce"),
        "may_consent": may(request.standing.roles, "participant.screen"),
    }
    return render(request, "trial/reconsent.html", context)


@require_http_methods(["GET", "POST"])
def protocol_new(request: PersonRequest) -> HttpResponse:
    """Put a version in force at a site, with the date of the committee's approval."""
    sites = visible(request, "protocol.enforce", Site.objects.all(), path="site.id")
    form = InForceForm(request.POST or None, sites=sites)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        attempt(
            form,
            lambda: consents.put_in_force(
                values["site"],
                values["version"],
                since=values["in_force_from"],
                ethics_approved_on=values["ethics_approved_on"],
                by=request.user,
            ),
        )
        if form.is_valid():
            return redirect("reconsent")
    status = 422 if form.errors else 200
    return render(request, "trial/protocol_new.html", {"form": form}, status=status)
