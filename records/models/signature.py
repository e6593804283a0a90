"""A signature: a person's name, the time, the meaning, and exactly what was signed."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SignerStatement(models.Model):
    """Said once, before the first signature: that a signature here binds as in ink."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="statement"
    )
    name_as_signed = models.CharField(max_length=120)
    text = models.TextField()
    said_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(text=""), name="signer_statement_says_something"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name_as_signed}, {self.said_at:%Y-%m-%d %H:%M}"


class Signature(models.Model):
    """Bound to the SHA-256 of the content shown; stands until the content changes."""

    class Meaning(models.TextChoices):
        AUTHORED = "authored", _("I entered this and it is right")
        REVIEWED = "reviewed", _("I have reviewed this")
        APPROVED = "approved", _("I have reviewed and approve this")

    target_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+"
    )
    target_id = models.BigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    site_id = models.BigIntegerField(null=True)
    participant_id = models.BigIntegerField(null=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures"
    )
    name_as_signed = models.CharField(max_length=120)
    meaning = models.CharField(max_length=10, choices=Meaning.choices)
    signed_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)
    content = models.TextField()
    content_sha256 = models.CharField(max_length=64)
    fallen_at = models.DateTimeField(null=True, blank=True)
    fallen_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(meaning__in=["authored", "reviewed", "approved"]),
                name="signature_meaning_is_known",
            ),
            models.CheckConstraint(
                condition=Q(fallen_at__isnull=True, fallen_reason="")
                | (Q(fallen_at__isnull=False) & ~Q(fallen_reason="")),
                name="signature_fallen_has_time_and_reason",
            ),
            models.UniqueConstraint(
                fields=["target_type", "target_id", "person", "meaning"],
                condition=Q(fallen_at__isnull=True),
                name="signature_stands_once_a_meaning",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name_as_signed}, {self.signed_at:%Y-%m-%d %H:%M}"
