"""Ketamine as a controlled drug: lots of vials, and every vial's way."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from trial.dose import rounded
from trial.models.infusion import Infusion

ABOVE_0 = [MinValueValidator(Decimal("0.01"))]


class Lot(models.Model):
    """Vials of one concentration and one date of expiry at one site."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="lots")
    code = models.CharField(_("lot"), max_length=30)
    concentration_mg_per_ml = models.DecimalField(
        _("concentration, mg/mL"), max_digits=6, decimal_places=2, validators=ABOVE_0
    )
    vial_ml = models.DecimalField(
        _("vial, mL"), max_digits=6, decimal_places=2, validators=ABOVE_0
    )
    expires_on = models.DateField(_("expires on"))

    class Meta:
        ordering = ("expires_on", "code")
        constraints = (
            models.UniqueConstraint(
                fields=["site", "code"],
                name="lot_once_a_site",
                violation_error_message=_("This lot is known here already."),
            ),
            models.CheckConstraint(
                condition=Q(concentration_mg_per_ml__gt=0, vial_ml__gt=0),
                name="lot_holds_drug",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def vial_mg(self) -> Decimal:
        """What a full vial holds, to 0.01 mg."""
        return rounded(self.concentration_mg_per_ml * self.vial_ml, "0.01")


class Movement(models.Model):
    """One line of the ledger. Vials are received, dispensed to an infusion, returned or
    destroyed; the mg of dispensed vials are used or wasted. Never changed: a wrong line
    is set right by another."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("received")
        DISPENSED = "dispensed", _("dispensed")
        USED = "used", _("used")
        WASTED = "wasted", _("wasted")
        RETURNED = "returned", _("returned")
        DESTROYED = "destroyed", _("destroyed")

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("movement"), max_length=9, choices=Kind.choices)
    vials = models.PositiveSmallIntegerField(_("vials"), null=True, blank=True)
    mg = models.DecimalField(
        _("mg"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    infusion = models.ForeignKey(
        Infusion,
        on_delete=models.PROTECT,
        related_name="movements",
        null=True,
        blank=True,
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    witness = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind__in=["received", "returned", "destroyed"],
                    vials__gt=0,
                    mg=None,
                    infusion=None,
                )
                | Q(kind="dispensed", vials__gt=0, mg=None, infusion__isnull=False)
                | Q(
                    kind__in=["used", "wasted"],
                    vials=None,
                    mg__gt=0,
                    infusion__isnull=False,
                ),
                name="movement_facts_go_with_its_kind",
                violation_error_message=_(
                    "Vials are received, dispensed, returned or destroyed; mg are used "
                    "or wasted by an infusion."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind="used") | Q(witness__isnull=False),
                name="movement_has_a_witness",
                violation_error_message=_("This movement needs a second person."),
            ),
            models.CheckConstraint(
                condition=Q(witness=None) | ~Q(witness=F("by")),
                name="movement_witness_is_another_person",
                violation_error_message=_("The second person must be another person."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.lot} {self.kind}"


class Preparation(models.Model):
    """The dose of one infusion as it was drawn up, and who checked it.

    `most_mg` is the protocol's limit for that weight on that day. One that was prepared
    anew is voided with the reason.
    """

    infusion = models.ForeignKey(
        Infusion, on_delete=models.PROTECT, related_name="preparations"
    )
    participant = models.ForeignKey(
        "trial.Participant", on_delete=models.PROTECT, related_name="+"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="preparations")
    weight_kg = models.DecimalField(max_digits=5, decimal_places=1)
    mg_per_kg = models.DecimalField(
        _("dose, mg/kg"), max_digits=4, decimal_places=2, validators=ABOVE_0
    )
    dose_mg = models.DecimalField(_("dose, mg"), max_digits=6, decimal_places=2)
    most_mg = models.DecimalField(max_digits=6, decimal_places=2)
    concentration_mg_per_ml = models.DecimalField(max_digits=6, decimal_places=2)
    volume_ml = models.DecimalField(max_digits=6, decimal_places=2)
    rate_ml_per_h = models.DecimalField(max_digits=6, decimal_places=1)
    excepted_by = models.ForeignKey(
        "trial.SignedException",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ("prepared_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["infusion"],
                condition=Q(voided_at=None),
                name="preparation_stands_once",
                violation_error_message=_("The dose has been prepared already."),
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None, checked_at=None)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="preparation_check_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("prepared_by")),
                name="preparation_checked_by_another_person",
                violation_error_message=_("The second person must be another person."),
            ),
            models.CheckConstraint(
                condition=Q(dose_mg__gt=0, volume_ml__gt=0, rate_ml_per_h__gt=0),
                name="preparation_holds_drug",
            ),
            models.CheckConstraint(
                condition=Q(dose_mg__lte=F("most_mg")) | Q(excepted_by__isnull=False),
                name="preparation_within_the_limit_or_excepted",
                violation_error_message=_(
                    "This is more than the protocol allows. It needs an investigator's "
                    "signed exception."
                ),
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, void_reason="")
                | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="preparation_voided_has_a_reason",
                violation_error_message=_("Say why it is prepared anew."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.dose_mg} mg for {self.infusion}"
