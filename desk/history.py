"""What happened, as sentences: to a field, a form, a participant, by a person, or all.

Each page has the same filters in its address, and is handed out as CSV and as PDF.
"""

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, get_allowed, require
from accounts.models import User
from assessments.models import Answer, Assessment
from desk import history_out
from desk.event_names import names_of
from desk.form_fields import fields_of
from desk.places import form_name, place_name
from labs.models import Plate
from records import history
from records.models import Event, Form, Query, Signature, Verification
from records.sentences import sentences
from trial.models import Participant

A_PAGE = 100


@require_GET
def participant_history(request: PersonRequest, subject_id: str) -> HttpResponseBase:
    row = get_allowed(
        request, "history.view", Participant.objects.all(), subject_id=subject_id
    )
    events = Event.objects.filter(participant_id=row.pk)
    return page_of(request, events, row, _("History"))


@require_GET
def form_history(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The events of a form and of all that hangs on it; of one field by `?field=`."""
    form = get_allowed(request, "history.view", Form.objects.all(), pk=pk)
    row = Participant.objects.get(pk=form.participant_id)
    field = request.GET.get("field", "")
    name = place_name(form.code, field) if field else form_name(form.code)
    events = of_field(form, field) if field else of_form(form)
    return page_of(request, events, row, _("History of %(form)s") % {"form": name})


def of_form(form: Form) -> QuerySet[Event]:
    ratings = Assessment.every.filter(form=form)
    answers = Answer.objects.filter(assessment__in=ratings)
    signatures = Signature.objects.filter(
        target_type=ContentType.objects.get_for_model(Form), target_id=form.pk
    )
    queries, seen = Query.objects.filter(form=form), form.verifications.all()
    return Event.objects.filter(
        Q(table_name="records_form", row_id=form.pk)
        | Q(table_name="assessments_assessment", row_id__in=ratings.values("pk"))
        | Q(table_name="assessments_answer", row_id__in=answers.values("pk"))
        | Q(table_name="records_signature", row_id__in=signatures.values("pk"))
        | Q(table_name="records_query", row_id__in=queries.values("pk"))
        | Q(table_name="records_verification", row_id__in=seen.values("pk"))
        | entered_of(form)
    )


def of_field(form: Form, code: str) -> QuerySet[Event]:
    """What touched the columns where the field's value stands, and its marks."""
    field = next((one for one in fields_of(form) if one.code == code), None)
    queries = Query.objects.filter(form=form, field=code)
    seen = Verification.objects.filter(form=form, field=code)
    wanted = Q(table_name="records_query", row_id__in=queries.values("pk"))
    wanted |= Q(table_name="records_verification", row_id__in=seen.values("pk"))
    if field is not None:
        wanted |= Q(
            table_name=field.seen.table,
            row_id=field.seen.row_id,
            new__has_any_keys=list(field.seen.columns),
        )
    return Event.objects.filter(wanted)


def entered_of(form: Form) -> Q:
    """Baseline characteristics are a row of their own beside their form."""
    if form.code != "baseline":
        return Q(pk__in=[])
    return Q(table_name="trial_baseline", participant_id=form.participant_id)


@require_GET
def person_history(request: PersonRequest, pk: int) -> HttpResponseBase:
    """What one person did at the reader's sites."""
    require(request, "history.view")
    person = User.objects.filter(pk=pk).first()
    if person is None:
        raise Http404(_("There is no such person."))
    events = of_sites(request).filter(person=person)
    title = _("History of %(form)s") % {"form": person.full_name}
    return page_of(request, events, None, title)


@require_GET
def reviews(request: PersonRequest) -> HttpResponseBase:
    """The whole trail at the reader's sites, with the five saved reviews."""
    require(request, "history.view")
    return page_of(request, of_sites(request), None, _("Audit trail"), tab="reviews")


def of_sites(request: PersonRequest) -> QuerySet[Event]:
    """Events of participants at the sites where the person may read histories."""
    places = request.standing.places("site", "history.view")
    people = Participant.objects.filter(places)
    return Event.objects.filter(participant_id__in=people.values("pk"))


@require_GET
def plate_history(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The events of a plate, of its wells since they were read, of its signatures."""
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
def setup_history(request: PersonRequest) -> HttpResponseBase:
    """Who was given which role where, and what changed of sites and laboratories."""
    require(request, "setup.view")
    events = Event.objects.filter(table_name__startswith="accounts_")
    return page_of(request, events, None, _("History of the set-up"))


def page_of(
    request: HttpRequest,
    events: QuerySet[Event],
    row: Participant | None,
    title: str,
    tab: str = "",
) -> HttpResponseBase:
    """The events that the address asks for: a page of them, or all as CSV or PDF."""
    asked = {name: str(text) for name, text in request.GET.items()}
    found = history.filtered(events, asked).select_related("person")
    if asked.get("as") in history_out.FORMATS:
        return history_out.exported(request, found, title, asked["as"])
    page = Paginator(found, A_PAGE).get_page(asked.get("page"))
    context = {
        "participant": row,
        "page": page,
        "history": sentences(page, names_of(list(page))),
        "title": title,
        "tab": tab,
        "may_review": True,
        "asked": asked,
        "kinds": Event.Kind.choices,
        "reviews": [(one.code, one.name) for one in history.REVIEWS],
        "people": people_of(events),
    }
    return render(request, "desk/history.html", context)


def people_of(events: QuerySet[Event]) -> list[tuple[str, str]]:
    """Who acted in these events, for the filter."""
    ids = events.order_by().values_list("person", flat=True).distinct()
    people = User.objects.filter(pk__in=ids).order_by("full_name")
    return [(str(one.pk), one.full_name) for one in people]
