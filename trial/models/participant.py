"""Who takes part: screened, consented, enrolled."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Site


class Participant(models.Model):
    """A person in the trial, from the first line of the screening log on.

    Known here by `subject_id` only; identifying data live apart.
    """

    class Arm(models.TextChoices):
        PATIENT = "patient", _("patient")
        CONTROL = "control", _("healthy control")

    class State(models.TextChoices):
        SCREENING = "screening", _("in screening")
        SCREEN_FAILED = "screen_failed", _("not eligible")
        ENROLLED = "enrolled", _("enrolled")
        COMPLETED = "completed", _("completed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        LOST = "lost", _("lost to follow-up")

    subject_id = models.CharField(_("participant"), max_length=16, unique=True)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="participants"
    )
    arm = models.CharField(_("arm"), max_length=8, choices=Arm.choices)
    protocol_version = models.CharField(_("protocol version"), max_length=16)
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.SCREENING
    )
    screened_on = models.DateField(_("screened on"))
    enrolled_on = models.DateField(_("enrolled on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ("subject_id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(arm__in=["patient", "control"]),
                name="participant_arm_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="screening", enrolled_on=None, ended_on=None)
                | (
                    Q(state="screen_failed", enrolled_on=None, ended_on__isnull=False)
                    & ~Q(end_reason="")
                )
                | Q(state="enrolled", enrolled_on__isnull=False, ended_on=None)
                | Q(
                    state="completed",
                    enrolled_on__isnull=False,
                    ended_on__isnull=False,
                )
                | (
                    Q(state__in=["withdrawn", "lost"], ended_on__isnull=False)
                    & ~Q(end_reason="")
                ),
                name="participant_dates_go_with_its_state",
                violation_error_message=_(
                    "Enrolled needs the date of enrolment; ended needs its date and, "
                    "unless completed, its reason."
                ),
            ),
            models.CheckConstraint(
                condition=Q(enrolled_on=None) | Q(enrolled_on__gte=F("screened_on")),
                name="participant_enrolled_after_screening",
                violation_error_message=_(
                    "The date of enrolment cannot be before the date of screening."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.subject_id


class Screening(models.Model):
    """The answer to one criterion of eligibility. `fulfilled` is None until seen."""

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="screenings"
    )
    criterion = models.CharField(_("criterion"), max_length=40)
    fulfilled = models.BooleanField(_("fulfilled"), null=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["participant", "criterion"], name="screening_once_a_criterion"
            ),
        )

    def __str__(self) -> str:
        return f"{self.criterion}: {self.fulfilled}"


class Consent(models.Model):
    """What a participant agreed to, in which version, before anything else is done."""

    class Language(models.TextChoices):
        CHINESE = "zh-hans", _("Chinese")
        ENGLISH = "en", _("English")

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="consents"
    )
    version = models.CharField(_("version of the consent form"), max_length=20)
    protocol_version = models.CharField(
        _("protocol version"), max_length=16, default="1.0"
    )
    language = models.CharField(
        _("language of the form"),
        max_length=8,
        choices=Language.choices,
        default=Language.CHINESE,
    )
    copy_given = models.BooleanField(_("a copy was given"), default=True)
    explained_by = models.CharField(_("explained by"), max_length=120, blank=True)
    consented_on = models.DateField(_("date of consent"))
    stored_blood = models.BooleanField(_("agrees to stored blood"), default=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        ordering = ("consented_on",)
        constraints = (
            models.UniqueConstraint(
                fields=["participant", "version"], name="consent_once_a_version"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("consented_on")),
                name="consent_withdrawn_after_given",
                violation_error_message=_(
                    "Consent cannot be withdrawn before it was given."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.version}, {self.consented_on}"
