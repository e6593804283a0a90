"""A query: a question about a value, its thread, and whether it is settled."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from records.models.form import Form


class Query(models.Model):
    """Raised by a person or an edit check (`check_code`).

    It hangs on a form, or a `field` of it; or, where no form is meant, on a clinical
    object such as a visit, an infusion or a specimen.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed")
        REOPENED = "reopened", _("reopened")

    # States in which those who entered the value are asked.
    ASKING = (State.OPEN, State.REOPENED)

    form = models.ForeignKey(
        Form, on_delete=models.PROTECT, null=True, related_name="queries"
    )
    about_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, related_name="+"
    )
    about_id = models.BigIntegerField(null=True)
    about = GenericForeignKey("about_type", "about_id")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="queries")
    participant_id = models.BigIntegerField()
    field = models.CharField(_("field"), max_length=60, blank=True)
    check_code = models.CharField(_("edit check"), max_length=60, blank=True)
    # The values that the check found last: a reason accepted for them holds for them.
    found = models.CharField(_("values found"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.OPEN
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    raised_at = models.DateTimeField(_("raised at"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ("raised_at",)
        verbose_name = _("query")
        verbose_name_plural = _("queries")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["open", "answered", "closed", "reopened"]),
                name="query_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (
                    ~Q(state="closed")
                    & Q(closed_at__isnull=True, closed_by__isnull=True)
                ),
                name="query_closed_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(raised_by__isnull=False) | ~Q(check_code=""),
                name="query_is_raised_by_person_or_check",
            ),
            models.CheckConstraint(
                condition=Q(
                    form__isnull=False, about_type__isnull=True, about_id__isnull=True
                )
                | Q(
                    form__isnull=True,
                    about_type__isnull=False,
                    about_id__isnull=False,
                    field="",
                ),
                name="query_hangs_on_a_form_or_an_object",
                violation_error_message=_(
                    "A question is about a form, a field of it, or another object."
                ),
            ),
            models.UniqueConstraint(
                fields=["form", "field", "check_code"],
                condition=~Q(check_code="") & Q(form__isnull=False),
                name="query_of_a_check_once_a_field",
            ),
            models.UniqueConstraint(
                fields=["about_type", "about_id", "check_code"],
                condition=~Q(check_code="") & Q(form__isnull=True),
                name="query_of_a_check_once_an_object",
            ),
        )
        indexes = (
            models.Index(fields=["participant_id"], name="query_of_participant"),
            models.Index(fields=["site", "state", "raised_at"], name="query_by_age"),
        )

    def __str__(self) -> str:
        place = self.form.code if self.form else str(self.about)
        return f"{place} {self.field}: {self.state}"

    @property
    def is_asking(self) -> bool:
        return self.state in self.ASKING


class QueryMessage(models.Model):
    """One entry of the thread. Who wrote none is the edit check; its words are kept in
    English with their values, and said in the language of the reader."""

    class Kind(models.TextChoices):
        QUERY = "query", _("question")
        ANSWER = "answer", _("answer")
        NOTE = "note", _("note")
        DEVIATION = "deviation", _("protocol deviation")
        CLOSED = "closed", _("closed")
        REOPENED = "reopened", _("reopened")

    query = models.ForeignKey(Query, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    text = models.TextField(_("text"))
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        _("values"), default=dict, blank=True
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("entry of a query")
        constraints = (
            models.CheckConstraint(
                condition=~Q(text=""), name="query_message_says_something"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "query",
                        "answer",
                        "note",
                        "deviation",
                        "closed",
                        "reopened",
                    ]
                ),
                name="query_message_kind_is_known",
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]

    def said(self) -> str:
        """The words in the reader's language where a check wrote them."""
        if self.written_by_id is not None:
            return self.text
        return gettext(self.text) % self.values
