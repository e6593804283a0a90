"""What the trial has reached, as the principal investigator signed it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Milestone as Code


class Milestone(models.Model):
    """Reached once and for all: what it uncovers cannot be covered again."""

    LABELS = {  # noqa: RUF012 - a table
        Code.DATABASE_LOCKED.value: _("database locked"),
        Code.FINAL_CUT.value: _("final cut signed"),
    }

    code = models.CharField(
        _("milestone"), max_length=20, choices=list(LABELS.items()), unique=True
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed at"), default=timezone.now)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        ordering = ("signed_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(code__in=[code.value for code in Code]),
                name="milestone_is_known",
            ),
        )

    def __str__(self) -> str:
        return str(self.get_code_display())

    @classmethod
    def label_of(cls, code: str) -> str:
        return str(cls.LABELS[code])
