"""An infusion of ketamine: planned, weighed for, given, watched."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from trial.models.participant import Participant


class Infusion(models.Model):
    """One of the six. Dose in mg, from the weight in kg of that day."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        GIVEN = "given", _("given")
        NOT_GIVEN = "not_given", _("not given")

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="infusions"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="infusions")
    number = models.PositiveSmallIntegerField(_("number"))
    planned_on = models.DateField(_("planned on"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    weight_kg = models.DecimalField(
        _("weight, kg"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    dose_mg = models.DecimalField(
        _("dose, mg"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    pain_reported = models.BooleanField(
        _("pain reported during the infusion"), null=True, blank=True
    )
    not_given_reason = models.CharField(_("reason"), max_length=200, blank=True)
    # Why there is one more than the protocol allows; the exception is signed beside it.
    beyond_reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ("participant", "number")
        constraints = (
            models.UniqueConstraint(
                fields=["participant", "number"], name="infusion_once_a_number"
            ),
            models.CheckConstraint(
                condition=Q(number__range=(1, 6))
                | (Q(number__range=(7, 20)) & ~Q(beyond_reason="")),
                name="infusion_number_in_range_or_excepted",
                violation_error_message=_(
                    "The protocol allows six infusions. One more needs an "
                    "investigator's signed exception."
                ),
            ),
            models.CheckConstraint(
                condition=Q(weight_kg=None) | Q(weight_kg__range=(30, 200)),
                name="infusion_weight_in_range",
                violation_error_message=_("The weight must be 30 to 200 kg."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state="planned",
                    started_at=None,
                    stopped_at=None,
                    not_given_reason="",
                )
                | Q(
                    state="running",
                    weight_kg__isnull=False,
                    dose_mg__isnull=False,
                    started_at__isnull=False,
                    stopped_at=None,
                    not_given_reason="",
                )
                | Q(
                    state="given",
                    weight_kg__isnull=False,
                    dose_mg__isnull=False,
                    started_at__isnull=False,
                    stopped_at__isnull=False,
                    pain_reported__isnull=False,
                    not_given_reason="",
                )
                | (
                    Q(state="not_given", started_at=None, stopped_at=None)
                    & ~Q(not_given_reason="")
                ),
                name="infusion_facts_go_with_its_state",
                violation_error_message=_(
                    "A given infusion has weight, dose, start, stop, and whether pain "
                    "was reported; one not given has its reason."
                ),
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(stopped_at__gt=F("started_at")),
                name="infusion_stops_after_it_starts",
                violation_error_message=_("An infusion stops after it starts."),
            ),
        )
        indexes = (
            models.Index(fields=["site", "state", "planned_on"], name="infusion_due"),
        )

    def __str__(self) -> str:
        return f"{self.participant} infusion {self.number}"


class Interruption(models.Model):
    """The pump was stopped and, where `until` is known, restarted."""

    infusion = models.ForeignKey(
        Infusion, on_delete=models.PROTECT, related_name="interruptions"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField(_("stopped at"))
    until = models.DateTimeField(_("restarted at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        ordering = ("since",)
        constraints = (
            models.UniqueConstraint(
                fields=["infusion"],
                condition=Q(until=None),
                name="interruption_open_once",
                violation_error_message=_("The pump stands still already."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")),
                name="interruption_ends_after_it_starts",
                violation_error_message=_("The restart must be after the stop."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="interruption_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.since:%H:%M} {self.reason}"


class VitalSigns(models.Model):
    """One reading on the infusion's clock: due at `minute`, seen at `observed_at`."""

    infusion = models.ForeignKey(
        Infusion, on_delete=models.PROTECT, related_name="vital_signs"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="+"
    )
    minute = models.SmallIntegerField(_("minute"))
    observed_at = models.DateTimeField(_("observed at"))
    systolic_mmhg = models.PositiveSmallIntegerField(_("systolic, mmHg"))
    diastolic_mmhg = models.PositiveSmallIntegerField(_("diastolic, mmHg"))
    pulse_bpm = models.PositiveSmallIntegerField(_("pulse, a minute"))
    spo2_percent = models.PositiveSmallIntegerField(_("SpO2, %"))
    respiration_bpm = models.PositiveSmallIntegerField(
        _("respiration, a minute"), null=True, blank=True
    )
    sedation_moaas = models.PositiveSmallIntegerField(
        _("sedation, MOAA/S"), null=True, blank=True
    )
    cadss_total = models.PositiveSmallIntegerField(
        _("dissociation, CADSS"), null=True, blank=True
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        ordering = ("minute",)
        verbose_name_plural = "vital signs"
        constraints = (
            models.UniqueConstraint(
                fields=["infusion", "minute"], name="vital_signs_once_a_minute"
            ),
            models.CheckConstraint(
                condition=Q(systolic_mmhg__range=(40, 300))
                & Q(diastolic_mmhg__range=(20, 200))
                & Q(systolic_mmhg__gt=F("diastolic_mmhg")),
                name="vital_signs_pressure_is_possible",
                violation_error_message=_(
                    "Systolic must be 40 to 300 mmHg, diastolic 20 to 200, and "
                    "systolic above diastolic."
                ),
            ),
            models.CheckConstraint(
                condition=Q(pulse_bpm__range=(20, 250)),
                name="vital_signs_pulse_is_possible",
                violation_error_message=_("Pulse must be 20 to 250 a minute."),
            ),
            models.CheckConstraint(
                condition=Q(spo2_percent__range=(40, 100)),
                name="vital_signs_spo2_is_possible",
                violation_error_message=_("SpO2 must be 40 to 100 %%."),
            ),
            models.CheckConstraint(
                condition=Q(respiration_bpm=None) | Q(respiration_bpm__range=(2, 60)),
                name="vital_signs_respiration_is_possible",
                violation_error_message=_("Respiration must be 2 to 60 a minute."),
            ),
            models.CheckConstraint(
                condition=Q(sedation_moaas=None) | Q(sedation_moaas__range=(0, 5)),
                name="vital_signs_sedation_in_range",
                violation_error_message=_("MOAA/S must be 0 to 5."),
            ),
            models.CheckConstraint(
                condition=Q(cadss_total=None) | Q(cadss_total__range=(0, 92)),
                name="vital_signs_cadss_in_range",
                violation_error_message=_("CADSS must be 0 to 92."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.minute} min"
