"""People, the places they work at, the roles they hold there, and their access."""

from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import FOUNDING_ROLES, LABORATORY_ROLES, Role

ROLE_LABELS = {
    Role.PRINCIPAL_INVESTIGATOR: _("Principal investigator"),
    Role.INVESTIGATOR: _("Investigator"),
    Role.COORDINATOR: _("Coordinator"),
    Role.RATER: _("Rater"),
    Role.INFUSION_NURSE: _("Infusion nurse"),
    Role.LAB_SCIENTIST: _("Lab scientist"),
    Role.DATA_MANAGER: _("Data manager"),
    Role.MONITOR: _("Monitor"),
    Role.STATISTICIAN: _("Statistician"),
    Role.COMMITTEE_MEMBER: _("Committee member"),
    Role.INSPECTOR: _("Inspector"),
    Role.ADMINISTRATOR: _("Administrator"),
}
ROLE_CHOICES = [(role.value, label) for role, label in ROLE_LABELS.items()]


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            _("%(name)s is no time zone. Use a name such as Asia/Shanghai."),
            code="time_zone",
            params={"name": name},
        )


class Site(models.Model):
    """A place where participants are seen. Dates of its visits are its local dates."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default=settings.TIME_ZONE,
        validators=[check_time_zone],
    )

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """A date on which a site gives no infusion."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="holidays")
    on = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["site", "on"], name="holiday_once_a_site"),
        )

    def __str__(self) -> str:
        return f"{self.on}: {self.name}"


class Laboratory(models.Model):
    """A place where plates are run; it knows specimens by their codes only."""

    code = models.CharField(_("code"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ("code",)
        verbose_name_plural = "laboratories"

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, username: str, full_name: str, password: str | None = None, **more: Any
    ) -> "User":
        user = self.model(username=username, full_name=full_name, **more)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. Never deleted, only deactivated: names stay on records."""

    username = models.CharField(
        _("user name"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
    )
    full_name = models.CharField(_("name as signed"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default="en"
    )
    is_active = models.BooleanField(_("active"), default=True)
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)
    left_reason = models.CharField(_("why they left"), max_length=300, blank=True)
    date_joined = models.DateTimeField(_("joined"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(language__in=[code for code, _n in settings.LANGUAGES]),
                name="user_language_is_offered",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True, left_reason="")
                | (Q(is_active=False, left_at__isnull=False) & ~Q(left_reason="")),
                name="user_who_left_has_time_and_reason",
            ),
        )

    def __str__(self) -> str:
        return self.full_name


class Membership(models.Model):
    """A role of a person: at one site, at one laboratory, or at every site.

    It is a line of the delegation log: in force once the principal investigator has
    signed it. The first administrator and the first principal investigator are
    appointed from outside, before there is anybody to sign.
    """

    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=32, choices=ROLE_CHOICES)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="members"
    )
    laboratory = models.ForeignKey(
        Laboratory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    training = models.CharField(
        _("training"),
        max_length=300,
        blank=True,
        help_text=_("What the person was trained in for this role, and when."),
    )
    is_founding = models.BooleanField(default=False, editable=False)
    signed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by__isnull=True)
                | (
                    Q(signed_at__isnull=False, signed_by__isnull=False)
                    & ~Q(training="")
                ),
                name="membership_signed_names_signer_and_training",
                violation_error_message=_(
                    "A role is signed by somebody, with the training for it named."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(person=models.F("signed_by")),
                name="membership_is_signed_by_another",
                violation_error_message=_("Nobody signs a role of their own."),
            ),
            models.CheckConstraint(
                condition=Q(is_founding=False) | Q(role__in=sorted(FOUNDING_ROLES)),
                name="membership_of_founder_is_a_first_role",
                violation_error_message=_(
                    "Only the first administrator and principal investigator need no "
                    "signature."
                ),
            ),
            models.UniqueConstraint(
                fields=["role"],
                condition=Q(is_founding=True),
                name="membership_founds_a_role_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]),
                name="membership_role_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    role__in=sorted(LABORATORY_ROLES),
                    laboratory__isnull=False,
                    site__isnull=True,
                )
                | (~Q(role__in=sorted(LABORATORY_ROLES)) & Q(laboratory__isnull=True)),
                name="membership_laboratory_goes_with_lab_roles",
                violation_error_message=_(
                    "A lab scientist belongs to a laboratory, everyone else to a site "
                    "or to all sites."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_it_starts",
                violation_error_message=_("A role cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=~Q(person=models.F("granted_by")),
                name="membership_is_granted_by_another",
                violation_error_message=_("Nobody gives a role to themselves."),
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.INSPECTOR) | Q(ends_on__isnull=False),
                name="membership_of_inspector_expires",
                violation_error_message=_("An inspector's access needs an end date."),
            ),
        )

    def __str__(self) -> str:
        place = self.site or self.laboratory or _("all sites")
        return f"{self.get_role_display()}, {place}"

    @staticmethod
    def in_force(on: date) -> Q:
        signed = Q(signed_at__isnull=False) | Q(is_founding=True)
        running = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        return signed & running & Q(starts_on__lte=on)

    def give(self) -> None:
        """Save a new role; the first principal investigator needs no signature."""
        if self.role == Role.PRINCIPAL_INVESTIGATOR:
            same = Membership.objects.filter(role=self.role)
            self.is_founding = not same.exists()
        self.full_clean()
        self.save()

    def sign(self, *, by: User, at: datetime) -> None:
        """Take force; whoever calls it has made the signature that this points to."""
        self.signed_by, self.signed_at = by, at
        self.full_clean()
        self.save(update_fields=["signed_by", "signed_at"])
