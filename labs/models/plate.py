"""A plate file as it came, and what it says, cell for cell."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Laboratory
from labs.models.aliquot import Aliquot
from labs.models.analyte import Analyte
from labs.models.lot import KitLot
from labs.models.specimen import Specimen
from records.models import Job


class PlateUpload(models.Model):
    """The bytes that a person dropped: kept for good, whatever they turn out to be.

    `reading` is what the reader made of them, as `read_plate --json` prints it, packed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READ = "read", _("read")
        REFUSED = "refused", _("refused")

    laboratory = models.ForeignKey(
        Laboratory, on_delete=models.PROTECT, related_name="uploads"
    )
    file = models.FileField(upload_to="plates/")
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    refusal = models.CharField(max_length=600, blank=True)
    reading = models.FileField(upload_to="readings/", blank=True)
    reading_sha256 = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["laboratory", "sha256"],
                name="upload_once_a_laboratory",
                violation_error_message=_("This file has been uploaded before."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "read"], refusal="")
                | (Q(state="refused") & ~Q(refusal="")),
                name="upload_refused_says_why",
            ),
            models.CheckConstraint(
                condition=Q(reading="", reading_sha256="")
                | (~Q(reading="") & ~Q(reading_sha256="")),
                name="upload_reading_has_its_hash",
            ),
        )

    def __str__(self) -> str:
        return self.file_name


