"""A form: the place of one kind of entry about one clinical object, and its state."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site


class Form(models.Model):
    """Completion is kept here; signatures, holds, verifications are rows of their own.

    `about` is the clinical object that the form belongs to (a visit, an infusion, a
    participant); site and participant are copied beside it for lists and rights.
    """

    class Completion(models.TextChoices):
        NOT_STARTED = "not_started", _("not started")
        IN_PROGRESS = "in_progress", _("in progress")
        COMPLETE = "complete", _("complete")
        MISSED = "missed", _("missed")
        NOT_DONE = "not_done", _("not done")

    code = models.CharField(max_length=40)
    about_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+"
    )
    about_id = models.BigIntegerField()
    about = GenericForeignKey("about_type", "about_id")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="forms")
    participant_id = models.BigIntegerField()
    completion = models.CharField(
        max_length=12, choices=Completion.choices, default=Completion.NOT_STARTED
    )
    not_done_reason = models.CharField(max_length=200, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # Goes up with every change: a form sent with an older one met another's change.
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["about_type", "about_id", "code"], name="form_once_an_object"
            ),
            models.CheckConstraint(
                condition=Q(
                    completion__in=[
                        "not_started",
                        "in_progress",
                        "complete",
                        "missed",
                        "not_done",
                    ]
                ),
                name="form_completion_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    completion="complete",
                    completed_at__isnull=False,
                    completed_by__isnull=False,
                )
                | ~Q(completion="complete"),
                name="form_complete_has_person_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(completion__in=["missed", "not_done"])
                | ~Q(not_done_reason=""),
                name="form_missed_has_a_reason",
            ),
        )
        indexes = (models.Index(fields=["participant_id"], name="form_of_participant"),)

    def __str__(self) -> str:
        return f"{self.code}, {self.get_completion_display()}"


class Draft(models.Model):
    """What was typed into a form and is not yet complete. No clinical row."""

    form = models.OneToOneField(Form, on_delete=models.CASCADE, related_name="draft")
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"draft of {self.form}"
