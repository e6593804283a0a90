"""What people did that leaves no row of its own: came in, read, took out, failed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AccessEvent(models.Model):
    """Sign-ins, refusals, exports and reads of what is protected. Never changed."""

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in", _("signed in")
        SIGN_IN_FAILED = "sign_in_failed", _("sign-in failed")
        SIGN_OUT = "sign_out", _("signed out")
        LOCKED_OUT = "locked_out", _("locked out")
        REFUSED = "refused", _("refused")
        EXPORT = "export", _("exported")
        READ_IDENTITY = "read_identity", _("read identifying data")
        READ_PLAIN = "read_concealed", _("read concealed data")

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    username = models.CharField(max_length=150, blank=True)
    address = models.GenericIPAddressField(null=True)
    request = models.CharField(max_length=32, blank=True)
    what = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "sign_in",
                        "sign_in_failed",
                        "sign_out",
                        "locked_out",
                        "refused",
                        "export",
                        "read_identity",
                        "read_concealed",
                    ]
                ),
                name="access_event_kind_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.username} {self.kind}"
