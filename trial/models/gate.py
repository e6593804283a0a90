"""What must be true before an infusion, and the exceptions that investigators sign."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from records.models import Form
from trial.models.infusion import Infusion
from trial.models.participant import Participant


class Gate(models.Model):
    """The gate of one infusion. `unmet` names the lines, by code, that a value stops;
    each needs an investigator's signed exception before the pump may start."""

    class State(models.TextChoices):
        OPEN = "open", _("not passed")
        PASSED = "passed", _("passed")

    class Hcg(models.TextChoices):
        NEGATIVE = "negative", _("negative")
        POSITIVE = "positive", _("positive")
        NOT_NEEDED = "not_needed", _("does not apply")

    class Drugs(models.TextChoices):
        NEGATIVE = "negative", _("negative")
        POSITIVE = "positive", _("positive")

    infusion = models.OneToOneField(
        Infusion, on_delete=models.PROTECT, related_name="gate"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="+"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"), max_length=6, choices=State.choices, default=State.OPEN
    )
    weight_kg = models.DecimalField(
        _("weight, kg"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(30), MaxValueValidator(200)],
    )
    weighed_on = models.DateField(_("weighed on"), null=True, blank=True)
    solids_at = models.DateTimeField(_("last food at"), null=True, blank=True)
    clear_fluids_at = models.DateTimeField(
        _("last clear fluids at"), null=True, blank=True
    )
    systolic_mmhg = models.PositiveSmallIntegerField(
        _("systolic, mmHg"), null=True, blank=True
    )
    diastolic_mmhg = models.PositiveSmallIntegerField(
        _("diastolic, mmHg"), null=True, blank=True
    )
    urine_hcg = models.CharField(
        _("urine hCG"), max_length=10, choices=Hcg.choices, blank=True
    )
    hcg_not_needed_why = models.CharField(
        _("why hCG does not apply"), max_length=120, blank=True
    )
    urine_drugs = models.CharField(
        _("urine drug screen"), max_length=8, choices=Drugs.choices, blank=True
    )
    drugs_found = models.CharField(_("drugs found"), max_length=120, blank=True)
    escort = models.BooleanField(_("an escort for the way home"), null=True, blank=True)
    medication_today = models.CharField(
        _("medication today"), max_length=300, blank=True
    )
    cssrs_form = models.ForeignKey(
        Form, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    unmet = models.CharField(max_length=200, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(weight_kg=None) | Q(weight_kg__range=(30, 200)),
                name="gate_weight_in_range",
                violation_error_message=_("The weight must be 30 to 200 kg."),
            ),
            models.CheckConstraint(
                condition=Q(systolic_mmhg=None, diastolic_mmhg=None)
                | Q(
                    systolic_mmhg__range=(40, 300),
                    diastolic_mmhg__range=(20, 200),
                    systolic_mmhg__gt=F("diastolic_mmhg"),
                ),
                name="gate_pressure_is_possible",
                violation_error_message=_(
                    "Systolic must be 40 to 300 mmHg, diastolic 20 to 200, and "
                    "systolic above diastolic."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(urine_drugs="positive") | ~Q(drugs_found=""),
                name="gate_positive_screen_says_which_drugs",
                violation_error_message=_("Say which drugs the screen found."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", passed_at=None)
                | (
                    Q(
                        state="passed",
                        passed_at__isnull=False,
                        weight_kg__isnull=False,
                        weighed_on__isnull=False,
                        solids_at__isnull=False,
                        clear_fluids_at__isnull=False,
                        systolic_mmhg__isnull=False,
                        escort__isnull=False,
                    )
                    & (Q(cssrs_form__isnull=False) | Q(unmet__contains="cssrs"))
                    & ~Q(urine_hcg="")
                    & ~Q(urine_drugs="")
                    & ~Q(medication_today="")
                ),
                name="gate_passed_is_complete",
                violation_error_message=_(
                    "The gate is passed when every line has its answer."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"gate of {self.infusion}"


class Halt(models.Model):
    """Something after which the protocol allows no further infusion. `code` is one of
    the protocol's list; every later infusion needs an exception for it."""

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="halts"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("what happened"), max_length=20)
    happened_on = models.DateField(_("happened on"))
    text = models.CharField(_("in words"), max_length=300)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("happened_on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["participant", "code", "happened_on"], name="halt_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    code__in=[
                        "psychosis",
                        "mania",
                        "serious_event",
                        "new_intent",
                        "pregnancy",
                    ]
                ),
                name="halt_code_is_known",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="halt_says_what"),
        )

    def __str__(self) -> str:
        return f"{self.participant} {self.code}"


class SignedException(models.Model):
    """An investigator lets one infusion pass one limit, with the reason, signed.

    `line` is a code of the gate or of what forbids further infusions, or "dose",
    "number", "discharge".
    """

    infusion = models.ForeignKey(
        Infusion, on_delete=models.PROTECT, related_name="exceptions"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="+"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    line = models.CharField(_("limit"), max_length=20)
    reason = models.CharField(_("reason"), max_length=300)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ("granted_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["infusion", "line"], name="exception_once_a_line"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="exception_has_a_reason",
                violation_error_message=_("Say why this limit may be passed."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.infusion}: {self.line}"
