"""The page of a rating: entered by keyboard, kept as it is typed, signed when whole."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import PersonRequest, get_allowed
from accounts.roles import may
from assessments import entry
from assessments.concealment import must_be_shown
from assessments.instruments import INSTRUMENTS, Instrument, score
from assessments.models import Assessment
from assessments.sheet import lines_of, totals_of
from records import forms, holds, lifecycle, signing
from records.forms import ChangedMeanwhileError
from records.models import Form, Signature
from records.queries import threads_of
from records.sitting import Proof
from trial import schedule
from trial.models import Visit

VISITS = Visit.objects.select_related("participant__site")


def asked(
    request: PersonRequest, action: str, pk: int, code: str
) -> tuple[Visit, Instrument]:
    """The visit and the instrument of the address: 404 where the visit lacks it."""
    visit = get_allowed(request, action, VISITS, pk=pk)
    if code not in schedule.type_of(visit).instruments:
        raise Http404(_("This visit has no such form."))
    must_be_shown(request, forms.begun(visit, code))
    return visit, INSTRUMENTS[code]


def form_if_begun(visit: Visit, instrument: Instrument) -> Form | None:
    """The form as it stands; reading a page writes none."""
    return forms.begun(visit, instrument.code)


@require_http_methods(["GET", "POST"])
def rating(request: PersonRequest, pk: int, code: str) -> HttpResponse:
    action = "assessment.view" if request.method == "GET" else "assessment.enter"
    visit, instrument = asked(request, action, pk, code)
    if request.method == "GET":
        return show(request, visit, instrument)
    sheet = entry.Sheet.from_post(instrument, request.POST)
    how = entry.Circumstances(
        rater=request.user,
        rated_at=timezone.now(),
        recall=recall_of(request, instrument),
        language=get_language() or "en",
    )
    try:
        entry.complete_rating(
            visit,
            instrument,
            sheet,
            how,
            version=version_of(request),
            reason=request.POST.get("reason", "").replace("\0", ""),
        )
    except ValidationError as refusal:
        return refused(request, visit, instrument, sheet, refusal)
    return redirect("rating", pk, code)


def recall_of(request: PersonRequest, instrument: Instrument) -> str:
    """The period asked about: one that the scale knows, its first where none is."""
    known = [period.code for period in instrument.recall]
    said = request.POST.get("recall", "")
    return said if said in known else known[0]


def version_of(request: PersonRequest) -> int:
    """The version that the page showed; a text that is none is older than any."""
    said = request.POST.get("version") or "0"
    return int(said) if said.isdecimal() and len(said) < 10 else -1


def refused(
    request: PersonRequest,
    visit: Visit,
    instrument: Instrument,
    sheet: entry.Sheet,
    refusal: ValidationError,
) -> HttpResponse:
    """The page again as it was typed; another's change in between is shown beside."""
    errors = (
        {field: texts[0] for field, texts in refusal.message_dict.items()}
        if hasattr(refusal, "error_dict")
        else {"": refusal.messages[0]}
    )
    theirs = None
    if isinstance(refusal, ChangedMeanwhileError):
        theirs = entry.sheet_of(form_if_begun(visit, instrument))
    return show(request, visit, instrument, sheet=sheet, errors=errors, theirs=theirs)


def show(
    request: PersonRequest,
    visit: Visit,
    instrument: Instrument,
    *,
    sheet: entry.Sheet | None = None,
    errors: dict[str, str] | None = None,
    theirs: entry.Sheet | None = None,
    proof: Proof | None = None,
) -> HttpResponse:
    form = form_if_begun(visit, instrument)
    threads = threads_of(form)
    held = entry.sheet_of(form) if sheet is None else sheet
    roles = request.standing.at_site(visit.site_id)
    assessment = getattr(form, "assessment", None)
    signatures = list(signing.signatures_on(form)) if form else []
    context = {
        "visit": visit,
        "visit_label": schedule.visit_label(visit),
        "participant": visit.participant,
        "instrument": instrument,
        "lines": lines_of(instrument, held, errors or {}, theirs, threads),
        "totals": totals_of(score(instrument, held.values)),
        "threads": threads.get("", []),
        "asking": sum(q.is_asking for of in threads.values() for q in of),
        "errors": errors or {},
        "form": form,
        "assessment": assessment,
        "draft": getattr(form, "draft", None),
        "conflict": theirs is not None,
        "signatures": signatures,
        "is_signed": any(one.fallen_at is None for one in signatures),
        "hold": holds.level_of(form) if form else "open",
        "proof": proof or Proof.blank(request),
        "meaning": meaning_of(assessment, request).label,
        "may_enter": may(roles, "assessment.enter"),
        "may_sign": may(roles, "form.sign"),
        "may_ask": may(roles, "query.raise"),
        "may_see_history": may(roles, "history.view"),
    }
    status = 422 if errors else 200
    return render(request, "assessments/rating.html", context, status=status)


@require_POST
def draft(request: PersonRequest, pk: int, code: str) -> JsonResponse:
    """Keep what was typed so far; answer with the totals that follow from it."""
    visit, instrument = asked(request, "assessment.enter", pk, code)
    sheet = entry.Sheet.from_post(instrument, request.POST)
    form = entry.rating_form(visit, instrument)
    try:
        kept = forms.save_draft(form, sheet.as_draft(), by=request.user)
    except ValidationError as refusal:
        return JsonResponse({"problem": refusal.messages[0]}, status=409)
    saved_at = timezone.localtime(kept.saved_at).strftime("%H:%M:%S")
    return JsonResponse(
        {
            "saved": _("Draft saved %(time)s") % {"time": saved_at},
            "totals": totals_of(score(instrument, sheet.values)),
            "answered": len(sheet.values) + len(sheet.missing),
        }
    )


@require_POST
def sign(request: PersonRequest, pk: int, code: str) -> HttpResponse:
    """The author signs exactly what the page showed: another version is refused."""
    visit, instrument = asked(request, "form.sign", pk, code)
    assessment = Assessment.objects.filter(
        visit=visit, instrument=instrument.code
    ).first()
    if assessment is None:
        raise Http404(_("There is nothing to sign yet."))
    proof = Proof(request)
    if not proof.is_valid():
        errors = {"proof": _("Not signed: look at your password and code.")}
        return show(request, visit, instrument, errors=errors, proof=proof)
    try:
        held = forms.locked(assessment.form, version_of(request))
        lifecycle.check(held, "sign")
        signing.sign(
            assessment.form,
            by=request.user,
            meaning=meaning_of(assessment, request),
            content=entry.content_of(assessment, instrument),
        )
    except ValidationError as refusal:
        errors = {"proof": refusal.messages[0]}
        return show(request, visit, instrument, errors=errors)
    return redirect("rating", pk, code)


@require_POST
def discard(request: PersonRequest, pk: int, code: str) -> HttpResponse:
    """Drop what was typed since; the form says again what it said."""
    visit, instrument = asked(request, "assessment.enter", pk, code)
    form = form_if_begun(visit, instrument)
    if form is not None:
        forms.discard_draft(form)
    return redirect("rating", pk, code)


def meaning_of(
    assessment: Assessment | None, request: PersonRequest
) -> Signature.Meaning:
    """The rater signs as author, anybody else as reviewer."""
    if assessment is None or assessment.rater_id == request.user.pk:
        return Signature.Meaning.AUTHORED
    return Signature.Meaning.REVIEWED
