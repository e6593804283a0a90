"""The simulated trial, entered into an empty database through the product's functions.

Each step (the cast, a participant, a plate) is one transaction that also counts itself
done in the job's row: whoever watches sees it go on, and a load that died is taken up
at the step where it stopped, for the same day.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Site
from accounts.roles import Role
from demo import bedside, freezer, people, schedule
from demo.course import TIME_ZONE, Course
from demo.cytokines import bar_codes
from demo.identities import record_all
from demo.laboratory import enter_plate, lay_out
from demo.oversight import oversee
from demo.participants import Entry, enter
from demo.people import Cast
from demo.plans import sign_plans
from demo.plates import plate_exports
from demo.progress import KIND, DemoError
from demo.review import review
from demo.study import Situation, Study, simulate
from demo.under_way import UNSIGNED, ask
from records.context import acting
from records.edit_checks import deferred
from records.jobs import LEASE, MOST_ATTEMPTS
from records.models import Job

_LOCK = 17012239


@dataclass(frozen=True)
class Step:
    name: str
    act: Callable[[], None]


def load(today: date | None = None) -> bool:
    """Load the demo as of `today`; False when it was loaded before.

    DemoError when another process is loading it, or when the database holds a trial.
    """
    with _alone():
        job = _job(today or datetime.now(TIME_ZONE).date())
        if job.state == Job.State.DONE:
            return False
        steps = list(Steps(simulate(date.fromordinal(job.argument))))
        job.total_steps = len(steps)
        for step in steps[job.done_steps :]:
            with transaction.atomic(), deferred():
                step.act()
                _count(job, step)
        job.state, job.leased_until = Job.State.DONE, None
        job.finished_at = timezone.now()
        job.message = "The demo is loaded."
        job.save()
        return True


class Steps:
    """What there is to do, in order of time: the same list for the same study."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.cast = Cast()

    def __iter__(self) -> Iterator[Step]:
        yield Step("people", partial(people.settle, self.study.today))
        yield Step("ketamine", self._stock)
        yield Step("chairs", partial(schedule.settle, self.cast, self.study.today))
        yield Step("plans", partial(sign_plans, self.study, self.cast))
        for course, situation in self._courses():
            name = f"{course.person.arm} of {course.screened_on}"
            yield Step(name, partial(self._enter, course, situation))
        yield Step("tubes and boxes", partial(freezer.fill, self.cast))
        for number, export in enumerate(plate_exports(self.study), 1):
            yield Step(f"plate {number}", partial(enter_plate, export, self.cast))
        yield Step("lot of the kit", partial(freezer.enter_lot, self.cast))
        yield Step("layout", partial(lay_out, self.cast))
        yield Step("identifying data", record_all)
        yield Step("oversight", partial(oversee, self.cast))
        yield Step("edit checks", partial(review, self.cast))

    @cached_property
    def codes(self) -> dict[tuple[str, str], str]:
        return bar_codes(self.study)

    def _courses(self) -> list[tuple[Course, Situation | None]]:
        """Everybody, by the day of screening."""
        found: list[tuple[Course, Situation | None]] = [
            (course, None) for course in (*self.study.patients, *self.study.controls)
        ]
        found += [(one.course, one.situation) for one in self.study.under_way]
        return sorted(found, key=lambda pair: pair[0].screened_on)

    def _stock(self) -> None:
        for code, site in self.cast.sites.items():
            nurse = self.cast.who(Role.INFUSION_NURSE, code)
            with acting(person=nurse.pk, role=Role.INFUSION_NURSE.value):
                doctor = self.cast.who(Role.INVESTIGATOR, code)
                bedside.stock(site, nurse, doctor, self.study.today)

    def _enter(self, course: Course, situation: Situation | None) -> None:
        own = course.person.subject_id
        codes = {visit: code for (who, visit), code in self.codes.items() if who == own}
        unsigned = UNSIGNED if situation == "form unsigned" else frozenset()
        entry = Entry(self.cast, course, codes, unsigned)
        participant = enter(entry, ended=situation is None)
        if situation == "queries open":
            ask(participant, self.cast)
        if situation is not None:
            schedule.happen(situation, participant, self.cast, self.study.today)


@contextmanager
def _alone() -> Iterator[None]:
    """Held by the connection, so that a loader that died holds nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if cursor.fetchone() != (True,):
            raise DemoError("Another process is loading the demo.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _job(today: date) -> Job:
    """The row of this load: a new one for an empty database, else where it stopped.

    All attempts count as used, so that no worker is rung for it.
    """
    job = Job.objects.filter(kind=KIND).first()
    if job is None:
        if Site.objects.exists():
            raise DemoError("This database holds a trial. The demo needs an empty one.")
        job = Job(kind=KIND, argument=today.toordinal(), attempts=MOST_ATTEMPTS)
    if job.state != Job.State.DONE:
        job.state, job.finished_at = Job.State.RUNNING, None
        job.leased_until = timezone.now() + LEASE
        job.save()
    return job


def _count(job: Job, step: Step) -> None:
    job.done_steps += 1
    job.message, job.leased_until = step.name, timezone.now() + LEASE
    job.save()
