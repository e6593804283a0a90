"""The course of a participant as a strip of marks, in true time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from labs.models import Specimen
from records.models import Form
from trial.models import Infusion, Participant, Visit
from trial.schedule import type_of

State = Literal["planned", "due", "late", "done", "missing", "running"]
OPEN_FORMS = frozenset({Form.Completion.NOT_STARTED, Form.Completion.IN_PROGRESS})


@dataclass(frozen=True)
class Mark:
    """One thing of the course: an infusion, a rating, a blood. Screening and
    unscheduled visits are not `counted` among the ratings of the strip."""

    kind: Literal["infusion", "rating", "blood"]
    label: str
    on: date | None
    state: State
    url: str = ""
    opens: date | None = None
    closes: date | None = None
    counted: bool = True


@dataclass(frozen=True)
class Rows:
    """The rows of one participant that the strip is made of, read beforehand."""

    participant: Participant
    visits: list[Visit]
    infusions: list[Infusion]
    forms: dict[int, list[Form]]
    specimens: dict[int, Specimen]


def visit_state(visit: Visit, is_done: bool, now: datetime) -> State:
    if visit.state == Visit.State.MISSED:
        return "missing"
    if is_done:
        return "done"
    if visit.window_opens is None or visit.window_closes is None:
        return "planned"
    if now > visit.window_closes:
        return "late"
    return "due" if now >= visit.window_opens else "planned"


def infusion_state(infusion: Infusion, today: date) -> State:
    closed: dict[str, State] = {
        Infusion.State.RUNNING: "running",
        Infusion.State.GIVEN: "done",
        Infusion.State.NOT_GIVEN: "missing",
    }
    if infusion.state in closed:
        return closed[infusion.state]
    if infusion.planned_on < today:
        return "late"
    return "due" if infusion.planned_on == today else "planned"


def marks(rows: Rows) -> list[Mark]:
    """Every mark, by date; what has none yet comes last."""
    now, today = timezone.now(), timezone.localdate()
    found = [
        Mark(
            "infusion",
            _("infusion %(number)s") % {"number": infusion.number},
            local_date(infusion.started_at) or infusion.planned_on,
            infusion_state(infusion, today),
            reverse("infusion", args=[infusion.pk]),
        )
        for infusion in rows.infusions
    ]
    for visit in rows.visits:
        found += visit_marks(rows, visit, now)
    return sorted(found, key=lambda mark: (mark.on is None, mark.on or date.max))


def visit_marks(rows: Rows, visit: Visit, now: datetime) -> Iterable[Mark]:
    planned = type_of(visit)
    on = local_date(visit.attended_at) or visit.planned_on
    label = _(planned.label)
    window = (local_date(visit.window_opens), local_date(visit.window_closes))
    forms = rows.forms.get(visit.pk, [])
    if planned.instruments and planned.infusion is None:
        is_done = bool(forms) and all(f.completion not in OPEN_FORMS for f in forms)
        state = visit_state(visit, is_done, now)
        waiting = [f for f in forms if f.completion in OPEN_FORMS] or forms
        url = reverse("rating", args=[visit.pk, waiting[0].code]) if waiting else ""
        counted = planned.anchor.event != "screening" and not visit.is_unscheduled
        yield Mark("rating", label, on, state, url, *window, counted)
    if planned.specimens:
        specimen = rows.specimens.get(visit.pk)
        state = visit_state(visit, specimen is not None, now)
        if specimen is not None and specimen.drawn_at is None:
            state = "missing"
        url = reverse("specimen", args=[visit.pk])
        yield Mark("blood", label, on, state, url, *window)


def local_date(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None
