"""Whether the person of a request may do something: the first line of every view.

An object of a site where the person has no role does not exist for them (404);
one of their own site that their role may not act on is refused (403).
"""

from functools import cached_property
from typing import NoReturn, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AccessEvent, Membership, Milestone, Site, User
from accounts.roles import CONCEALED, hidden, may

M = TypeVar("M", bound=Model)


class Standing:
    """The roles that a person holds today, by place; read once a request."""

    def __init__(self, person: User) -> None:
        self.person = person

    @cached_property
    def memberships(self) -> list[Membership]:
        today = timezone.localdate()
        held = Membership.objects.filter(Membership.in_force(today), person=self.person)
        return list(held.select_related("site", "laboratory"))

    @cached_property
    def milestones(self) -> frozenset[str]:
        """What the principal investigator has signed: it ends concealments."""
        return frozenset(Milestone.objects.values_list("code", flat=True))

    @cached_property
    def every_site(self) -> list[int]:
        return list(Site.objects.values_list("pk", flat=True))

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(m.role for m in self.memberships)

    def at_site(self, site_id: int | None) -> frozenset[str]:
        return frozenset(
            m.role
            for m in self.memberships
            if m.laboratory_id is None and m.site_id in (None, site_id)
        )

    def at_laboratory(self, laboratory_id: int | None) -> frozenset[str]:
        """Lab roles count at their laboratory, all-site roles at every one."""
        return frozenset(
            m.role
            for m in self.memberships
            if (m.laboratory_id is None and m.site_id is None)
            or (m.laboratory_id is not None and m.laboratory_id == laboratory_id)
        )

    def places(self, path: str, action: str | None = None) -> Q:
        """Rows whose place, at `path`, is one where the person (may do `action`)."""
        place = path.rsplit("__", 1)[-1]
        if path in ("site.id", "laboratory.id"):
            place, path = path.split(".")[0], "id"
        counted = [m for m in self.memberships if not action or may([m.role], action)]
        if any(m.site_id is None and m.laboratory_id is None for m in counted):
            return Q()
        ids = [getattr(m, f"{place}_id") for m in counted]
        return Q(**{f"{path}__in": [i for i in ids if i is not None]})


class PersonRequest(HttpRequest):
    """A request of a signed-in person, as the middleware completes it."""

    user: User
    standing: Standing
    reference: str


def visible(
    request: PersonRequest, action: str, rows: QuerySet[M], path: str = "site"
) -> QuerySet[M]:
    """The rows on which the person may do `action`; nobody's role at all is 403."""
    require(request, action)
    return rows.filter(request.standing.places(path, action))


def get_allowed(
    request: PersonRequest,
    action: str,
    rows: QuerySet[M],
    path: str = "site",
    **lookup: object,
) -> M:
    """The one row of `lookup`: else 404; 403 where the role there may not."""
    own = rows.filter(request.standing.places(path))
    found = own.filter(**lookup).first()
    if found is None:
        raise Http404(_("There is no such page, or it belongs to another site."))
    if not rows.filter(request.standing.places(path, action), pk=found.pk).exists():
        refuse(request, action)
    return found


def require(request: PersonRequest, action: str) -> None:
    """403 unless the person holds a role, anywhere, that may do `action`."""
    if not may(request.standing.roles, action):
        refuse(request, action)


def refuse(request: PersonRequest, action: str) -> None:
    raise PermissionDenied(
        _("Your role does not include this: %(action)s.") % {"action": action}
    )


def conceals(request: PersonRequest, what: str, site_id: int | None) -> bool:
    """Whether `what` must not be shown to this person: at this site, or, where it is
    of no site, in any of their roles."""
    standing = request.standing
    roles = standing.roles if site_id is None else standing.at_site(site_id)
    return hidden(roles, what) and hidden(roles, what, standing.milestones)


def blind_sites(request: PersonRequest, what: str) -> list[int]:
    """The sites at which `what` is concealed from this person."""
    sites = request.standing.every_site
    return [pk for pk in sites if conceals(request, what, pk)]


def refuse_concealed(what: str) -> NoReturn:
    """403, saying until when."""
    until = Milestone.label_of(CONCEALED[what].until)
    raise PermissionDenied(
        _("This is concealed from your role until a milestone is signed: %(until)s.")
        % {"until": until}
    )


def record_access(
    request: HttpRequest,
    kind: str,
    *,
    person: User | None = None,
    username: str = "",
    what: str = "",
) -> None:
    """Write one access event, with the address and the reference of the request."""
    AccessEvent.objects.create(
        kind=kind,
        person=person,
        username=(username or (person.username if person else ""))[:150],
        address=request.META.get("REMOTE_ADDR") or None,
        request=getattr(request, "reference", ""),
        what=what[:300],
    )
