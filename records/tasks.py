from celery import shared_task

from records import anchors, chain, mail
from records.jobs import ring_waiting, run


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


@shared_task(name=mail.SEND)
def send_mail(job_id: int) -> None:
    """Send one mail."""
    run(job_id, mail.send)


@shared_task(name="records.tasks.mail_again")
def mail_again() -> int:
    """Beat's call: mails that failed are tried again."""
    return mail.try_again()
