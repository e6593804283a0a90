"""Freezing and locking by people: what is held, by whom, and opening it again."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import PersonRequest, get_allowed, refuse, require, visible
from accounts.models import Site
from accounts.roles import may
from desk.to_sign import names_of
from records import holds
from records.lifecycle import TRANSITIONS
from records.models import Form, Hold
from trial.models import Infusion, Participant, Visit
from trial.schedule import visit_label

LEVELS = {"freeze": Hold.Level.FROZEN, "lock": Hold.Level.LOCKED}
LIFTS = frozenset({"unfreeze", "ask_unlock", "grant_unlock", "decline_unlock"})
# What can be held, and at which path of a row its site stands.
KINDS: dict[str, tuple[QuerySet[Any], str]] = {
    "site": (Site.objects.all(), "site.id"),
    "participant": (Participant.objects.all(), "site"),
    "visit": (Visit.objects.select_related("participant"), "site"),
    "infusion": (Infusion.objects.select_related("participant"), "site"),
    "form": (Form.objects.all(), "site"),
}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


@require_GET
def held(request: PersonRequest) -> HttpResponse:
    """What is frozen or locked at the person's sites, and who asked to open it."""
    rows = own(request).filter(lifted_at=None)
    roles = request.standing.roles
    context = {
        "tab": "holds",
        "may_import": may(request.standing.roles, "import.run"),
        "holds": named(rows),
        "sites": visible(request, "form.freeze", Site.objects.all(), "site.id")
        if may(roles, "form.freeze")
        else [],
        "may_hold_trial": everywhere(request, "form.lock"),
        "may_freeze": may(roles, "form.freeze"),
        "may_lock": may(roles, "form.lock"),
        "may_ask": may(roles, "form.ask_unlock"),
        "may_grant": may(roles, "form.grant_unlock"),
    }
    return render(request, "desk/holds.html", context)


def own(request: PersonRequest) -> QuerySet[Hold]:
    """The holds that concern the person's sites; those of the trial concern all."""
    require(request, "form.view")
    rows = Hold.objects.select_related("site", "placed_by", "lift_asked_by")
    places = request.standing.places("site", "form.view")
    return rows.filter(places | Q(site=None)) if places else rows


def everywhere(request: PersonRequest, action: str) -> bool:
    """Whether the person may do this at every site, and so to the whole trial."""
    may_at_all = may(request.standing.roles, action)
    return may_at_all and request.standing.places("site", action) == Q()


@require_POST
def hold_place(request: PersonRequest) -> HttpResponse:
    """Freeze or lock what was selected: all of it, or nothing."""
    act = request.POST.get("act", "")
    level = LEVELS.get(act, Hold.Level.FROZEN)
    action = TRANSITIONS[act if act in LEVELS else "freeze"].may[0]
    require(request, action)
    scopes = selected(request, action)
    form = ReasonForm(request.POST)
    if not scopes:
        messages.error(request, _("Select first what to freeze or lock."))
    elif not form.is_valid():
        messages.error(request, _("Say why."))
    else:
        reason = form.cleaned_data["reason"]
        n = holds.place(level, scopes, reason=reason, by=request.user)
        said = ngettext("%(n)s is held now.", "%(n)s are held now.", n) % {"n": n}
        messages.success(request, said)
    return back(request)


def selected(request: PersonRequest, action: str) -> list[holds.Scope]:
    """The scopes named `kind-id`; one that the person may not hold refuses all."""
    ids: dict[str, set[int]] = {}
    for name in request.POST.getlist("scope"):
        kind, _dash, number = name.partition("-")
        if number.isdecimal() and len(number) < 16:
            ids.setdefault(kind, set()).add(int(number))
    scopes = []
    if ids.pop("trial", None):
        if not everywhere(request, action):
            raise PermissionDenied(_("Only who works at all sites may hold the trial."))
        scopes.append(holds.TRIAL)
    for kind in ids.keys() & KINDS.keys():
        every, path = KINDS[kind]
        rows = visible(request, action, every, path)
        found = [holds.scope_of(row) for row in rows.filter(pk__in=ids[kind])]
        if len(found) != len(ids[kind]):
            raise PermissionDenied(_("Some of this belongs to another site."))
        scopes += found
    return scopes


def back(request: PersonRequest) -> HttpResponse:
    """To the list that was acted on, as it was filtered; never to another address."""
    page = "holds" if request.POST.get("from") == "holds" else "forms_grid"
    query = QueryDict(request.POST.get("query", "")).urlencode()
    return redirect(f"{reverse(page)}?{query}" if query else reverse(page))


@require_POST
def hold_lift(request: PersonRequest, pk: int, act: str) -> HttpResponse:
    """Unfreeze; ask to unlock, grant it or decline it."""
    if act not in LIFTS:
        raise Http404(_("There is no such act."))
    action = TRANSITIONS[act].may[0]
    of_trial = Hold.objects.filter(pk=pk, site=None).first()
    if of_trial is not None and not everywhere(request, action):
        refuse(request, action)
    row = of_trial or get_allowed(request, action, Hold.objects.all(), pk=pk)
    reason = request.POST.get("reason", "").replace("\0", "")
    try:
        lift(row, act, reason, request)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    return redirect("holds")


def lift(row: Hold, act: str, reason: str, request: PersonRequest) -> None:
    if act == "unfreeze":
        holds.unfreeze(row, reason=reason, by=request.user)
    elif act == "ask_unlock":
        holds.ask_unlock(row, reason=reason, by=request.user)
    elif act == "grant_unlock":
        holds.grant_unlock(row, by=request.user)
    else:
        holds.decline_unlock(row)


def named(rows: Iterable[Hold]) -> list[tuple[Hold, str]]:
    """What is held, as a person calls it; one query a kind."""
    listed = list(rows)
    found = {
        kind: every.in_bulk([r.scope_id for r in listed if r.scope == kind])
        for kind, (every, _path) in KINDS.items()
    }
    names = names_of(list(found["form"].values()))
    return [(row, name_of(row, found, names)) for row in listed]


def name_of(
    hold: Hold, found: Mapping[str, Mapping[int, Model]], names: Mapping[int, str]
) -> str:
    if hold.scope not in KINDS:
        return _("the whole trial")
    if hold.scope == Hold.Scope.FORM:
        return names[hold.scope_id]
    row = found[hold.scope][hold.scope_id]
    if isinstance(row, Visit):
        return f"{row.participant}, {visit_label(row)}"
    return str(row)
