"""What happens at the bed beside the readings: symptoms, rescue doses, discharge."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from trial.models.infusion import Infusion
from trial.models.participant import Participant


class Symptom(models.Model):
    """Something that the participant reported. `code` is of the protocol's list."""

    class Severity(models.IntegerChoices):
        MILD = 1, _("mild")
        MODERATE = 2, _("moderate")
        SEVERE = 3, _("severe")

    infusion = models.ForeignKey(
        Infusion, on_delete=models.PROTECT, related_name="symptoms"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(_("symptom"), max_length=20)
    severity = models.PositiveSmallIntegerField(
        _("severity"), choices=Severity.choices, default=Severity.MILD
    )
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ("began_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["infusion", "code"],
                condition=Q(ended_at=None),
                name="symptom_open_once",
                violation_error_message=_("This symptom goes on already."),
            ),
            models.CheckConstraint(
                condition=Q(severity__range=(1, 3)), name="symptom_severity_in_range"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
                name="symptom_ends_after_it_begins",
                violation_error_message=_("A symptom ends after it begins."),
            ),
        )

    def __str__(self) -> str:
        return self.code


class RescueDose(models.Model):
    """A drug that was given for what happened, by whose order."""

    class Route(models.TextChoices):
        ORAL = "oral", _("by mouth")
        SUBLINGUAL = "sublingual", _("under the tongue")
        INTRAVENOUS = "iv", _("into a vein")
        INTRAMUSCULAR = "im", _("into a muscle")

    infusion = models.ForeignKey(
        Infusion, on_delete=models.PROTECT, related_name="rescue_doses"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=20)
    drug = models.CharField(_("drug"), max_length=60)
    dose_mg = models.DecimalField(_("dose, mg"), max_digits=7, decimal_places=2)
    route = models.CharField(_("route"), max_length=10, choices=Route.choices)
    given_at = models.DateTimeField(_("given at"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("given_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(dose_mg__gt=0),
                name="rescue_dose_is_above_0",
                violation_error_message=_("The dose must be above 0 mg."),
            ),
            models.CheckConstraint(
                condition=~Q(drug=""), name="rescue_dose_names_its_drug"
            ),
        )

    def __str__(self) -> str:
        return f"{self.drug} {self.dose_mg} mg"


class Discharge(models.Model):
    """The participant went home. `unmet` names the criteria that were not met, by code:
    then an investigator says why it was right all the same."""

    infusion = models.OneToOneField(
        Infusion, on_delete=models.PROTECT, related_name="discharge"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("left at"))
    walks = models.BooleanField(_("walks unaided"))
    escort = models.BooleanField(_("the escort is here"))
    no_driving = models.BooleanField(_("told not to drive until the next day"))
    cssrs = models.BooleanField(_("C-SSRS asked"))
    unmet = models.CharField(max_length=120, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    allowed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    discharged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(unmet="", reason="", allowed_by=None)
                | (~Q(unmet="") & ~Q(reason="") & Q(allowed_by__isnull=False)),
                name="discharge_meets_its_criteria_or_is_allowed",
                violation_error_message=_(
                    "A discharge meets every criterion, or has an investigator's "
                    "reason."
                ),
            ),
            models.CheckConstraint(
                condition=Q(walks=True, escort=True, no_driving=True, cssrs=True)
                | ~Q(unmet=""),
                name="discharge_names_what_is_not_met",
            ),
        )

    def __str__(self) -> str:
        return f"discharge after {self.infusion}"
