"""What falls on which day at which site: infusions, ratings, bloods."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import PersonRequest
from desk.marks import State, infusion_state, visit_state
from labs.models import Specimen
from trial.due import infusion_window
from trial.models import Infusion, Visit
from trial.schedule import protocol_of, type_of, visit_label


@dataclass(frozen=True)
class Entry:
    """One thing on a day: whose, what, its state, its window in words, and how many
    days after the day that the protocol has for it."""

    who: str
    what: str
    state: State
    url: str
    window: str = ""
    late_days: int = 0
    is_outside: bool = False


ByDay = Mapping[tuple[int, date], list[Entry]]


def infusions(request: PersonRequest, first: date, last: date) -> ByDay:
    """By site and day, in the order in which they are given a chair."""
    rows = list(
        Infusion.objects.filter(
            request.standing.places("site", "infusion.await"),
            planned_on__range=(first, last),
        )
        .exclude(state=Infusion.State.NOT_GIVEN)
        .select_related("participant")
        .order_by("planned_on", "participant__subject_id")
    )
    firsts = first_days([row.participant_id for row in rows])
    found: dict[tuple[int, date], list[Entry]] = defaultdict(list)
    for row in rows:
        first_on = firsts.get(row.participant_id, row.planned_on)
        found[row.site_id, row.planned_on].append(infusion_entry(row, first_on))
    return found


def ratings(request: PersonRequest, first: date, last: date) -> ByDay:
    now = timezone.now()
    found: dict[tuple[int, date], list[Entry]] = defaultdict(list)
    for visit in visits(request, "assessment.await", first, last):
        planned = type_of(visit)
        if visit.planned_on and planned.instruments and planned.infusion is None:
            state = visit_state(visit, visit.state == Visit.State.ATTENDED, now)
            url = reverse("participant", args=[visit.participant.subject_id])
            entry = visit_entry(visit, state, f"{url}#visits")
            found[visit.site_id, visit.planned_on].append(entry)
    return found


def bloods(request: PersonRequest, first: date, last: date) -> ByDay:
    now = timezone.now()
    every = visits(request, "specimen.draw", first, last)
    rows = [visit for visit in every if type_of(visit).specimens]
    drawn = set(
        Specimen.objects.filter(visit__in=rows).values_list("visit_id", flat=True)
    )
    found: dict[tuple[int, date], list[Entry]] = defaultdict(list)
    for visit in rows:
        if visit.planned_on:
            state = visit_state(visit, visit.pk in drawn, now)
            entry = visit_entry(visit, state, reverse("specimen", args=[visit.pk]))
            found[visit.site_id, visit.planned_on].append(entry)
    return found


def visits(
    request: PersonRequest, action: str, first: date, last: date
) -> QuerySet[Visit]:
    return (
        Visit.objects.filter(
            request.standing.places("site", action), planned_on__range=(first, last)
        )
        .exclude(state=Visit.State.MISSED)
        .select_related("participant")
        .order_by("window_opens", "participant__subject_id")
    )


def first_days(participants: list[int]) -> dict[int, date]:
    """The day of the first infusion of each: of its start, else as planned."""
    rows = Infusion.objects.filter(participant__in=participants, number=1)
    return {
        row.participant_id: timezone.localdate(row.started_at)
        if row.started_at
        else row.planned_on
        for row in rows
    }


def infusion_entry(infusion: Infusion, first_on: date) -> Entry:
    """An infusion, with how far it stands from the protocol's day."""
    plan = protocol_of(infusion.participant).infusion
    opens, closes = infusion_window(plan, first_on, infusion.number)
    is_planned = infusion.state == Infusion.State.PLANNED
    name = "infusion_move" if is_planned else "infusion"
    return Entry(
        who=infusion.participant.subject_id,
        what=_("infusion %(number)s") % {"number": infusion.number},
        state=infusion_state(infusion, timezone.localdate()),
        url=reverse(name, args=[infusion.pk]),
        window=_("window %(opens)s to %(closes)s") % {"opens": opens, "closes": closes},
        late_days=(infusion.planned_on - opens).days,
        is_outside=not opens <= infusion.planned_on <= closes,
    )


def visit_entry(visit: Visit, state: State, url: str) -> Entry:
    opens, closes = visit.window_opens, visit.window_closes
    window = ""
    if opens and closes:
        window = _("window %(opens)s to %(closes)s") % {
            "opens": f"{timezone.localtime(opens):%m-%d %H:%M}",
            "closes": f"{timezone.localtime(closes):%m-%d %H:%M}",
        }
    who = visit.participant.subject_id
    return Entry(who, visit_label(visit), state, url, window)
