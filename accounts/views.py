"""Pages about people: oneself, and who may do what where."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, require
from accounts.models import Laboratory, Membership, Site, User
from accounts.roles import SIGNING_ROLES
from accounts.tabs import setup_tabs


@require_GET
def me(request: PersonRequest) -> HttpResponse:
    """One's own roles, language, second factor, and what one has signed."""
    context = {
        "memberships": request.standing.memberships,
        "has_second_factor": is_mfa_enabled(request.user),
        "must_have_second_factor": bool(SIGNING_ROLES & request.standing.roles),
        "mails": request.user.mails.all()[:20] if settings.DEMO else [],
        "languages": User._meta.get_field("language").choices,
    }
    return render(request, "accounts/me.html", context)


@require_POST
def language(request: PersonRequest) -> HttpResponse:
    """Keep the language with the person, and use it from now on."""
    code = request.POST.get("language", "")
    answer = redirect("me")
    if code in dict(settings.LANGUAGES):
        request.user.language = code
        request.user.save(update_fields=["language"])
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, samesite="Lax")
    return answer


@require_GET
def setup(request: PersonRequest) -> HttpResponse:
    """Who holds which role where, since when; sites and laboratories."""
    require(request, "setup.view")
    today = timezone.localdate()
    memberships = (
        Membership.objects.filter(Membership.in_force(today))
        .select_related("person", "site", "laboratory", "granted_by")
        .order_by("person__full_name")
    )
    context = {
        "memberships": memberships,
        "sites": Site.objects.prefetch_related("holidays"),
        "laboratories": Laboratory.objects.all(),
        "tabs": setup_tabs(request),
    }
    return render(request, "accounts/setup.html", context)
