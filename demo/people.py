"""The cast of the demo: two sites, a laboratory, and a person for every role."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Holiday, Laboratory, Membership, Site, User
from accounts.roles import FOUNDING_ROLES, SIGNING_ROLES, Role
from demo.course import TIME_ZONE
from records.context import acting
from records.sitting import STATEMENT, state

PASSWORD = "six-infusions"  # noqa: S105 - known to all, and good for the demo only
SITES = {"01": "Guangzhou", "02": "Shenzhen"}
LABORATORY = "LAB"
INSPECTION = timedelta(days=30)
# Holidays far enough ahead that no simulated course meets one.
_HOLIDAYS = ((1, 1, "New Year"), (5, 1, "Labour Day"), (10, 1, "National Day"))
_TRAINING = "Good clinical practice; protocol 1.0"
_AFTER = timedelta(days=60)


@dataclass(frozen=True)
class Member:
    """`place` is the code of a site or of the laboratory; none means all sites."""

    username: str
    full_name: str
    role: Role
    place: str = ""
    language: str = "en"

    @property
    def signs(self) -> bool:
        return self.role in SIGNING_ROLES


MEMBERS = (
    Member("pi", "Chen Wenjing 陈文静", Role.PRINCIPAL_INVESTIGATOR),
    Member("doctor1", "Li Jianhua 李建华", Role.INVESTIGATOR, "01", "zh-hans"),
    Member("doctor2", "Sarah Whitfield", Role.INVESTIGATOR, "02"),
    Member("coord1", "Huang Meiling 黄美玲", Role.COORDINATOR, "01", "zh-hans"),
    Member("coord2", "Daniel Okafor", Role.COORDINATOR, "02"),
    Member("rater1", "Zhao Yun 赵云", Role.RATER, "01", "zh-hans"),
    Member("rater2", "Emma Lindqvist", Role.RATER, "02"),
    Member("nurse1", "Wu Xiaoyan 吴晓燕", Role.INFUSION_NURSE, "01", "zh-hans"),
    Member("nurse2", "Tom Ferreira", Role.INFUSION_NURSE, "02"),
    Member("lab1", "Sun Haoran 孙浩然", Role.LAB_SCIENTIST, LABORATORY, "zh-hans"),
    Member("lab2", "Priya Raman", Role.LAB_SCIENTIST, LABORATORY),
    Member("dm", "Lin Zhiqiang 林志强", Role.DATA_MANAGER),
    Member("monitor", "Anna Kowalska", Role.MONITOR),
    Member("stat", "Xu Lei 徐蕾", Role.STATISTICIAN),
    Member("dmc", "Robert Hale", Role.COMMITTEE_MEMBER),
    Member("inspector", "Gao Ming 高明", Role.INSPECTOR, language="zh-hans"),
    Member("admin", "Guo Fang 郭芳", Role.ADMINISTRATOR),
)


class Cast:
    """The people of the demo as rows, found by what they do and where."""

    @cached_property
    def users(self) -> dict[str, User]:
        names = [member.username for member in MEMBERS]
        return {user.username: user for user in User.objects.filter(username__in=names)}

    @cached_property
    def sites(self) -> dict[str, Site]:
        return {site.code: site for site in Site.objects.filter(code__in=SITES)}

    @cached_property
    def laboratory(self) -> Laboratory:
        return Laboratory.objects.get(code=LABORATORY)

    @property
    def second_reader(self) -> User:
        """The other scientist of the laboratory."""
        return self.users["lab2"]

    def who(self, role: Role, place: str = "") -> User:
        """The first of the cast with that role at that place."""
        for member in MEMBERS:
            if (member.role, member.place) == (role, place):
                return self.users[member.username]
        raise LookupError(f"nobody is {role} at {place or 'all sites'}")


def totp_secret(username: str) -> str:
    """The same secret for the same name, so that one-time codes can be printed."""
    digest = hashlib.sha256(f"Sixfold demo {username}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def settle(today: date) -> None:
    """Sites, laboratory, people and their roles, granted by the administrator."""
    users = _users()
    admin = users["admin"]
    with acting(person=admin.pk, role=Role.ADMINISTRATOR.value):
        for code, name in SITES.items():
            site = Site.objects.create(code=code, name=name, time_zone=TIME_ZONE.key)
            for on, called in holidays(today):
                Holiday.objects.create(site=site, on=on, name=called)
        Laboratory.objects.create(code=LABORATORY, name="Central laboratory")
        _grant_roles(users, admin, today)


def holidays(today: date) -> Iterator[tuple[date, str]]:
    for month, day, name in _HOLIDAYS:
        on = date(today.year, month, day)
        while on <= today + _AFTER:
            on = on.replace(year=on.year + 1)
        yield on, name


def sign_ins() -> Iterator[str]:
    """A line for each person: user name, role, where, password."""
    for member in MEMBERS:
        where = SITES.get(member.place) or member.place or "all sites"
        code = "  + one-time code" if member.signs else ""
        role = member.role.replace("_", " ")
        yield f"{member.username:<10} {role:<23} {where:<10} {PASSWORD}{code}"


def _users() -> dict[str, User]:
    """One costly hash for all: they share the password."""
    password = make_password(PASSWORD)
    users = {}
    for member in MEMBERS:
        users[member.username] = user = User(
            username=member.username,
            full_name=member.full_name,
            email=f"{member.username}@sixfold.example",
            language=member.language,
            password=password,
        )
        user.full_clean()
        user.save()
        if member.signs:
            TOTP.activate(user, totp_secret(member.username))
            state(user, str(STATEMENT))
    return users


def _grant_roles(users: dict[str, User], admin: User, today: date) -> None:
    """From a year and more before the first simulated course."""
    sites = {site.code: site for site in Site.objects.all()}
    laboratories = {lab.code: lab for lab in Laboratory.objects.all()}
    for member in MEMBERS:
        expires = member.role == Role.INSPECTOR
        membership = Membership(
            person=users[member.username],
            role=member.role,
            site=sites.get(member.place),
            laboratory=laboratories.get(member.place),
            starts_on=today - timedelta(days=730),
            ends_on=today + INSPECTION if expires else None,
            granted_by=None if member.username == "admin" else admin,
            training=_TRAINING,
        )
        if member.role in FOUNDING_ROLES:
            membership.is_founding = True
        else:
            membership.signed_by = users["pi"]
            membership.signed_at = timezone.now() - timedelta(days=730)
        membership.full_clean()
        membership.save()
