"""What was recorded outside its window becomes a line of the log of deviations."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from trial.deviations import record
from trial.due import infusion_window
from trial.models import Deviation, Infusion, Visit
from trial.schedule import protocol_of, visit_label


def note_visit(visit: Visit, at: datetime) -> Deviation | None:
    """Something of the visit was done at that time; None where it was inside."""
    if (
        visit.is_unscheduled
        or visit.window_opens is None
        or visit.window_closes is None
    ):
        return None
    if visit.window_opens <= at <= visit.window_closes:
        return None
    words = _("%(visit)s at %(at)s; the window is %(opens)s to %(closes)s.") % {
        "visit": visit_label(visit),
        "at": _said(at),
        "opens": _said(visit.window_opens),
        "closes": _said(visit.window_closes),
    }
    kind = Deviation.Kind.WINDOW
    return record(visit.participant, kind=kind, text=words, happened_at=at, about=visit)


def note_infusion(infusion: Infusion) -> Deviation | None:
    """The infusion has started; None where its day is one of its window's."""
    participant = infusion.participant
    if infusion.number == 1:
        return None
    first = participant.infusions.get(number=1)
    if infusion.started_at is None or first.started_at is None:
        return None
    on = timezone.localdate(infusion.started_at)
    opens, closes = infusion_window(
        protocol_of(participant).infusion,
        timezone.localdate(first.started_at),
        infusion.number,
    )
    if opens <= on <= closes:
        return None
    words = _(
        "Infusion %(number)s on %(on)s; the window is %(opens)s to %(closes)s."
    ) % {"number": infusion.number, "on": on, "opens": opens, "closes": closes}
    return record(
        participant,
        kind=Deviation.Kind.WINDOW,
        text=words,
        happened_at=infusion.started_at,
        about=infusion,
    )


def _said(at: datetime) -> str:
    return date_format(timezone.localtime(at), "Y-m-d H:i")
