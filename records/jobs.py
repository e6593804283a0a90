"""Work for a worker: written as a row, rung after commit, taken under a lease."""

from collections.abc import Callable
from datetime import timedelta

from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from records.context import acting
from records.models import Job

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
RING_AGAIN_AFTER = timedelta(seconds=15)


class JobError(Exception):
    """The work cannot be done; the text says why, for the person who asked."""


def enqueue(kind: str, argument: int, *, by: User | None = None) -> Job:
    """Write the job with the caller's transaction; ring when it has committed.

    `kind` is the name of the Celery task, `argument` the id of what it works on.
    """
    job = Job.objects.create(kind=kind, argument=argument, created_by=by)
    transaction.on_commit(lambda: ring(job))
    return job


def ring(job: Job) -> None:
    """Tell a worker. A broker that is down is no error: beat rings again."""
    try:
        current_app.send_task(job.kind, args=[job.pk])
    except current_app.connection_for_write().connection_errors:
        return


def ring_waiting() -> int:
    """Ring for jobs that wait too long or whose worker died; give up after three."""
    now = timezone.now()
    lost = Q(state=Job.State.RUNNING, leased_until__lt=now)
    waiting = Q(state=Job.State.WAITING, created_at__lt=now - RING_AGAIN_AFTER)
    Job.objects.filter(lost, attempts__gte=MOST_ATTEMPTS).update(
        state=Job.State.FAILED,
        leased_until=None,
        finished_at=now,
        message=str(_("Stopped three times without an end. Start it again.")),
    )
    jobs = list(Job.objects.filter(lost | waiting)[:100])
    for job in jobs:
        ring(job)
    return len(jobs)


def run(job_id: int, work: Callable[[Job], str]) -> None:
    """Take the job, if nobody has, and do its work.

    `work` gets the job, may report `progress`, and returns the sentence to show. It is
    called again when a worker died, so it must be whole or nothing.
    """
    job = take(job_id)
    if job is None:
        return
    with acting(person=job.created_by_id, task=f"{job.kind} {job.pk}"):
        try:
            with transaction.atomic():
                message = work(job)
                finish(job, Job.State.DONE, message)
        except JobError as refusal:
            finish(job, Job.State.FAILED, str(refusal))


def take(job_id: int) -> Job | None:
    """The job under a lease of ours; None where another has it or it is finished."""
    now = timezone.now()
    free = Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, leased_until__lt=now)
    taken = Job.objects.filter(free, pk=job_id).update(
        state=Job.State.RUNNING,
        leased_until=now + LEASE,
        attempts=F("attempts") + 1,
    )
    return Job.objects.get(pk=job_id) if taken else None


def finish(job: Job, state: Job.State, message: str) -> None:
    job.state, job.message = state, message[:500]
    job.leased_until, job.finished_at = None, timezone.now()
    job.save()
