"""The days on which a site gives no infusion, and the infusions that stand on them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Holiday, Site, User
from records.models import Event
from trial.models import Infusion


@dataclass(frozen=True)
class Line:
    """A holiday, who entered it, and the infusions that have to move off it."""

    holiday: Holiday
    entered_by: User | None
    planned: list[Infusion] = field(default_factory=list)


def lines(holidays: QuerySet[Holiday]) -> list[Line]:
    """Each holiday with what stands beside it: three queries, however many."""
    rows = list(holidays.select_related("site").order_by("-on", "site__code"))
    entered = Event.objects.filter(
        table_name="accounts_holiday",
        kind=Event.Kind.INSERT,
        row_id__in=[row.pk for row in rows],
    ).select_related("person")
    people = {event.row_id: event.person for event in entered}
    planned = defaultdict(list)
    for infusion in Infusion.objects.filter(
        state=Infusion.State.PLANNED, planned_on__in=[row.on for row in rows]
    ).select_related("participant"):
        planned[infusion.site_id, infusion.planned_on].append(infusion)
    return [Line(row, people.get(row.pk), planned[row.site_id, row.on]) for row in rows]


@transaction.atomic
def keep(holiday: Holiday, site: Site, on: date, name: str) -> Holiday:
    """Enter a holiday, or put one that was entered right."""
    holiday.site, holiday.on, holiday.name = site, on, name.strip()
    holiday.full_clean()
    holiday.save()
    return holiday
