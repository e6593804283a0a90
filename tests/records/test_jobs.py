"""A job is a row: taken by one, taken again from the dead, given up after three."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from records import jobs
from records.models import Event, Job
from tests.cast import Cast
from trial.models import Visit

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(minutes=5)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the jobs for which a bell rang."""
    heard: list[int] = []
    monkeypatch.setattr(jobs, "ring", lambda job: heard.append(job.pk))
    return heard


def made(**facts: object) -> Job:
    return Job.objects.create(kind="tests.work", argument=1, **facts)


def running(*, lost: bool, attempts: int = 1) -> Job:
    now = timezone.now()
    until = now - LONG_AGO if lost else now + LONG_AGO
    return made(state="running", leased_until=until, attempts=attempts)


def test_the_bell_rings_after_the_commit_not_before(
    rung: list[int],
    cast: Cast,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue("tests.work", 7, by=cast["lab_scientist"])
        assert rung == []
    assert rung == [job.pk]
    assert (job.state, job.argument, job.attempts) == (Job.State.WAITING, 7, 0)


def test_a_job_is_taken_by_one_worker_only() -> None:
    job = made()
    taken = jobs.take(job.pk)
    assert taken is not None
    assert (taken.state, taken.attempts) == (Job.State.RUNNING, 1)
    assert taken.leased_until is not None
    assert jobs.take(job.pk) is None


@pytest.mark.clause(
    "4.3.6",
    "work of a process that died is taken up by another",
)
def test_a_job_whose_lease_ran_out_is_taken_again() -> None:
    lost = running(lost=True)
    again = jobs.take(lost.pk)
    assert again is not None
    assert again.attempts == 2


def test_a_finished_job_is_not_done_again() -> None:
    calls: list[int] = []

    def work(job: Job) -> str:
        calls.append(job.pk)
        return "Done."

    job = made()
    jobs.run(job.pk, work)
    jobs.run(job.pk, work)
    assert calls == [job.pk]
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.DONE, "Done.")
    assert job.finished_at is not None


def test_what_the_work_wrote_is_undone_when_it_cannot_be_done(visit: Visit) -> None:
    def work(job: Job) -> str:
        visit.attend(timezone.now())
        raise jobs.JobError("The file is not there.")

    job = made()
    jobs.run(job.pk, work)
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.FAILED, "The file is not there.")
    visit.refresh_from_db()
    assert visit.state == Visit.State.PLANNED


def test_an_unforeseen_fault_leaves_the_job_to_be_taken_again(visit: Visit) -> None:
    def work(job: Job) -> str:
        visit.attend(timezone.now())
        raise ZeroDivisionError

    job = made()
    with pytest.raises(ZeroDivisionError):
        jobs.run(job.pk, work)
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING
    visit.refresh_from_db()
    assert visit.state == Visit.State.PLANNED


def test_events_of_the_work_name_its_task_and_who_asked(
    visit: Visit, cast: Cast
) -> None:
    def work(job: Job) -> str:
        visit.attend(timezone.now())
        return ""

    job = made(created_by=cast["lab_scientist"])
    jobs.run(job.pk, work)
    event = Event.objects.filter(table_name="trial_visit", kind="update").latest("id")
    assert event.task == f"tests.work {job.pk}"
    assert event.person == cast["lab_scientist"]


def test_beat_rings_for_the_lost_and_the_long_waiting_only(rung: list[int]) -> None:
    lost = running(lost=True)
    waits_long = made()
    Job.objects.filter(pk=waits_long.pk).update(created_at=timezone.now() - LONG_AGO)
    running(lost=False)
    made()
    assert jobs.ring_waiting() == 2
    assert rung == [lost.pk, waits_long.pk]


def test_after_three_attempts_a_lost_job_is_given_up_with_words(
    rung: list[int],
) -> None:
    lost = running(lost=True, attempts=3)
    assert jobs.ring_waiting() == 0
    lost.refresh_from_db()
    assert lost.state == Job.State.FAILED
    assert lost.message.startswith("Stopped three times")
    assert rung == []


def test_done_without_an_end_is_refused_by_the_form_and_by_the_database() -> None:
    job = made()
    job.state = Job.State.DONE
    with pytest.raises(ValidationError):
        job.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        job.save()
