"""What Table 1 and the models need to know of a participant before treatment."""

from collections.abc import Callable
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trial.models.participant import Participant


def _between(low: float, high: float) -> list[Callable[[Any], None]]:
    return [MinValueValidator(low), MaxValueValidator(high)]


class Baseline(models.Model):
    """Baseline characteristics; what concerns the illness is empty for controls."""

    class Sex(models.TextChoices):
        FEMALE = "F", _("female")
        MALE = "M", _("male")

    participant = models.OneToOneField(
        Participant, on_delete=models.PROTECT, related_name="baseline"
    )
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"), validators=_between(1900, 2100)
    )
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    education_years = models.DecimalField(
        _("education, years"),
        max_digits=4,
        decimal_places=1,
        validators=_between(0, 30),
    )
    employed = models.BooleanField(_("employed"))
    height_cm = models.DecimalField(
        _("height, cm"), max_digits=5, decimal_places=1, validators=_between(120, 220)
    )
    weight_kg = models.DecimalField(
        _("weight, kg"), max_digits=5, decimal_places=1, validators=_between(30, 200)
    )
    illness_months = models.PositiveSmallIntegerField(
        _("duration of illness, months"), null=True, blank=True
    )
    psychiatric_comorbidity = models.BooleanField(
        _("psychiatric comorbidity"), null=True, blank=True
    )
    family_history = models.BooleanField(
        _("family history of psychiatric disorder"), null=True, blank=True
    )
    antidepressant_dose_mg_day = models.DecimalField(
        _("antidepressant, fluoxetine-equivalent mg a day"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=_between(0, 400),
    )
    antipsychotic = models.BooleanField(_("antipsychotic"), null=True, blank=True)
    mood_stabiliser = models.BooleanField(_("mood stabiliser"), null=True, blank=True)
    benzodiazepine = models.BooleanField(_("benzodiazepine"), null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(sex__in=["F", "M"]), name="baseline_sex_is_known"
            ),
            models.CheckConstraint(
                condition=Q(birth_year__range=(1900, 2100)),
                name="baseline_birth_year_in_range",
            ),
            models.CheckConstraint(
                condition=Q(education_years__range=(0, 30)),
                name="baseline_education_in_range",
            ),
            models.CheckConstraint(
                condition=Q(height_cm__range=(120, 220)),
                name="baseline_height_in_range",
            ),
            models.CheckConstraint(
                condition=Q(weight_kg__range=(30, 200)),
                name="baseline_weight_in_range",
            ),
            models.CheckConstraint(
                condition=Q(antidepressant_dose_mg_day=None)
                | Q(antidepressant_dose_mg_day__range=(0, 400)),
                name="baseline_antidepressant_in_range",
            ),
        )

    def __str__(self) -> str:
        return f"baseline of {self.participant}"

    @property
    def bmi_kg_m2(self) -> float:
        """Body mass index from the height and weight that were measured."""
        metres = float(self.height_cm) / 100
        return float(self.weight_kg) / metres**2
