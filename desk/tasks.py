from celery import shared_task

from desk import check_data
from records.jobs import run
from trial.edit_checks import CHECK_ALL


@shared_task(name=CHECK_ALL)
def check_participant(job_id: int) -> None:
    """Check one participant in every room."""
    run(job_id, check_data.check_participant)


@shared_task(name="desk.tasks.check_everybody")
def check_everybody() -> int:
    """Beat's call: what no save looks at, such as a visit without its blood."""
    return check_data.check()
