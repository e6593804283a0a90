"""The pages of the set-up beside each other: those that the person's roles may see."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import PersonRequest
from accounts.roles import may


class Tab(NamedTuple):
    label: str
    url: str
    current: bool


def setup_tabs(request: PersonRequest) -> list[Tab]:
    pages = [
        (_("People"), "setup", "setup.view"),
        (_("Delegation log"), "delegation", "setup.view"),
        (_("Second factors"), "second_factors", "factor.decide"),
        (_("Milestones"), "milestones", "setup.view"),
        (_("Outbox"), "outbox", "mail.view"),
    ]
    addresses = [
        (label, reverse(name))
        for label, name, action in pages
        if may(request.standing.roles, action)
    ]
    return [Tab(label, url, request.path == url) for label, url in addresses]
