"""A query: a question about a value, its thread, and whether it is settled."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from records.models.form import Form


class Query(models.Model):
    """Raised by a person or an edit check (`check_code`) on a form or a field of it."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed")

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="queries")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="queries")
    participant_id = models.BigIntegerField()
    field = models.CharField(max_length=60, blank=True)
    check_code = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    raised_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("raised_at",)
        verbose_name_plural = "queries"
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["open", "answered", "closed"]),
                name="query_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="query_closed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(raised_by__isnull=False) | ~Q(check_code=""),
                name="query_is_raised_by_person_or_check",
            ),
            models.UniqueConstraint(
                fields=["form", "field", "check_code"],
                condition=~Q(check_code="") & ~Q(state="closed"),
                name="query_of_a_check_is_open_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.form.code} {self.field}: {self.state}"


class QueryMessage(models.Model):
    """One entry of the thread: a question, an answer, a note, or why it was closed."""

    query = models.ForeignKey(Query, on_delete=models.PROTECT, related_name="messages")
    text = models.TextField(_("text"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(text=""), name="query_message_says_something"
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]
