"""What waits to be signed, answered or judged."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.access import PersonRequest
from accounts.roles import may
from assessments.instruments import INSTRUMENTS
from desk.places import query_name, unconcealed
from desk.places import rows as query_rows
from desk.waiting import AT_MOST, Task
from labs.models import Plate
from records.models import Form, Query, Signature
from trial.deviations import acknowledged
from trial.models import Deviation, Ending, Participant
from trial.schedule import visit_label


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
    wanted: list[str] = [*Query.ASKING]
    if may(request.standing.roles, "query.close"):
        wanted.append(Query.State.ANSWERED)
    rows = query_rows(
        Query.objects.filter(
            request.standing.places("site", "query.view"),
            unconcealed(request),
            state__in=wanted,
        )
    )
    names = dict(
        Participant.objects.filter(
            pk__in=[row.participant_id for row in rows[:AT_MOST]]
        ).values_list("pk", "subject_id")
    )
    return [
        Task(
            state="question",
            what=query_name(row),
            who=names.get(row.participant_id, ""),
            until=None,
            url=reverse("query", args=[row.pk]),
        )
        for row in rows[:AT_MOST]
    ]


def deviations(request: PersonRequest) -> list[Task]:
    rows = Deviation.objects.filter(
        ~acknowledged(),
        request.standing.places("site", "deviation.acknowledge"),
        void_reason="",
    ).select_related("participant")
    return [
        Task(
            state="due",
            what=row.text,
            who=row.participant.subject_id,
            until=None,
            url=reverse("deviation", args=[row.pk]),
        )
        for row in rows[:AT_MOST]
    ]


def endings(request: PersonRequest) -> list[Task]:
    kind = ContentType.objects.get_for_model(Ending)
    standing = Signature.objects.filter(
        target_type=kind, target_id=OuterRef("pk"), fallen_at=None
    )
    rows = Ending.objects.filter(
        ~Exists(standing), request.standing.places("site", "ending.sign")
    ).exclude(code="completed")
    return [
        Task(
            state="due",
            what=row.get_code_display(),
            who=row.participant.subject_id,
            until=None,
            url=reverse("ending_sign", args=[row.pk]),
        )
        for row in rows.select_related("participant")[:AT_MOST]
    ]


def plates(request: PersonRequest) -> list[Task]:
    """Plates to be judged, and those that wait for this person as second reader."""
    waiting = Q(state=Plate.State.READ) | (
        Q(state=Plate.State.ACCEPTED) & ~Q(judged_by=request.user)
    )
    rows = Plate.objects.filter(
        request.standing.places("laboratory", "plate.judge"), waiting
    ).select_related("upload")
    return [
        Task(
            state="due",
            what=str(row),
            who="",
            until=None,
            url=reverse("plate_judgement", args=[row.pk]),
        )
        for row in rows[:AT_MOST]
    ]
