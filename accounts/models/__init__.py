"""People, where they belong, what they may do, and what is still concealed."""

from accounts.models.access_event import AccessEvent
from accounts.models.factor_replacement import FactorReplacement
from accounts.models.milestone import Milestone
from accounts.models.people import (
    ROLE_LABELS,
    Holiday,
    Laboratory,
    Membership,
    Site,
    User,
    UserManager,
    check_time_zone,
)

__all__ = [
    "ROLE_LABELS",
    "AccessEvent",
    "FactorReplacement",
    "Holiday",
    "Laboratory",
    "Membership",
    "Milestone",
    "Site",
    "User",
    "UserManager",
    "check_time_zone",
]
