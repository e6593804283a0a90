"""What happened to a participant, and to one form of theirs."""

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, get_allowed, require
from accounts.models import Membership
from assessments.instruments import INSTRUMENTS
from assessments.models import Answer, Assessment
from labs.models import Plate, Well
from records.models import Event, Form, Signature
from records.sentences import Names, sentences
from trial.models import Participant

A_PAGE = 100


@require_GET
def participant_history(request: PersonRequest, subject_id: str) -> HttpResponse:
    row = get_allowed(
        request, "history.view", Participant.objects.all(), subject_id=subject_id
    )
    events = Event.objects.filter(participant_id=row.pk)
    return page_of(request, events, row, _("History"))


@require_GET
def form_history(request: PersonRequest, pk: int) -> HttpResponse:
    """The events of a form, of what was entered in it, and of its signatures."""
    form = get_allowed(request, "history.view", Form.objects.all(), pk=pk)
    row = Participant.objects.get(pk=form.participant_id)
    ratings = Assessment.objects.filter(form=form)
    answers = Answer.objects.filter(assessment__in=ratings)
    signatures = Signature.objects.filter(
        target_type=ContentType.objects.get_for_model(Form), target_id=form.pk
    )
    events = Event.objects.filter(
        Q(table_name="records_form", row_id=form.pk)
        | Q(table_name="assessments_assessment", row_id__in=ratings.values("pk"))
        | Q(table_name="assessments_answer", row_id__in=answers.values("pk"))
        | Q(table_name="records_signature", row_id__in=signatures.values("pk"))
        | entered_of(form)
    )
    title = _("History of %(form)s") % {"form": form_name(form.code)}
    return page_of(request, events, row, title)


def entered_of(form: Form) -> Q:
    """Baseline characteristics are a row of their own beside their form."""
    if form.code != "baseline":
        return Q(pk__in=[])
    return Q(table_name="trial_baseline", participant_id=form.participant_id)


@require_GET
def plate_history(request: PersonRequest, pk: int) -> HttpResponse:
    """The events of a plate: its file, its wells, its judgement and signatures."""
    plate = get_allowed(
        request, "plate.view", Plate.objects.all(), path="laboratory", pk=pk
    )
    signatures = Signature.objects.filter(
        target_type=ContentType.objects.get_for_model(Plate), target_id=plate.pk
    )
    events = Event.objects.filter(
        Q(table_name="labs_plateupload", row_id=plate.upload_id)
        | Q(table_name="labs_plate", row_id=plate.pk)
        | Q(
            table_name="labs_well",
            kind=Event.Kind.UPDATE,
            row_id__in=plate.wells.values("pk"),
        )
        | Q(table_name="records_signature", row_id__in=signatures.values("pk"))
    )
    title = _("History of %(form)s") % {"form": plate}
    return page_of(request, events, None, title)


@require_GET
def setup_history(request: PersonRequest) -> HttpResponse:
    """Who was given which role where, and what changed of sites and laboratories."""
    require(request, "setup.view")
    events = Event.objects.filter(table_name__startswith="accounts_")
    return page_of(request, events, None, _("History of the set-up"))


def page_of(
    request: PersonRequest,
    events: QuerySet[Event],
    row: Participant | None,
    title: str,
) -> HttpResponse:
    page = Paginator(events.select_related("person"), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "participant": row,
        "page": page,
        "history": sentences(page, names_of(list(page))),
        "title": title,
    }
    return render(request, "desk/history.html", context)


def names_of(events: list[Event]) -> Names:
    """Answers by their item, wells by their place, roles by their person."""
    ids = [e.row_id for e in events if e.table_name == "assessments_answer"]
    answers = Answer.objects.filter(pk__in=ids).select_related("assessment")
    wells = [e.row_id for e in events if e.table_name == "labs_well"]
    members = [e.row_id for e in events if e.table_name == "accounts_membership"]
    held = Membership.objects.filter(pk__in=members).select_related("person")
    return (
        {
            ("assessments_answer", answer.pk): item_name(
                answer.assessment.instrument, answer.item
            )
            for answer in answers
        }
        | {
            ("labs_well", pk): _("well %(name)s") % {"name": name}
            for pk, name in Well.objects.filter(pk__in=wells).values_list("pk", "name")
        }
        | {
            ("accounts_membership", one.pk): _("a role of %(name)s")
            % {"name": one.person}
            for one in held
        }
    )


def item_name(instrument: str, code: str) -> str:
    scale = INSTRUMENTS[instrument]
    item = scale.item(code)
    return _("%(scale)s item %(number)s, %(name)s") % {
        "scale": scale.abbreviation,
        "number": item.number,
        "name": _(item.name),
    }


def place_name(form: str, field: str) -> str:
    """What a question is about: an item in words, else the form and its field."""
    scale = INSTRUMENTS.get(form)
    if scale and field in {item.code for item in scale.items}:
        return item_name(form, field)
    return f"{form_name(form)} {field}".strip()


def form_name(code: str) -> str:
    scale = INSTRUMENTS.get(code)
    return scale.abbreviation if scale else code
