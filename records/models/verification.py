"""Source verification: which values a monitor must see in the source, and has seen."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.models.form import Form


class VerificationPlan(models.Model):
    """How much is verified. The newest plan is in force; earlier ones stay."""

    class Kind(models.TextChoices):
        ALL = "all", _("every field")
        CRITICAL = "critical", _("critical fields")
        NTH = "nth", _("every field of every nth participant, else critical fields")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    every = models.PositiveSmallIntegerField(
        _("every how many participants"), null=True, blank=True
    )
    # FORM.FIELD each, such as madrs.MADRS110; FORM alone is each field of that form.
    critical = ArrayField(
        models.CharField(max_length=101),
        verbose_name=_("critical fields"),
        default=list,
        blank=True,
    )
    reason = models.CharField(_("reason"), max_length=200)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField(_("set at"), auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        verbose_name = _("verification plan")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["all", "critical"], every__isnull=True)
                | Q(kind="nth", every__isnull=False, every__gte=2),
                name="verification_plan_counts_participants_for_nth",
                violation_error_message=_(
                    "Every nth participant needs a number of 2 or more; the other "
                    "kinds need none."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="verification_plan_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()

    def asks(self, form: str, field: str, place: int) -> bool:
        """Whether this field is verified, for the participant at this place, from 0."""
        if self.kind == self.Kind.ALL:
            return True
        if self.kind == self.Kind.NTH and self.every and place % self.every == 0:
            return True
        return form in self.critical or f"{form}.{field}" in self.critical


class Verification(models.Model):
    """A value that somebody saw in the source. It names the columns where the value
    stands: the database takes it back when one of them changes."""

    form = models.ForeignKey(
        Form, on_delete=models.PROTECT, related_name="verifications"
    )
    site_id = models.BigIntegerField()
    participant_id = models.BigIntegerField()
    field = models.CharField(_("field"), max_length=60)
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    columns = ArrayField(models.CharField(max_length=63))
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    verified_at = models.DateTimeField(_("verified at"), auto_now_add=True)
    undone_at = models.DateTimeField(_("undone by a change at"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("source verification")
        constraints = (
            models.UniqueConstraint(
                fields=["form", "field"],
                condition=Q(undone_at__isnull=True),
                name="verification_stands_once_a_field",
            ),
        )
        indexes = (
            models.Index(
                fields=["table_name", "row_id"],
                condition=Q(undone_at__isnull=True),
                name="verification_of_row",
            ),
        )

    def __str__(self) -> str:
        return f"{self.form.code} {self.field}"
