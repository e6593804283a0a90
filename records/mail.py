"""Mail to the people of the trial: a row with the caller's transaction, then a job."""

from datetime import timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from records.jobs import enqueue
from records.models import Job, Mail

SEND = "records.tasks.send_mail"
MOST_ATTEMPTS = 5
TRY_AGAIN_AFTER = timedelta(minutes=10)


def post(*, to: User, subject: str, text: str) -> Mail:
    """Write a mail to `to`; a worker sends it once this transaction has committed.

    Mail leaves the trial's hands: the caller puts no participant's name or id, no score
    and no group into it, only what happened and the address of the page that says more.
    The words are the recipient's language: `with translation.override(to.language)`.
    """
    mail = Mail.objects.create(to=to, subject=" ".join(subject.split()), text=text)
    enqueue(SEND, mail.pk)
    return mail


def send(job: Job) -> str:
    """Send the mail of the job, if it was not sent; keep why when it cannot be."""
    mail = Mail.objects.select_for_update(of=("self",)).get(pk=job.argument)
    if mail.sent_at:
        return _("Sent before.")
    mail.attempts += 1
    mail.tried_at = timezone.now()
    mail.failure = deliver(mail)[:300]
    mail.sent_at = None if mail.failure else mail.tried_at
    mail.save()
    return mail.failure or _("Sent.")


def deliver(mail: Mail) -> str:
    """Hand the mail to the server of mails; the reason where it was not taken."""
    if not mail.to.is_active:
        return _("The person is deactivated.")
    if not mail.to.email:
        return _("The person has no e-mail address.")
    try:
        EmailMessage(mail.subject, mail.text, to=[mail.to.email]).send()
    except (SMTPException, OSError) as refusal:
        return str(refusal) or type(refusal).__name__
    return ""


def try_again() -> int:
    """A new job for each mail that failed a while ago, five times at most."""
    failed = Mail.objects.filter(
        ~Q(failure=""),
        attempts__lt=MOST_ATTEMPTS,
        tried_at__lt=timezone.now() - TRY_AGAIN_AFTER,
    )
    ids = list(failed.order_by("id").values_list("pk", flat=True)[:100])
    for pk in ids:
        enqueue(SEND, pk)
    return len(ids)