class Plate(models.Model):
    """What one file says. A number of it becomes a result when a person accepts it."""

    class State(models.TextChoices):
        READ = "read", _("to be judged")
        ACCEPTED = "accepted", _("waits for a second reader")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")

    class Earlier(models.TextChoices):
        """What the plate is to results that its specimens have from earlier plates."""

        REPEAT = "repeat", _("a repeat: its values take their place")
        RUN = "run", _("a second run: one value is made of both")

    upload = models.OneToOneField(
        PlateUpload, on_delete=models.PROTECT, related_name="plate"
    )
    laboratory = models.ForeignKey(
        Laboratory, on_delete=models.PROTECT, related_name="plates"
    )
    lot = models.ForeignKey(
        KitLot, on_delete=models.PROTECT, null=True, blank=True, related_name="plates"
    )
    batch = models.CharField(_("batch"), max_length=200, blank=True)
    software = models.CharField(max_length=60, blank=True)
    instrument = models.CharField(max_length=60, blank=True)
    serial_number = models.CharField(max_length=60, blank=True)
    acquired_at = models.DateTimeField(_("acquired at"), null=True, blank=True)
    checksum = models.CharField(max_length=40)
    warnings = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READ)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    judged_reason = models.CharField(_("reason"), max_length=300, blank=True)
    earlier = models.CharField(
        max_length=6, choices=Earlier.choices, default=Earlier.REPEAT
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(earlier__in=["repeat", "run"]),
                name="plate_earlier_is_known",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="approved")
                    & Q(approved_at__isnull=False, approved_by__isnull=False)
                )
                | (~Q(state="approved") & Q(approved_at=None, approved_by=None)),
                name="plate_approved_has_person_and_time",
                violation_error_message=_("An approved plate has its second reader."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("judged_by")),
                name="plate_is_approved_by_another_person",
                violation_error_message=_(
                    "The second reader is not the person who accepted the plate."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state="read", judged_at=None, judged_by=None)
                | Q(
                    state__in=["accepted", "approved"],
                    judged_at__isnull=False,
                    judged_by__isnull=False,
                )
                | (
                    Q(
                        state="rejected",
                        judged_at__isnull=False,
                        judged_by__isnull=False,
                    )
                    & ~Q(judged_reason="")
                ),
                name="plate_judged_has_person_and_time",
                violation_error_message=_(
                    "A judged plate has its judge and time; a rejected one its reason."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.batch or self.upload.file_name


class Well(models.Model):
    class Role(models.TextChoices):
        STANDARD = "standard", _("standard")
        BACKGROUND = "background", _("background")
        CONTROL = "control", _("control")
        UNKNOWN = "unknown", _("specimen")

    class MatchedBy(models.TextChoices):
        FILE = "file", _("the sample's name")
        MAP = "map", _("a plate map")
        PERSON = "person", _("a person")

    plate = models.ForeignKey(Plate, on_delete=models.PROTECT, related_name="wells")
    name = models.CharField(_("well"), max_length=8)
    description = models.CharField(
        _("sample as in the file"), max_length=300, blank=True
    )
    role = models.CharField(max_length=10, choices=Role.choices)
    level = models.CharField(_("standard or control"), max_length=80, blank=True)
    specimen = models.ForeignKey(
        Specimen, on_delete=models.PROTECT, null=True, blank=True, related_name="wells"
    )
    aliquot = models.ForeignKey(
        Aliquot, on_delete=models.PROTECT, null=True, blank=True, related_name="wells"
    )
    matched_by = models.CharField(
        _("matched by"), max_length=6, choices=MatchedBy.choices, blank=True
    )
    dilution_factor = models.FloatField(null=True, blank=True)
    excluded_at = models.DateTimeField(null=True, blank=True)
    excluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    excluded_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["plate", "name"], name="well_once_a_plate"),
            models.CheckConstraint(
                condition=Q(role__in=["standard", "background", "control", "unknown"]),
                name="well_role_is_known",
            ),
            models.CheckConstraint(
                condition=Q(specimen=None) | Q(role="unknown"),
                name="well_of_a_specimen_is_unknown",
            ),
            models.CheckConstraint(
                condition=Q(specimen=None, aliquot=None, matched_by="")
                | Q(
                    specimen__isnull=False,
                    matched_by__in=["file", "map", "person"],
                ),
                name="well_match_says_by_what",
            ),
            models.CheckConstraint(
                condition=Q(excluded_at=None, excluded_by=None, excluded_reason="")
                | (
                    Q(excluded_at__isnull=False, excluded_by__isnull=False)
                    & ~Q(excluded_reason="")
                ),
                name="well_excluded_has_person_time_reason",
                violation_error_message=_("Say why the well is excluded."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.plate} {self.name}"


class Measurement(models.Model):
    """One analyte in one well, as the file says it: numbers beside their texts.

    Outside the curve `concentration_pg_ml` is NULL with its flag, and the bound that
    the instrument printed stands in `printed_bound_pg_ml`.
    """

    class RangeFlag(models.TextChoices):
        IN_RANGE = "in_range", _("in range")
        BELOW = "below", _("below")
        ABOVE = "above", _("above")
        NOT_AVAILABLE = "not_available", _("not available")

    well = models.ForeignKey(
        Well, on_delete=models.PROTECT, related_name="measurements"
    )
    analyte_name = models.CharField(max_length=80)
    analyte = models.ForeignKey(
        Analyte, on_delete=models.PROTECT, null=True, related_name="measurements"
    )
    mfi = models.FloatField(null=True)
    net_mfi = models.FloatField(null=True)
    bead_count = models.IntegerField(null=True)
    concentration_text = models.CharField(max_length=40, blank=True)
    concentration_pg_ml = models.FloatField(null=True)
    printed_bound_pg_ml = models.FloatField(null=True)
    range_flag = models.CharField(max_length=14, choices=RangeFlag.choices)
    excluded_at = models.DateTimeField(null=True, blank=True)
    excluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    excluded_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["well", "analyte_name"], name="measurement_once_a_well"
            ),
            models.CheckConstraint(
                condition=Q(excluded_at=None, excluded_by=None, excluded_reason="")
                | (
                    Q(excluded_at__isnull=False, excluded_by__isnull=False)
                    & ~Q(excluded_reason="")
                ),
                name="measurement_excluded_has_person_time_reason",
                violation_error_message=_("Say why the well is excluded."),
            ),
            models.CheckConstraint(
                condition=Q(range_flag="in_range", concentration_pg_ml__isnull=False)
                | Q(range_flag__in=["below", "above"])
                | Q(range_flag="not_available", concentration_pg_ml=None),
                name="measurement_value_goes_with_its_flag",
            ),
        )

    def __str__(self) -> str:
        return f"{self.well.name} {self.analyte_name}"
