"""What the shell of every page shows: trial, person, navigation."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Standing
from accounts.models import ROLE_LABELS
from accounts.roles import may
from demo.people import MEMBERS, PASSWORD, SITES
from demo.progress import progress

BESIDE_PARTICIPANTS = (
    "/calendar/",
    "/chairs/",
    "/screening/",
    "/deviations/",
    "/holidays/",
    "/reconsent/",
)


class Entry(NamedTuple):
    label: str
    url: str
    current: bool


def navigation(request: HttpRequest, roles: frozenset[str]) -> list[Entry]:
    """At most six entries: those of which the person's roles may see something."""
    rooms = [
        (_("Today"), "today", None),
        (_("Participants"), "participants", "participant.view"),
        (_("Lab"), "lab", "plate.view"),
        (_("Oversight"), "oversight", "query.view"),
        (_("Analysis"), "analysis", "plan.view"),
        (_("Set-up"), "setup", "setup.view"),
    ]
    here = request.path
    entries = []
    for label, name, action in rooms:
        if action is None or may(roles, action):
            url = reverse(name)
            current = here == url if url == "/" else here.startswith(url)
            current |= name == "participants" and here.startswith(BESIDE_PARTICIPANTS)
            entries.append(Entry(label, url, current))
    return entries


def participants_tabs(request: HttpRequest, roles: frozenset[str]) -> list[Entry]:
    """The lists beside that of the participants, as far as the roles may see them."""
    tabs = [
        (_("Participants"), "participants", "participant.view"),
        (_("Calendar"), "calendar", "calendar.view"),
        (_("Screening log"), "screening_log", "participant.view"),
        (_("Deviations"), "deviations", "deviation.view"),
        (_("Consent again"), "reconsent", "participant.view"),
        (_("Holidays"), "holidays", "holiday.view"),
    ]
    return [
        Entry(label, reverse(name), request.path.startswith(reverse(name)))
        for label, name, action in tabs
        if may(roles, action)
    ]


def sign_ins() -> dict[str, Any]:
    """Who may sign in to the demo: its password is known to all, and said."""
    members = [
        {
            "member": member,
            "role": ROLE_LABELS[member.role],
            "place": SITES.get(member.place)
            or (_("Laboratory") if member.place else _("All sites")),
        }
        for member in MEMBERS
    ]
    return {"password": PASSWORD, "members": members}


def shell(request: HttpRequest) -> dict[str, Any]:
    standing: Standing | None = getattr(request, "standing", None)
    places = {
        str(m.site or m.laboratory or _("All sites"))
        for m in (standing.memberships if standing else [])
    }
    return {
        "trial_name": settings.TRIAL_NAME,
        "demo": settings.DEMO,
        "demo_progress": progress() if settings.DEMO else None,
        "sign_ins": sign_ins if settings.DEMO and standing is None else None,
        "software_version": settings.SOFTWARE_VERSION,
        "may_sign": standing is not None and may(standing.roles, "form.sign"),
        "navigation": navigation(request, standing.roles) if standing else [],
        "participants_tabs": participants_tabs(request, standing.roles)
        if standing
        else [],
        "site_label": ", ".join(sorted(places)),
    }
