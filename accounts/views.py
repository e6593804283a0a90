"""Pages about people: oneself, and who may do what where."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import PersonRequest, require
from accounts.invitations import invited
from accounts.models import Laboratory, Membership, Site, User
from accounts.roles import SIGNING_ROLES, may
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


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """An invited person sets their password; the link is spent by it."""
    person = invited(pk, token)
    if person is None:
        return render(request, "accounts/welcome.html", status=404)
    form = SetPasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your password is set. Sign in."))
        return redirect("account_login")
    context = {"form": form, "person": person}
    status = 422 if form.errors else 200
    return render(request, "accounts/welcome.html", context, status=status)


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
        "may_manage": may(request.standing.roles, "person.manage"),
        "tabs": setup_tabs(request),
    }
    return render(request, "accounts/setup.html", context)
