"""What was done to a tube of blood until its plasma was frozen, and on what day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from labs.models.specimen import Specimen


class SpecimenStep(models.Model):
    """One step of a specimen, once: cooled, spun, or frozen.

    A spin has its speed, radius and minutes; how many g that is follows from them.
    `passed` says which limits of the protocol the step passed.
    """

    class Kind(models.TextChoices):
        COOLED = "cooled", _("cooled")
        SPUN = "spun", _("spun")
        FROZEN = "frozen", _("frozen")

    specimen = models.ForeignKey(
        Specimen, on_delete=models.PROTECT, related_name="steps"
    )
    kind = models.CharField(_("step"), max_length=6, choices=Kind.choices)
    at = models.DateTimeField(_("at"))
    temperature_c = models.DecimalField(
        _("temperature, °C"), max_digits=4, decimal_places=1
    )
    rpm = models.PositiveIntegerField(_("speed, rpm"), null=True, blank=True)
    radius_cm = models.DecimalField(
        _("radius of the rotor, cm"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    passed = models.CharField(_("limits passed"), max_length=400, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["specimen", "kind"],
                name="specimen_step_once_a_kind",
                violation_error_message=_("This step has been recorded before."),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="spun",
                    rpm__isnull=False,
                    radius_cm__isnull=False,
                    minutes__isnull=False,
                    rpm__gt=0,
                    radius_cm__gt=0,
                    minutes__gt=0,
                )
                | Q(
                    kind__in=["cooled", "frozen"],
                    rpm=None,
                    radius_cm=None,
                    minutes=None,
                ),
                name="specimen_step_spin_has_its_centrifuge",
                violation_error_message=_(
                    "A spin has its speed, radius and minutes; no other step has."
                ),
            ),
            models.CheckConstraint(
                condition=Q(temperature_c__gte=-200, temperature_c__lte=45),
                name="specimen_step_temperature_is_possible",
                violation_error_message=_("This temperature is not possible."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.specimen} {self.kind}"

    @property
    def g(self) -> int | None:
        """Relative centrifugal force: 1.118e-5 x radius in cm x rpm squared."""
        if self.rpm is None or self.radius_cm is None:
            return None
        return round(1.118e-5 * float(self.radius_cm) * self.rpm**2)


class DrawConditions(models.Model):
    """What could colour the cytokines on the day of the draw; None is not asked."""

    specimen = models.OneToOneField(
        Specimen, on_delete=models.PROTECT, related_name="conditions"
    )
    fasted = models.BooleanField(_("fasted overnight"), null=True)
    fever = models.BooleanField(_("fever today"), null=True)
    infection = models.BooleanField(_("infection within 14 days"), null=True)
    vaccine = models.BooleanField(_("vaccine within 14 days"), null=True)
    smoked = models.BooleanField(_("smokes"), null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.specimen}"
