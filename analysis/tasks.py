from celery import shared_task

from analysis.freezing import WRITE, freeze
from analysis.running import ANALYSE, compute
from records.jobs import run


@shared_task(name=WRITE)
def write_cut(job_id: int) -> None:
    """Write one data cut."""
    run(job_id, freeze)


@shared_task(name=ANALYSE)
def run_analysis(job_id: int) -> None:
    """Compute one analysis of a run."""
    run(job_id, compute)
