from celery import shared_task

from records import anchors, chain
from records.jobs import ring_waiting


@shared_task(name="records.tasks.ring")
def ring() -> int:
    """Beat's call: jobs that wait, or whose worker died, are rung for again."""
    return ring_waiting()


@shared_task(name="records.tasks.seal")
def seal() -> int:
    """Beat's call: the events since the last one get their link in the chain."""
    return chain.seal()


@shared_task(name="records.tasks.anchor")
def anchor() -> str:
    """Beat's call: what the chain is now is written down outside the database."""
    return str(anchors.write() or "")
