"""The forms that await one's own signature: reviewed one by one, signed at once."""

from typing import NamedTuple

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import PersonRequest, visible
from desk.contents import contents_of, hash_of
from desk.places import form_name
from desk.signatures import Line, groups_of
from records import batch
from records.lifecycle import FINISHED
from records.models import Form, Signature
from records.sitting import Proof
from trial.models import Participant, Visit
from trial.schedule import visit_label

A_BATCH = 25


class Entry(NamedTuple):
    """A form as it is reviewed; `sha256` is of exactly the content shown."""

    form: Form
    name: str
    groups: dict[str, list[Line]]
    sha256: str
    included: bool
    refused: str


@require_http_methods(["GET", "POST"])
def to_sign(request: PersonRequest) -> HttpResponse:
    waiting = awaiting(request)
    if request.method == "GET":
        return page(request, waiting, Proof(request))
    shown = included(request)
    allowed = set(waiting.filter(pk__in=shown).values_list("pk", flat=True))
    proof = Proof(request)
    if not shown or allowed != set(shown):
        messages.error(request, _("Include at least one form that awaits you."))
        return page(request, waiting, Proof.blank(request), status=422)
    if not proof.is_valid():
        return page(request, waiting, proof, status=422)
    try:
        with transaction.atomic():
            n = len(batch.sign(shown, contents_of, by=request.user))
    except ValidationError as refusal:
        return page(request, waiting, proof, refusal.message_dict, status=422)
    said = ngettext("%(n)s form signed.", "%(n)s forms signed.", n) % {"n": n}
    messages.success(request, said)
    return redirect("to_sign")


def awaiting(request: PersonRequest) -> QuerySet[Form]:
    """Forms that the person completed and has not signed as they now stand."""
    own = Signature.objects.filter(
        target_type=ContentType.objects.get_for_model(Form),
        target_id=OuterRef("pk"),
        person=request.user,
        fallen_at=None,
    )
    rows = visible(request, "form.sign", Form.objects.all())
    rows = rows.filter(completed_by=request.user, completion__in=FINISHED)
    return rows.filter(~Exists(own), draft=None).order_by("completed_at", "pk")


def included(request: PersonRequest) -> dict[int, str]:
    """What the person reviewed and included, with the hash of what was shown."""
    ids = [pk for pk in request.POST.getlist("include") if pk.isdecimal()]
    return {int(pk): request.POST.get(f"shown_{pk}", "") for pk in ids if len(pk) < 16}


def page(
    request: PersonRequest,
    waiting: QuerySet[Form],
    proof: Proof,
    refusals: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    entries = entries_of(list(waiting[:A_BATCH]), included(request), refusals or {})
    context = {
        "entries": entries,
        "more": max(waiting.count() - len(entries), 0),
        "refused": [entry for entry in entries if entry.refused],
        "proof": proof,
        "meaning": Signature.Meaning.AUTHORED.label,
    }
    return render(request, "desk/to_sign.html", context, status=status)


def entries_of(
    forms: list[Form], chosen: dict[int, str], refusals: dict[str, list[str]]
) -> list[Entry]:
    contents = contents_of(forms)
    names = names_of(forms)
    return [
        Entry(
            form=form,
            name=names[form.pk],
            groups=groups_of(contents[form.pk]),
            sha256=hash_of(contents[form.pk]),
            # What has changed is to be reviewed again before it is included.
            included=form.pk in chosen and str(form.pk) not in refusals,
            refused=" ".join(refusals.get(str(form.pk), [])),
        )
        for form in forms
    ]


def names_of(forms: list[Form]) -> dict[int, str]:
    """Participant, form and visit, as a person calls them."""
    people = Participant.objects.in_bulk({form.participant_id for form in forms})
    kind = ContentType.objects.get_for_model(Visit)
    at_visits = {form.about_id for form in forms if form.about_type_id == kind.pk}
    visits = Visit.objects.select_related("participant").in_bulk(at_visits)
    names = {}
    for form in forms:
        parts = [str(people[form.participant_id]), form_name(form.code)]
        if form.about_type_id == kind.pk:
            parts.append(visit_label(visits[form.about_id]))
        names[form.pk] = ", ".join(parts)
    return names
