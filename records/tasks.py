from celery import shared_task

from records.jobs import ring_waiting


@shared_task(name="records.tasks.ring")
def ring() -> int:
    """Beat's call: jobs that wait, or whose worker died, are rung for again."""
    return ring_waiting()
