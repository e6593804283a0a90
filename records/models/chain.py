"""The chain over the audit trail. Links are made and read by `records.chain`."""

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact

SEAL_BYTES = 40


class Link(models.Model):
    """One batch of events, sealed: whatever is done to one of them no longer fits.

    `seals` holds, for each event in order, its id (8 bytes, big-endian) and the SHA-256
    of its content (32 bytes), so that a break can be laid at the door of one event.
    `hash` is taken over the hash of the link before, `made_at` and `seals`.
    """

    previous = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,  # the constraint below has one
    )
    first_event_id = models.BigIntegerField()
    last_event_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    seals = models.BinaryField()
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["previous"], nulls_distinct=False, name="link_follows_alone"
            ),
            models.UniqueConstraint(
                fields=["last_event_id"], name="link_ends_with_an_event_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(count__gte=1)
                & Q(last_event_id__gte=F("first_event_id") + F("count") - 1),
                name="link_counts_events_between_its_ends",
            ),
            models.CheckConstraint(
                condition=Exact(
                    Func(
                        F("seals"),
                        function="octet_length",
                        output_field=models.IntegerField(),
                    ),
                    F("count") * SEAL_BYTES,
                ),
                name="link_has_one_seal_an_event",
            ),
            models.CheckConstraint(
                condition=Q(hash__regex=r"^[0-9a-f]{64}$"),
                name="link_hash_is_sha256",
            ),
        )

    def __str__(self) -> str:
        return f"{self.pk}: events {self.first_event_id} to {self.last_event_id}"
