"""A participant's casebook as one PDF, and its forms as blank paper: one source."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, get_allowed, record_access
from assessments.instruments import INSTRUMENTS, Instrument
from desk.event_names import names_of
from desk.form_fields import fields_of, totals_said
from desk.history_out import local
from desk.places import form_name, query_name
from desk.places import rows as query_rows
from labs.models import Specimen
from records.models import Event, Form, Query, Signature
from records.pdf import pdf
from records.sentences import sentences
from trial.models import Participant, Visit
from trial.schedule import protocol_of, visit_label

SOURCE = "desk/casebook.typ"
PARTICIPANTS = Participant.objects.select_related("site")


@require_GET
def casebook_pdf(request: PersonRequest, subject_id: str) -> HttpResponse:
    """Forms, signatures, questions and history; taking it out is an access event."""
    row = get_allowed(request, "history.view", PARTICIPANTS, subject_id=subject_id)
    record_access(
        request, "export", person=request.user, what=f"casebook of {subject_id}"
    )
    return sent(f"{subject_id}-casebook.pdf", casebook(row))


@require_GET
def blank_forms(request: PersonRequest, subject_id: str) -> HttpResponse:
    """The forms of the participant's visits as blank paper, for an outage."""
    row = get_allowed(request, "form.view", PARTICIPANTS, subject_id=subject_id)
    return sent(f"{subject_id}-blank.pdf", blank(row))


def sent(name: str, document: bytes) -> HttpResponse:
    response = HttpResponse(document, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def casebook(row: Participant) -> bytes:
    forms = Form.objects.filter(participant_id=row.pk).prefetch_related("about")
    visits = {visit.pk: place for place, visit in enumerate(row.visits.all(), 1)}
    ordered = sorted(
        forms,
        key=lambda form: (
            visits.get(form.about_id, 0) if isinstance(form.about, Visit) else 0,
            form.pk,
        ),
    )
    values = {
        **page_of(row, _("Casebook")),
        "forms": [form_of(form) for form in ordered],
        "tables": [infusions_of(row), specimens_of(row)],
        "threads": threads_of(row),
        "history": history_of(row),
    }
    return pdf(SOURCE, values)


def blank(row: Participant) -> bytes:
    forms = []
    protocol = protocol_of(row)
    for planned in protocol.visit_types:
        if planned.arm == row.arm:
            forms += [
                blank_form(INSTRUMENTS[code], _(planned.label))
                for code in planned.instruments
            ]
    empty = {"forms": forms, "tables": [], "threads": [], "history": []}
    return pdf(SOURCE, {**page_of(row, _("Blank forms")), **empty})


def page_of(row: Participant, title: str) -> dict[str, Any]:
    now = timezone.localtime().strftime("%Y-%m-%d %H:%M %Z")
    return {
        "title": f"{title} {row.subject_id}",
        "head": str(row.site),
        "foot": _("Taken %(at)s") % {"at": now},
        "facts": [
            [_("Participant"), row.subject_id],
            [_("Site"), str(row.site)],
            [_("Arm"), str(row.get_arm_display())],
            [_("State"), str(row.get_state_display())],
            [_("Protocol"), row.protocol_version],
        ],
        "words": {
            "forms": _("Forms"),
            "questions": _("Questions"),
            "history": _("History"),
            "item": [_("Item"), _("Value"), _("Words")],
            "thread": [_("Question"), _("Thread"), _("State")],
            "event": [_("Time"), _("What happened"), _("Reason")],
        },
    }


def form_of(form: Form) -> dict[str, Any]:
    """Every item with its value and anchor, totals, and who signed, fallen or not."""
    place = f", {visit_label(form.about)}" if isinstance(form.about, Visit) else ""
    state = str(form.get_completion_display())
    if form.not_done_reason:
        state += f": {form.not_done_reason}"
    kind = ContentType.objects.get_for_model(Form)
    signed = Signature.objects.filter(target_type=kind, target_id=form.pk)
    return {
        "name": f"{form_name(form.code)}{place}",
        "state": state,
        "rows": [[one.name, one.value, one.words] for one in fields_of(form)],
        "totals": [
            [total["name"], total["value"], total["note"]]
            for total in totals_said(form)
        ],
        "signatures": [signature_of(one) for one in signed],
    }


def signature_of(one: Signature) -> dict[str, str]:
    at = timezone.localtime(one.signed_at).strftime("%Y-%m-%d %H:%M %Z")
    meaning = str(one.get_meaning_display())
    if one.fallen_at:
        fell = {"at": local(one.fallen_at), "why": one.fallen_reason}
        meaning += ". " + _("Fell on %(at)s: %(why)s") % fell
    return {"name": one.name_as_signed, "meaning": meaning, "at": at}


def blank_form(scale: Instrument, visit: str) -> dict[str, Any]:
    rows = []
    for item in scale.items:
        anchors = "; ".join(f"{c.value} {_(c.label)}" for c in item.choices)
        allowed = anchors or f"{item.lowest}–{item.highest}"
        rows.append([f"{item.number} {_(item.name)}", "______", allowed])
    return {
        "name": f"{scale.abbreviation}, {visit}",
        "state": "",
        "rows": rows,
        "totals": [],
        "signatures": [],
    }


def infusions_of(row: Participant) -> dict[str, Any]:
    lines = [
        [
            str(one.number),
            str(one.get_state_display()),
            local(one.started_at) if one.started_at else "–",
            "–" if one.weight_kg is None else f"{one.weight_kg:g}",
            "–" if one.dose_mg is None else f"{one.dose_mg:g}",
            one.not_given_reason,
        ]
        for one in row.infusions.all()
    ]
    head = [_("Infusion"), _("State"), _("Start"), "kg", "mg", _("Reason")]
    return {"name": _("Infusions"), "rows": [head, *lines]}


def specimens_of(row: Participant) -> dict[str, Any]:
    rows = Specimen.objects.filter(participant=row).select_related("visit__participant")
    lines = [
        [
            visit_label(one.visit),
            one.code,
            local(one.drawn_at) if one.drawn_at else "–",
            one.missing_reason,
        ]
        for one in rows
    ]
    head = [_("Visit"), _("Bar code"), _("Drawn at"), _("Reason")]
    return {"name": _("Blood"), "rows": [head, *lines]}


def threads_of(row: Participant) -> list[list[str]]:
    """Each question with all that was said in it, by whom and when."""
    queries = query_rows(Query.objects.filter(participant_id=row.pk))
    found = []
    for query in queries.prefetch_related("messages__written_by"):
        said = "\n".join(
            f"{local(m.written_at)} "
            f"{m.written_by.full_name if m.written_by else query.check_code} "
            f"({m.get_kind_display()}): {m.said()}"
            for m in query.messages.all()
        )
        found.append([query_name(query), said, str(query.get_state_display())])
    return found


def history_of(row: Participant) -> list[list[str]]:
    events = Event.objects.filter(participant_id=row.pk).select_related("person")
    ordered = list(events.order_by("id"))
    return [
        [local(line.at), line.sentence, line.why]
        for line in sentences(ordered, names_of(ordered))
    ]
