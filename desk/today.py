"""Today: what is due, late or waiting for this person."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest
from accounts.roles import may
from assessments.instruments import INSTRUMENTS
from desk.history import place_name
from desk.marks import OPEN_FORMS, visit_state
from labs.models import Plate
from records.models import Form, Query, Signature
from trial.models import Infusion, Participant, Visit
from trial.protocols import CURRENT
from trial.schedule import visit_label

AT_MOST = 100
BLOOD_VISITS = [visit.code for visit in CURRENT.visit_types if visit.specimens]


@dataclass(frozen=True)
class Task:
    """One thing to do: its state, whom it concerns, until when, and where."""

    state: str
    what: str
    who: str
    until: datetime | None
    url: str


@require_GET
def today(request: PersonRequest) -> HttpResponse:
    sections = [
        (title, tasks)
        for title, action, tasks_of in (
            (_("Infusions"), "infusion.await", infusions),
            (_("Ratings"), "assessment.await", ratings),
            (_("Blood"), "specimen.draw", bloods),
            (_("In screening"), "participant.screen", screenings),
            (_("To be signed by me"), "form.sign", unsigned),
            (_("Questions"), "query.view", queries),
            (_("Plates to be judged"), "plate.judge", plates),
        )
        if may(request.standing.roles, action) and (tasks := tasks_of(request))
    ]
    context = {"sections": sections, "day": timezone.localdate()}
    return render(request, "desk/today.html", context)


def infusions(request: PersonRequest) -> list[Task]:
    day = timezone.localdate()
    rows = (
        Infusion.objects.filter(
            request.standing.places("site", "infusion.await"),
            state__in=[Infusion.State.PLANNED, Infusion.State.RUNNING],
            planned_on__lte=day,
            participant__state=Participant.State.ENROLLED,
        )
        .select_related("participant")
        .order_by("planned_on", "participant__subject_id")[:AT_MOST]
    )
    return [
        Task(
            state="running"
            if row.state == Infusion.State.RUNNING
            else ("due" if row.planned_on == day else "late"),
            what=_("infusion %(number)s") % {"number": row.number},
            who=row.participant.subject_id,
            until=row.started_at,
            url=reverse("infusion", args=[row.pk]),
        )
        for row in rows
    ]


def open_visits(request: PersonRequest, action: str) -> QuerySet[Visit]:
    """Visits whose window has opened, at the person's sites, not missed."""
    return (
        Visit.objects.filter(
            request.standing.places("site", action),
            window_opens__lte=timezone.now() + timedelta(hours=12),
            participant__state__in=[
                Participant.State.SCREENING,
                Participant.State.ENROLLED,
            ],
        )
        .exclude(state=Visit.State.MISSED)
        .select_related("participant")
        .order_by("window_closes")
    )


def ratings(request: PersonRequest) -> list[Task]:
    kind = ContentType.objects.get_for_model(Visit)
    unfinished = Form.objects.filter(
        about_type=kind, about_id=OuterRef("pk"), completion__in=OPEN_FORMS
    )
    rows = list(
        open_visits(request, "assessment.await").filter(Exists(unfinished))[:AT_MOST]
    )
    forms = Form.objects.filter(
        about_type=kind, about_id__in=[v.pk for v in rows], completion__in=OPEN_FORMS
    )
    by_visit: dict[int, list[str]] = {}
    for form in forms:
        by_visit.setdefault(form.about_id, []).append(form.code)
    now = timezone.now()
    return [
        Task(
            state=visit_state(visit, False, now),
            what=f"{INSTRUMENTS[code].abbreviation}, {visit_label(visit)}",
            who=visit.participant.subject_id,
            until=visit.window_closes,
            url=reverse("rating", args=[visit.pk, code]),
        )
        for visit in rows
        for code in by_visit.get(visit.pk, [])
    ]


def bloods(request: PersonRequest) -> list[Task]:
    rows = open_visits(request, "specimen.draw").filter(
        visit_type__in=BLOOD_VISITS, specimen=None
    )
    now = timezone.now()
    return [
        Task(
            state=visit_state(visit, False, now),
            what=_("blood, %(visit)s") % {"visit": visit_label(visit)},
            who=visit.participant.subject_id,
            until=visit.window_closes,
            url=reverse("specimen", args=[visit.pk]),
        )
        for visit in rows[:AT_MOST]
    ]


def screenings(request: PersonRequest) -> list[Task]:
    rows = Participant.objects.filter(
        request.standing.places("site", "participant.screen"),
        state=Participant.State.SCREENING,
    ).order_by("screened_on")
    return [
        Task(
            state="due",
            what=_("eligibility, screened on %(day)s") % {"day": row.screened_on},
            who=row.subject_id,
            until=None,
            url=reverse("eligibility", args=[row.subject_id]),
        )
        for row in rows[:AT_MOST]
    ]


def unsigned(request: PersonRequest) -> list[Task]:
    """Forms that this person completed and has not signed."""
    kind = ContentType.objects.get_for_model(Form)
    standing = Signature.objects.filter(
        target_type=kind, target_id=OuterRef("pk"), fallen_at=None
    )
    rows = (
        Form.objects.filter(
            Q(assessment__isnull=False),
            ~Exists(standing),
            completed_by=request.user,
            completion=Form.Completion.COMPLETE,
        )
        .select_related("assessment__participant", "assessment__visit__participant")
        .order_by("completed_at")
    )
    return [
        Task(
            state="due",
            what=f"{INSTRUMENTS[row.code].abbreviation}, "
            f"{visit_label(row.assessment.visit)}",
            who=row.assessment.participant.subject_id,
            until=None,
            url=reverse("rating", args=[row.assessment.visit_id, row.code]),
        )
        for row in rows[:AT_MOST]
    ]


def queries(request: PersonRequest) -> list[Task]:
    wanted = [Query.State.OPEN]
    if may(request.standing.roles, "query.close"):
        wanted.append(Query.State.ANSWERED)
    rows = Query.objects.filter(
        request.standing.places("site", "query.view"), state__in=wanted
    ).select_related("form")
    names = dict(
        Participant.objects.filter(
            pk__in=[row.participant_id for row in rows[:AT_MOST]]
        ).values_list("pk", "subject_id")
    )
    return [
        Task(
            state="question",
            what=place_name(row.form.code, row.field),
            who=names.get(row.participant_id, ""),
            until=None,
            url=reverse("query", args=[row.pk]),
        )
        for row in rows[:AT_MOST]
    ]


def plates(request: PersonRequest) -> list[Task]:
    rows = Plate.objects.filter(
        request.standing.places("laboratory", "plate.judge"), state=Plate.State.READ
    ).select_related("upload")
    return [
        Task(
            state="due",
            what=str(row),
            who="",
            until=None,
            url=reverse("plate", args=[row.pk]),
        )
        for row in rows[:AT_MOST]
    ]
