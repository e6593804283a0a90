"""The delegation log: who may do what, where, from, to, trained, and signed for."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import PersonRequest, record_access, require, visible
from accounts.models import AccessEvent, Membership, User
from accounts.roles import may
from accounts.tabs import setup_tabs
from records import signing
from records.models import Signature
from records.sitting import Proof
from records.spreadsheet import csv_of


class Entry(NamedTuple):
    """A line of the log; `sha256` is of exactly what is shown of it."""

    row: Membership
    sha256: str
    may_sign: bool
    included: bool


@require_http_methods(["GET", "POST"])
def delegation(request: PersonRequest) -> HttpResponse:
    require(request, "setup.view")
    if request.method == "GET":
        return page(request, Proof(request))
    require(request, "delegation.sign")
    chosen = {int(pk) for pk in request.POST.getlist("include") if pk.isdecimal()}
    proof = Proof(request)
    if not chosen or not proof.is_valid():
        if not chosen:
            messages.error(request, _("Include at least one role that awaits you."))
            proof = Proof.blank(request)
        return page(request, proof, status=422)
    n = sign(request, chosen)
    if n is None:
        messages.error(request, _("The log has changed. Look at it again: not signed."))
        return page(request, proof, status=422)
    said = ngettext("%(n)s role signed.", "%(n)s roles signed.", n) % {"n": n}
    messages.success(request, said)
    return redirect("delegation")


@transaction.atomic
def sign(request: PersonRequest, chosen: set[int]) -> int | None:
    """Sign all of these as they were shown; None, and nothing, where one differs."""
    rows = awaiting(request).filter(pk__in=chosen)
    locked = list(rows.select_for_update(of=("self",)).order_by("pk"))
    seen = [request.POST.get(f"shown_{row.pk}") == hash_of(row) for row in locked]
    if len(locked) != len(chosen) or not all(seen):
        return None
    for row in locked:
        put_in_force(row, by=request.user)
    return len(locked)


def put_in_force(row: Membership, *, by: User) -> None:
    meaning = Signature.Meaning.APPROVED
    made = signing.sign(row, by=by, meaning=meaning, content=content_of(row))
    row.sign(by=by, at=made.signed_at)


def log() -> QuerySet[Membership]:
    rows = Membership.objects.select_related(
        "person", "site", "laboratory", "granted_by", "signed_by"
    )
    return rows.order_by("signed_at", "is_founding", "person__full_name", "pk")


def awaiting(request: PersonRequest) -> QuerySet[Membership]:
    """Roles of others that are not in force, where the person may sign for them."""
    rows = visible(request, "delegation.sign", log())
    return rows.filter(signed_at=None, is_founding=False).exclude(person=request.user)


def content_of(row: Membership) -> dict[str, Any]:
    place = row.site or row.laboratory
    return {
        "person": row.person.full_name,
        "user_name": row.person.username,
        "role": row.role,
        "place": place.code if place else "all",
        "from": row.starts_on,
        "until": row.ends_on,
        "training": row.training,
    }


def hash_of(row: Membership) -> str:
    return signing.sha256_of(signing.canonical(content_of(row)))


def page(request: PersonRequest, proof: Proof, status: int = 200) -> HttpResponse:
    may_sign = may(request.standing.roles, "delegation.sign")
    own = set(awaiting(request).values_list("pk", flat=True)) if may_sign else set()
    chosen = request.POST.getlist("include")
    entries = [
        Entry(row, hash_of(row), row.pk in own, str(row.pk) in chosen) for row in log()
    ]
    context = {
        "entries": entries,
        "awaits": bool(own),
        "proof": proof,
        "meaning": Signature.Meaning.APPROVED.label,
        "tabs": setup_tabs(request),
    }
    return render(request, "desk/delegation.html", context, status=status)


@require_GET
def delegation_csv(request: PersonRequest) -> HttpResponse:
    require(request, "setup.view")
    export = AccessEvent.Kind.EXPORT
    record_access(request, export, person=request.user, what="delegation log")
    header = (_("Name"), _("User name"), _("Role"), _("Where"), _("From"), _("Until"))
    more = (_("Training"), _("Given by"), _("Signed by"), _("Signed at (UTC)"))
    return csv_of("delegation.csv", (*header, *more), map(line_of, log()))


def line_of(row: Membership) -> tuple[Any, ...]:
    return (
        row.person.full_name,
        row.person.username,
        row.get_role_display(),
        str(row.site or row.laboratory or _("all sites")),
        row.starts_on.isoformat(),
        row.ends_on.isoformat() if row.ends_on else "",
        row.training,
        row.granted_by.full_name if row.granted_by else "",
        row.signed_by.full_name if row.signed_by else "",
        f"{row.signed_at:%Y-%m-%dT%H:%M:%SZ}" if row.signed_at else "",
    )
