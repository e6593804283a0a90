"""Every edit check of every room, over some or all participants."""

from collections.abc import Iterable

from django.db import transaction

from assessments import edit_checks as assessments_checks
from labs import edit_checks as labs_checks
from records import edit_checks
from records.edit_checks import EditCheck, Finding
from records.jobs import JobError
from records.models import Job
from trial import edit_checks as trial_checks
from trial.models import Participant

CHECKS: tuple[EditCheck, ...] = (
    *trial_checks.CHECKS,
    *assessments_checks.CHECKS,
    *labs_checks.CHECKS,
)
AT_ONCE = 50


def find(participants: Iterable[int]) -> list[Finding]:
    ids = list(participants)
    return [
        *trial_checks.find(ids),
        *assessments_checks.find(ids),
        *labs_checks.find(ids),
    ]


def check(participants: Iterable[int] | None = None) -> int:
    """Run every check, fifty participants a transaction; how many questions changed."""
    if participants is None:
        participants = Participant.objects.order_by("pk").values_list("pk", flat=True)
    everybody, changed = list(participants), 0
    for start in range(0, len(everybody), AT_ONCE):
        with transaction.atomic():
            ids = everybody[start : start + AT_ONCE]
            changed += edit_checks.settle(CHECKS, ids, find(ids))
    return changed


def check_participant(job: Job) -> str:
    """The work of a job that a save asked for, about one participant."""
    if not Participant.objects.filter(pk=job.argument).exists():
        raise JobError("There is no such participant.")
    return str(check([job.argument]))
