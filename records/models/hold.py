"""A hold: a form, a visit, a participant, a site or the whole trial takes no change."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site


class Hold(models.Model):
    """In force from its making until it is lifted; what lies below is held with it.

    `scope` is the kind of what is held, `scope_id` its id (0 for the trial); site and
    participant are copied beside it for rights. A frozen scope is opened again by one
    person, a locked one by two: who asked cannot grant.
    """

    class Level(models.TextChoices):
        FROZEN = "frozen", _("frozen")
        LOCKED = "locked", _("locked")

    class Scope(models.TextChoices):
        TRIAL = "trial", _("trial")
        SITE = "site", _("site")
        PARTICIPANT = "participant", _("participant")
        VISIT = "visit", _("visit")
        INFUSION = "infusion", _("infusion")
        FORM = "form", _("form")

    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    scope = models.CharField(_("scope"), max_length=12, choices=Scope.choices)
    scope_id = models.BigIntegerField()
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, related_name="holds"
    )
    participant_id = models.BigIntegerField(null=True)
    reason = models.CharField(_("reason"), max_length=300)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField(_("placed at"))
    lift_reason = models.CharField(
        _("reason to open it again"), max_length=300, blank=True
    )
    lift_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lift_asked_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(level__in=["frozen", "locked"]), name="hold_level_is_known"
            ),
            models.CheckConstraint(
                condition=(Q(scope="trial", scope_id=0, site=None))
                | (
                    Q(
                        scope__in=["site", "participant", "visit", "infusion", "form"],
                        scope_id__gt=0,
                        site__isnull=False,
                    )
                ),
                name="hold_scope_is_known",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_a_reason"),
            models.CheckConstraint(
                condition=Q(
                    lift_reason="",
                    lift_asked_by=None,
                    lift_asked_at=None,
                    lifted_at=None,
                )
                | (
                    ~Q(lift_reason="")
                    & Q(lift_asked_by__isnull=False, lift_asked_at__isnull=False)
                ),
                name="hold_is_lifted_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(lifted_by=None, lifted_at=None)
                | (
                    Q(lifted_by__isnull=False, lifted_at__isnull=False)
                    & (Q(level="frozen") | ~Q(lifted_by=F("lift_asked_by")))
                ),
                name="hold_unlocked_by_a_second_person",
                violation_error_message=_(
                    "Who asked to unlock cannot grant it: a second person does."
                ),
            ),
            models.UniqueConstraint(
                fields=["scope", "scope_id", "level"],
                condition=Q(lifted_at=None),
                name="hold_in_force_once_a_level",
            ),
        )
        indexes = (
            models.Index(
                fields=["participant_id"],
                condition=Q(lifted_at=None),
                name="hold_in_force",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope} {self.scope_id}: {self.level}"
