"""Two weeks of infusions by chair, of ratings and of bloods, at the person's sites."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, visible
from accounts.models import Site
from accounts.roles import may
from desk import calendar_days
from desk.calendar_days import ByDay, Entry

DAYS = 14
A_WEEK = 7
FURTHEST = timedelta(days=3650)


@dataclass(frozen=True)
class Row:
    """A line of the calendar: a chair, the ratings or the bloods of a site."""

    name: str
    cells: list[list[Entry]]


@dataclass(frozen=True)
class Block:
    """A site's lines for one week, and the names of its holidays by day."""

    site: Site
    holidays: list[str]
    rows: list[Row]


@require_GET
def calendar(request: PersonRequest) -> HttpResponse:
    """From the Monday of the week that `?from=` names, else of this week."""
    sites = visible(request, "calendar.view", Site.objects.all(), path="site.id")
    first = monday_of(request.GET.get("from", ""))
    days = [first + timedelta(days=n) for n in range(DAYS)]
    blocks = blocks_of(
        request, list(sites.prefetch_related("holidays", "chairs")), days
    )
    weeks = [
        {
            "days": days[at : at + A_WEEK],
            "blocks": [cut(block, at) for block in blocks],
        }
        for at in range(0, DAYS, A_WEEK)
    ]
    context = {
        "weeks": weeks,
        "first": first,
        "last": days[-1],
        "previous": first - timedelta(days=A_WEEK),
        "next": first + timedelta(days=A_WEEK),
        "today": timezone.localdate(),
        "may_keep_chairs": may(request.standing.roles, "holiday.keep"),
    }
    return render(request, "desk/calendar.html", context)


def monday_of(text: str) -> date:
    """The Monday of the day that was asked for; this week's where that is no day, or
    ten years away."""
    today = timezone.localdate()
    try:
        asked = parse_date(text) or today
    except ValueError:
        asked = today
    day = asked if abs(asked - today) <= FURTHEST else today
    return day - timedelta(days=day.weekday())


def blocks_of(
    request: PersonRequest, sites: list[Site], days: list[date]
) -> list[Block]:
    """What the person waits for, in a fixed number of queries."""
    roles = request.standing.roles
    infusions = (
        calendar_days.infusions(request, days[0], days[-1])
        if may(roles, "infusion.await")
        else None
    )
    others: list[tuple[str, ByDay]] = []
    if may(roles, "assessment.await"):
        ratings = calendar_days.ratings(request, days[0], days[-1])
        others.append((_("Ratings"), ratings))
    if may(roles, "specimen.draw"):
        others.append((_("Bloods"), calendar_days.bloods(request, days[0], days[-1])))
    found = []
    for site in sites:
        rows = [] if infusions is None else chair_rows(site, infusions, days)
        for name, by_day in others:
            rows.append(Row(name, [by_day.get((site.pk, day), []) for day in days]))
        closed = {holiday.on: holiday.name for holiday in site.holidays.all()}
        found.append(Block(site, [closed.get(day, "") for day in days], rows))
    return found


def chair_rows(site: Site, infusions: ByDay, days: list[date]) -> list[Row]:
    """Each day's infusions spread over the chairs of the site, then what is left."""
    waiting = [list(infusions.get((site.pk, day), [])) for day in days]
    rows = []
    for chair in site.chairs.all():
        n = chair.infusions_per_day
        rows.append(Row(chair.name, [day[:n] for day in waiting]))
        waiting = [day[n:] for day in waiting]
    if any(waiting) or not rows:
        rows.append(Row(_("No chair left") if rows else _("Infusions"), waiting))
    return rows


def cut(block: Block, at: int) -> Block:
    """One week of a block."""
    rows = [Row(row.name, row.cells[at : at + A_WEEK]) for row in block.rows]
    return Block(block.site, block.holidays[at : at + A_WEEK], rows)
