"""What waits at the clinic: infusions, ratings, bloods, people in screening."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import PersonRequest
from assessments.instruments import INSTRUMENTS
from desk.marks import OPEN_FORMS, visit_state
from records.models import Form
from trial.consents import to_consent_again
from trial.models import Infusion, Participant, Visit
from trial.protocols import PROTOCOLS
from trial.schedule import visit_label

AT_MOST = 100
BLOOD_VISITS = {
    visit.code
    for protocol in PROTOCOLS.values()
    for visit in protocol.visit_types
    if visit.specimens
}
STATES = {
    "due": gettext_lazy("due"),
    "late": gettext_lazy("late"),
    "running": gettext_lazy("running"),
    "planned": gettext_lazy("planned"),
    "question": gettext_lazy("question"),
    "missing": gettext_lazy("missing"),
    "done": gettext_lazy("done"),
}


@dataclass(frozen=True)
class Task:
    """One thing to do: its state, whom it concerns, until when, and where."""

    state: str
    what: str
    who: str
    until: datetime | None
    url: str

    @property
    def said(self) -> str:
        """The state as the page says it."""
        return str(STATES[self.state])

    @property
    def until_said(self) -> str:
        return f"{timezone.localtime(self.until):%m-%d %H:%M}" if self.until else ""


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


def reconsents(request: PersonRequest) -> list[Task]:
    people = Participant.objects.filter(
        request.standing.places("site", "participant.screen")
    )
    lines = to_consent_again(people, timezone.localdate())
    return [
        Task(
            state="due",
            what=_("consent to version %(version)s") % {"version": version},
            who=row.subject_id,
            until=None,
            url=reverse("consent", args=[row.subject_id]),
        )
        for row, version in lines[:AT_MOST]
    ]
