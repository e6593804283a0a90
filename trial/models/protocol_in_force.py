"""Which version of the protocol a site works by, and since when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from trial.protocols import PROTOCOLS


class ProtocolInForce(models.Model):
    """A version in force at a site from a date on; the committee approved it before."""

    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="protocols_in_force"
    )
    version = models.CharField(
        _("protocol version"),
        max_length=16,
        choices=[(version, version) for version in PROTOCOLS],
    )
    in_force_from = models.DateField(_("in force from"))
    ethics_approved_on = models.DateField(_("approved by the ethics committee on"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("-in_force_from", "site")
        constraints = (
            models.UniqueConstraint(
                fields=["site", "version"],
                name="protocol_once_a_site",
                violation_error_message=_("This version is in force there already."),
            ),
            models.CheckConstraint(
                condition=Q(in_force_from__gte=F("ethics_approved_on")),
                name="protocol_in_force_after_approval",
                violation_error_message=_(
                    "A version is not in force before the ethics committee approved it."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.site} {self.version}"
