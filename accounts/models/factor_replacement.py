"""A second factor that was lost: asked for by one person, decided by another."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class FactorReplacement(models.Model):
    """Takes two people, neither of whom is the person that lost it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="replacements"
    )
    reason = models.CharField(
        _("why, and how you know that it is this person"), max_length=300
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    is_granted = models.BooleanField(null=True, editable=False)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(reason=""), name="factor_replacement_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(person=F("asked_by")),
                name="factor_replacement_is_asked_by_another",
                violation_error_message=_("Another person must ask for you."),
            ),
            models.CheckConstraint(
                condition=Q(
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                    is_granted__isnull=True,
                )
                | (
                    Q(
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        is_granted__isnull=False,
                    )
                    & ~Q(decided_by=F("asked_by"))
                    & ~Q(decided_by=F("person"))
                ),
                name="factor_replacement_is_decided_by_a_third",
                violation_error_message=_(
                    "Neither who asked nor who lost the second factor decides."
                ),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(decided_at=None),
                name="factor_replacement_is_open_once",
                violation_error_message=_("This was asked for and is not decided yet."),
            ),
        )

    def __str__(self) -> str:
        return str(self.person)

    def ask(self) -> None:
        self.full_clean()
        self.save()

    def decide(self, *, by: User, granted: bool, at: datetime) -> None:
        if self.decided_at is not None:
            raise ValidationError(_("This is decided already."), code="decided")
        self.decided_by, self.decided_at, self.is_granted = by, at, granted
        self.full_clean()
        self.save()
