from celery import shared_task

from labs.plate_import import READ, read_upload
from records.jobs import run


@shared_task(name=READ)
def read_plate_file(job_id: int) -> None:
    """Read one uploaded plate file."""
    run(job_id, read_upload)
