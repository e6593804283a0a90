"""The casebook of a participant: what is still open in it, and its signature."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, get_allowed
from accounts.roles import may
from desk.contents import hash_of
from desk.to_sign import names_of
from records import casebook as book
from records import signing
from records.attempt import attempt
from records.models import Signature
from records.sitting import Proof
from trial.models import Participant


@require_http_methods(["GET", "POST"])
def casebook(request: PersonRequest, subject_id: str) -> HttpResponse:
    action = "casebook.view" if request.method == "GET" else "casebook.sign"
    row = get_allowed(request, action, Participant.objects.all(), subject_id=subject_id)
    if request.method == "GET":
        return page(request, row, Proof(request))
    proof = Proof(request)
    if proof.is_valid():
        shown = request.POST.get("shown", "")
        attempt(proof, lambda: book.sign(row, shown=shown, by=request.user))
    if proof.errors:
        return page(request, row, proof, status=422)
    return redirect("casebook", subject_id)


def page(
    request: PersonRequest, row: Participant, proof: Proof, status: int = 200
) -> HttpResponse:
    content = book.content_of(row)
    forms = book.open_forms(row.pk)
    names = names_of(forms)
    context: dict[str, Any] = {
        "participant": row,
        "signatures": signing.signatures_on(row),
        "standing": book.of(row),
        "open_forms": [(form, names[form.pk]) for form in forms],
        "open_queries": book.open_queries(row.pk),
        "tables": [(t, len(rows)) for t, rows in content.items() if t != "participant"],
        "shown": hash_of(content),
        "proof": proof,
        "form": proof,
        "meaning": Signature.Meaning.APPROVED.label,
        "may_sign": may(request.standing.at_site(row.site_id), "casebook.sign"),
    }
    return render(request, "desk/casebook.html", context, status=status)
