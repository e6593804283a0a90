from celery import shared_task

from analysis import running
from analysis.freezing import WRITE, freeze
from analysis.running import ANALYSE, JOIN, compute, join
from records.jobs import run


@shared_task(name=WRITE)
def write_cut(job_id: int) -> None:
    """Write one data cut."""
    run(job_id, freeze)


@shared_task(name=ANALYSE)
def run_analysis(job_id: int) -> None:
    """Compute one analysis of a run."""
    run(job_id, compute)


@shared_task(name=JOIN)
def join_run(job_id: int) -> None:
    """Adjust the p values of a run in their families."""
    run(job_id, join)


@shared_task
def join_finished() -> None:
    """Ask for the joining step of runs whose last analysis was given up."""
    running.join_finished()
