"""The audit trail. Rows are written by the triggers of `records.tracking` only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One change of one row: `old` and `new` hold the fields that changed."""

    class Kind(models.TextChoices):
        INSERT = "insert", _("created")
        UPDATE = "update", _("changed")
        DELETE = "delete", _("deleted")

    transaction_id = models.BigIntegerField()
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    # The floors above are pointed at by number: an event outlives what it speaks of.
    participant_id = models.BigIntegerField(null=True)
    site_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    database_role = models.CharField(max_length=63)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
    )
    role = models.CharField(max_length=300)
    request = models.CharField(max_length=32)
    task = models.CharField(max_length=80)
    reason = models.TextField()

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["table_name", "row_id"], name="event_of_row"),
            models.Index(fields=["participant_id", "id"], name="event_of_participant"),
            models.Index(fields=["person", "id"], name="event_of_person"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="insert", old__isnull=True, new__isnull=False)
                | models.Q(kind="update", old__isnull=False, new__isnull=False)
                | models.Q(kind="delete", old__isnull=False, new__isnull=True),
                name="event_values_go_with_its_kind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.table_name} {self.row_id}"
