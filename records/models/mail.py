"""A mail to a person of the trial: kept as a row, sent by a worker."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Mail(models.Model):
    """Waits, was sent, or failed with a reason and waits to be tried again."""

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mails"
    )
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    posted_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(text=""), name="mail_says_something"
            ),
            models.CheckConstraint(
                condition=Q(
                    attempts=0, tried_at__isnull=True, sent_at__isnull=True, failure=""
                )
                | (
                    Q(attempts__gte=1, tried_at__isnull=False)
                    & (
                        Q(sent_at__isnull=False, failure="")
                        | (Q(sent_at__isnull=True) & ~Q(failure=""))
                    )
                ),
                name="mail_is_waiting_sent_or_failed",
            ),
        )
        indexes = (
            models.Index(
                fields=["id"], condition=Q(sent_at=None), name="mail_not_sent"
            ),
        )

    def __str__(self) -> str:
        return self.subject
