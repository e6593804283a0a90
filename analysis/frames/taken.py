"""Who is in a data cut, and how many are not, by reason."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from analysis.cuts import LeftOut
from analysis.plan import Collection
from trial.models import Participant, Visit
from trial.words import mark as _

IN_SCREENING = _("in screening")
NOT_ELIGIBLE = _("not eligible")
LEFT_BEFORE = _("withdrew before enrolment")
UNDER_WAY = _("the course is not over")


def of_collection(collection: Collection, as_of: datetime) -> QuerySet[Participant]:
    """The enrolled who withdrew, or whose last visit was attended or missed."""
    last = Q()
    for arm, visit_type in collection.last_visits:
        last |= Q(participant__arm=arm, visit_type=visit_type)
    by_then = Q(state=Visit.State.ATTENDED, attended_at__lte=as_of)
    by_then |= Q(state=Visit.State.MISSED) & (
        Q(window_closes=None) | Q(window_closes__lte=as_of)
    )
    ended = Visit.objects.filter(last & by_then, participant=OuterRef("pk"))
    early = (Participant.State.WITHDRAWN, Participant.State.LOST)
    left = Q(state__in=early, ended_on__lte=as_of.date())
    enrolled = Participant.objects.filter(enrolled_on__lte=as_of.date())
    return enrolled.filter(Exists(ended) | left).order_by("subject_id")


def participants_left_out(taken: QuerySet[Participant]) -> Iterator[LeftOut]:
    reasons = {
        Participant.State.SCREENING.value: IN_SCREENING,
        Participant.State.SCREEN_FAILED.value: NOT_ELIGIBLE,
        Participant.State.WITHDRAWN.value: LEFT_BEFORE,
        Participant.State.LOST.value: LEFT_BEFORE,
    }
    out = Participant.objects.exclude(pk__in=taken.order_by().values("pk"))
    counts = Counter(
        reasons.get(state, UNDER_WAY) for state in out.values_list("state", flat=True)
    )
    for reason, n in sorted(counts.items()):
        yield LeftOut("participant", reason, n)
