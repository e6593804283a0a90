"""The chairs of a site, and the feeds by which a person's calendar reads its days."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site


class Chair(models.Model):
    """A place where infusions are given, with how many fit into a day."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="chairs")
    name = models.CharField(_("name"), max_length=40)
    infusions_per_day = models.PositiveSmallIntegerField(_("infusions a day"))

    class Meta:
        ordering = ("site", "name")
        constraints = (
            models.UniqueConstraint(
                fields=["site", "name"],
                name="chair_once_a_site",
                violation_error_message=_("There is a chair of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(infusions_per_day__range=(1, 12)),
                name="chair_takes_1_to_12_a_day",
                violation_error_message=_("A chair takes 1 to 12 infusions a day."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class CalendarFeed(models.Model):
    """An address from which a calendar reads, known by the hash of its secret."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="feeds"
    )
    token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(revoked_at=None),
                name="feed_once_a_person",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("made_at")),
                name="feed_revoked_after_it_was_made",
            ),
        )

    def __str__(self) -> str:
        return f"feed of {self.person}"
