"""Who a participant is: apart from the clinical rows, and as ciphertext only.

Each participant has a key of their own, which a master key outside the database wraps.
A new master key wraps the keys anew; what they encrypted, and so the events, stay.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from trial.models.participant import Participant


class IdentityKey(models.Model):
    """The participant's key, wrapped by the master key. Not tracked: its wrapping
    changes with every rotation, and an old wrapping must not outlive it."""

    participant = models.OneToOneField(
        Participant, on_delete=models.PROTECT, related_name="identity_key"
    )
    wrapped = models.TextField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(wrapped__startswith="gAAAA"), name="identity_key_is_wrapped"
            ),
        )

    def __str__(self) -> str:
        return f"key of {self.participant_id}"


class Identity(models.Model):
    """What identifies a participant, each field encrypted with their own key."""

    participant = models.OneToOneField(
        Participant, on_delete=models.PROTECT, related_name="identity"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    name_sealed = models.TextField(_("name"))
    phone_sealed = models.TextField(_("telephone"), blank=True)
    national_id_sealed = models.TextField(_("national id"), blank=True)

    class Meta:
        verbose_name = _("identifying data")
        verbose_name_plural = "identities"
        constraints = (
            models.CheckConstraint(
                condition=Q(name_sealed__startswith="gAAAA")
                & (Q(phone_sealed="") | Q(phone_sealed__startswith="gAAAA"))
                & (
                    Q(national_id_sealed="") | Q(national_id_sealed__startswith="gAAAA")
                ),
                name="identity_is_encrypted",
            ),
        )

    def __str__(self) -> str:
        return f"identity of {self.participant_id}"
