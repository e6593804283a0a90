"""A mail is a row and a job: sent once, kept with the reason where it cannot be."""

from datetime import timedelta

import pytest
from django.core import mail as outside
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from records import jobs
from records.mail import SEND, post, send, try_again
from records.models import Job, Mail
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def rater(cast: Cast) -> User:
    person = cast["rater"]
    person.email = "rater@sixfold.example"
    person.save()
    return person


def send_of(mail: Mail) -> Mail:
    for job in Job.objects.filter(kind=SEND, argument=mail.pk):
        jobs.run(job.pk, send)
    mail.refresh_from_db()
    return mail


def refuse(message: EmailMessage) -> int:
    raise ConnectionRefusedError("no server there")


def test_a_mail_is_written_with_the_transaction_and_sent_by_the_job(
    rater: User,
) -> None:
    mail = post(to=rater, subject="A question\nfor you", text="Read /queries/1/.")
    assert mail.sent_at is None
    assert outside.outbox == []
    send_of(mail)
    assert [(m.subject, m.to) for m in outside.outbox] == [
        ("A question for you", ["rater@sixfold.example"])
    ]
    assert (mail.attempts, mail.failure) == (1, "")


def test_a_transaction_that_is_undone_leaves_no_mail(rater: User) -> None:
    with transaction.atomic():
        post(to=rater, subject="A", text="B")
        transaction.set_rollback(True)
    assert not Mail.objects.exists()
    assert not Job.objects.exists()


def test_a_second_job_for_the_same_mail_sends_nothing(rater: User) -> None:
    mail = post(to=rater, subject="A", text="B")
    jobs.enqueue(SEND, mail.pk)
    send_of(mail)
    assert len(outside.outbox) == 1
    assert mail.attempts == 1


def test_a_failure_keeps_its_reason_and_is_tried_again_later(
    rater: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = post(to=rater, subject="A", text="B")
    with monkeypatch.context() as down:
        down.setattr(EmailMessage, "send", refuse)
        send_of(mail)
    assert (mail.sent_at, mail.failure) == (None, "no server there")
    assert try_again() == 0
    Mail.objects.update(tried_at=timezone.now() - timedelta(hours=1))
    assert try_again() == 1
    send_of(mail)
    assert (mail.attempts, mail.failure) == (2, "")
    assert len(outside.outbox) == 1


def test_after_five_attempts_nobody_tries_again(rater: User) -> None:
    mail = post(to=rater, subject="A", text="B")
    long_ago = timezone.now() - timedelta(days=1)
    Mail.objects.filter(pk=mail.pk).update(attempts=5, tried_at=long_ago, failure="no")
    assert try_again() == 0


@pytest.mark.parametrize("facts", [{"email": ""}, {"is_active": False}])
def test_who_cannot_get_a_mail_gets_none_and_the_row_says_why(
    rater: User, facts: dict[str, object]
) -> None:
    User.objects.filter(pk=rater.pk).update(**facts)
    mail = send_of(post(to=rater, subject="A", text="B"))
    assert outside.outbox == []
    assert mail.failure


@pytest.mark.parametrize(
    "facts",
    [
        {"subject": ""},
        {"text": ""},
        {"attempts": 1},
        {"sent_at": timezone.now()},
        {"attempts": 1, "tried_at": timezone.now()},
    ],
)
def test_an_impossible_mail_is_refused_by_the_form_and_by_the_database(
    rater: User, facts: dict[str, object]
) -> None:
    mail = Mail(**({"to": rater, "subject": "A", "text": "B"} | facts))
    with pytest.raises(ValidationError):
        mail.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        mail.save()
