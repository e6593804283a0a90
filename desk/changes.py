"""The head of Today: the next infusion, and what changed since yesterday."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import PersonRequest
from accounts.roles import may
from assessments.models import Assessment
from records.models import Query
from trial.models import Deviation, Infusion, Participant


@dataclass(frozen=True)
class Number:
    """A count of the person's sites, and how much of it is of yesterday or today."""

    label: str
    total: int
    since_yesterday: int


def upcoming(request: PersonRequest) -> Infusion | None:
    """The infusion that runs, else the next that is planned."""
    if not may(request.standing.roles, "infusion.await"):
        return None
    rows = Infusion.objects.filter(
        request.standing.places("site", "infusion.await"),
        participant__state=Participant.State.ENROLLED,
    ).select_related("participant")
    running = rows.filter(state=Infusion.State.RUNNING).order_by("started_at")
    planned = rows.filter(
        state=Infusion.State.PLANNED, planned_on__gte=timezone.localdate()
    ).order_by("planned_on", "participant__subject_id")
    return running.first() or planned.first()


def changed(request: PersonRequest) -> list[Number]:
    """What is counted, for the roles that may see it: one query each."""
    roles = request.standing.roles
    counted: tuple[tuple[str, str, QuerySet[Model], str], ...] = (
        (
            _("Enrolled"),
            "participant.view",
            Participant.objects.exclude(enrolled_on=None),
            "enrolled_on",
        ),
        (
            _("Infusions given"),
            "infusion.view",
            Infusion.objects.filter(state=Infusion.State.GIVEN),
            "started_at",
        ),
        (_("Ratings"), "assessment.view", Assessment.objects.all(), "rated_at"),
        (
            _("Open questions"),
            "query.view",
            Query.objects.exclude(state=Query.State.CLOSED),
            "raised_at",
        ),
        (
            _("Deviations"),
            "deviation.view",
            Deviation.objects.filter(void_reason=""),
            "recorded_at",
        ),
    )
    return [
        number(request, label, action, rows, field)
        for label, action, rows, field in counted
        if may(roles, action)
    ]


def number(
    request: PersonRequest, label: str, action: str, rows: QuerySet[Model], field: str
) -> Number:
    yesterday = timezone.localdate() - timedelta(days=1)
    since: object = yesterday
    if field.endswith("_at"):
        zone = timezone.get_current_timezone()
        since = datetime.combine(yesterday, time(), zone)
    counts = rows.filter(request.standing.places("site", action)).aggregate(
        total=Count("pk"), new=Count("pk", filter=Q(**{f"{field}__gte": since}))
    )
    return Number(label, counts["total"], counts["new"])
