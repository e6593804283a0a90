"""Plasma in small tubes: each with its code, its place in a box, and its history."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Laboratory
from labs.models.specimen import Specimen


class Box(models.Model):
    """A box in a freezer: rows of places, named A1 to the last row and column."""

    laboratory = models.ForeignKey(
        Laboratory, on_delete=models.PROTECT, related_name="boxes"
    )
    name = models.CharField(_("box"), max_length=40)
    freezer = models.CharField(_("freezer and shelf"), max_length=80)
    rows = models.PositiveSmallIntegerField(_("rows"), default=9)
    columns = models.PositiveSmallIntegerField(_("columns"), default=9)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "boxes"
        constraints = (
            models.UniqueConstraint(
                fields=["laboratory", "name"],
                name="box_once_a_laboratory",
                violation_error_message=_("A box of this name is there already."),
            ),
            models.CheckConstraint(
                condition=Q(rows__range=(1, 26), columns__range=(1, 26)),
                name="box_has_places",
                violation_error_message=_("A box has 1 to 26 rows and columns."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Aliquot(models.Model):
    """One tube of plasma. In a freezer it has its place, elsewhere none."""

    class State(models.TextChoices):
        MADE = "made", _("filled")
        STORED = "stored", _("in the freezer")
        SHIPPED = "shipped", _("on its way")
        RECEIVED = "received", _("received")
        USED_UP = "used_up", _("used up")
        LOST = "lost", _("lost")

    specimen = models.ForeignKey(
        Specimen, on_delete=models.PROTECT, related_name="aliquots"
    )
    laboratory = models.ForeignKey(
        Laboratory, on_delete=models.PROTECT, related_name="aliquots"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    code = models.CharField(_("bar code"), max_length=28, unique=True)
    volume_ul = models.PositiveIntegerField(_("volume, µL"))
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.MADE
    )
    box = models.ForeignKey(
        Box, on_delete=models.PROTECT, null=True, blank=True, related_name="aliquots"
    )
    row = models.PositiveSmallIntegerField(_("row"), null=True, blank=True)
    column = models.PositiveSmallIntegerField(_("column"), null=True, blank=True)
    thaws = models.PositiveSmallIntegerField(_("times thawed"), default=0)

    class Meta:
        ordering = ("specimen", "number")
        constraints = (
            models.UniqueConstraint(
                fields=["specimen", "number"], name="aliquot_once_a_number"
            ),
            models.UniqueConstraint(
                fields=["box", "row", "column"],
                name="aliquot_place_holds_one",
                violation_error_message=_("This place in the box is taken."),
            ),
            models.CheckConstraint(
                condition=Q(
                    state="stored",
                    box__isnull=False,
                    row__isnull=False,
                    column__isnull=False,
                    row__gte=1,
                    column__gte=1,
                )
                | (
                    Q(state__in=["made", "shipped", "received", "used_up", "lost"])
                    & Q(box=None, row=None, column=None)
                ),
                name="aliquot_stored_has_its_place",
                violation_error_message=_(
                    "A tube in the freezer has its box and place; no other has."
                ),
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, volume_ul__gte=1),
                name="aliquot_has_number_and_volume",
                violation_error_message=_("A tube has at least 1 µL."),
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def place(self) -> str:
        """A1 to Z26, or nothing outside a box."""
        return place_name(self.row, self.column) if self.row and self.column else ""


class AliquotStep(models.Model):
    """What happened to a tube, when, by whom. `passed` names a limit that it passed."""

    class Kind(models.TextChoices):
        STORED = "stored", _("put into the freezer")
        SHIPPED = "shipped", _("shipped")
        RECEIVED = "received", _("received")
        THAWED = "thawed", _("thawed")
        USED_UP = "used_up", _("used up")
        LOST = "lost", _("lost")

    aliquot = models.ForeignKey(Aliquot, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(_("step"), max_length=8, choices=Kind.choices)
    at = models.DateTimeField(_("at"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    passed = models.CharField(_("limits passed"), max_length=400, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "stored",
                        "shipped",
                        "received",
                        "thawed",
                        "used_up",
                        "lost",
                    ]
                ),
                name="aliquot_step_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="lost") | ~Q(note=""),
                name="aliquot_step_lost_says_how",
                violation_error_message=_("Say how the tube was lost."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.aliquot} {self.kind}"


def place_name(row: int, column: int) -> str:
    return f"{chr(ord('A') + row - 1)}{column}"
