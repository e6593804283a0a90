"""Ratings: one row a rating, one row an answer; files that ratings came in from."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from assessments.instruments import INSTRUMENTS
from records.models import Form
from trial.models import Participant, Visit


def value_in_range_of_its_item() -> Q:
    """Every item of every instrument with the values it accepts, as one condition."""
    accepting: dict[tuple[int, ...], set[str]] = {}
    for instrument in INSTRUMENTS.values():
        for item in instrument.items:
            accepting.setdefault(item.values, set()).add(item.code)
    condition = Q()
    for values, items in sorted(accepting.items()):
        within = Q(value=None) | Q(value__range=(values[0], values[-1]))
        condition |= Q(item__in=sorted(items)) & within
    return condition


class ImportBatch(models.Model):
    """A file of ratings from elsewhere, kept byte for byte, and what became of it."""

    class State(models.TextChoices):
        CHECKED = "checked", _("checked, not written")
        WRITTEN = "written", _("written")
        UNDONE = "undone", _("undone")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    file = models.FileField(upload_to="imports/")
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.CHECKED)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    undone_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["site", "sha256"],
                condition=~Q(state="undone"),
                name="import_file_once_a_site",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["checked", "written"], undone_reason="")
                | (Q(state="undone") & ~Q(undone_reason="")),
                name="import_undone_has_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.file_name


class StandingRatings(models.Manager["Assessment"]):
    """Without those that were voided: they count nowhere."""

    def get_queryset(self) -> models.QuerySet["Assessment"]:
        return super().get_queryset().filter(void_reason="")


class Assessment(models.Model):
    """One rating of a participant with one instrument, complete. Totals are derived."""

    class Mode(models.TextChoices):
        SCREEN = "screen", _("on screen by staff")
        TABLET = "tablet", _("by the participant on a tablet")
        PAPER = "paper", _("on paper, entered later")

    form = models.OneToOneField(
        Form, on_delete=models.PROTECT, related_name="assessment"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="assessments"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="assessments"
    )
    instrument = models.CharField(_("instrument"), max_length=20)
    instrument_version = models.CharField(_("version"), max_length=20)
    language = models.CharField(_("language of the rating"), max_length=8, default="zh")
    recall = models.CharField(_("recall period"), max_length=40)
    mode = models.CharField(
        _("mode"), max_length=6, choices=Mode.choices, default=Mode.SCREEN
    )
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ratings"
    )
    rated_at = models.DateTimeField(_("rated at"))
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.PROTECT, null=True, related_name="ratings"
    )
    # Entered anew, the row stands again: a visit has one rating with an instrument.
    void_reason = models.CharField(max_length=300, blank=True)

    objects = StandingRatings()
    every = models.Manager["Assessment"]()

    class Meta:
        ordering = ("rated_at",)
        base_manager_name = "objects"
        constraints = (
            models.UniqueConstraint(
                fields=["visit", "instrument"], name="assessment_once_a_visit"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["screen", "tablet", "paper"]),
                name="assessment_mode_is_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant} {self.instrument}"

    def values(self) -> dict[str, int | None]:
        """Item code -> value, None where it is missing."""
        return {answer.item: answer.value for answer in self.answers.all()}


class Answer(models.Model):
    """The answer to one item: a value, or the reason why there is none."""

    class Missing(models.TextChoices):
        NOT_DONE = "not_done", _("not done")
        REFUSED = "refused", _("refused")
        UNKNOWN = "unknown", _("unknown")
        NOT_APPLICABLE = "not_applicable", _("not applicable")
        TECHNICAL = "technical", _("technical failure")

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="answers"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="+"
    )
    item = models.CharField(max_length=12)
    value = models.SmallIntegerField(null=True)
    missing = models.CharField(max_length=16, choices=Missing.choices, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["assessment", "item"], name="answer_once_an_item"
            ),
            models.CheckConstraint(
                condition=value_in_range_of_its_item(),
                name="answer_value_in_range_of_its_item",
                violation_error_message=_("This value is outside the item's range."),
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, missing="")
                | Q(
                    value__isnull=True,
                    missing__in=[
                        "not_done",
                        "refused",
                        "unknown",
                        "not_applicable",
                        "technical",
                    ],
                ),
                name="answer_is_a_value_or_a_reason",
                violation_error_message=_(
                    "An item has a value, or the reason why it has none."
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.item}: {self.value if self.missing == '' else self.missing}"
