"""How far the loading of the demo has come, for the line on every page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from records.models import Job

KIND = "demo.load"


class DemoError(Exception):
    """Why something is not done to the demo, in one sentence."""


@dataclass(frozen=True)
class Progress:
    doing: str
    done: int
    total: int


def progress() -> Progress | None:
    """None when nothing is being loaded."""
    job = Job.objects.filter(kind=KIND, state=Job.State.RUNNING).first()
    if job is None:
        return None
    doing = _("The demo trial is being loaded.")
    return Progress(doing, job.done_steps, job.total_steps)


def is_loaded() -> bool:
    return Job.objects.filter(kind=KIND, state=Job.State.DONE).exists()
