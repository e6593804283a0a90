"""The course of one participant: planned from the protocol, kept in rows."""

from datetime import date
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from records.context import acting
from records.forms import Place, expect
from trial.due import (
    Due,
    Facts,
    InfusionFact,
    due,
    planned_infusion_dates,
)
from trial.models import Infusion, Participant, Visit
from trial.moving import Course, Shift, shifts
from trial.protocol import Anchor, Arm, Protocol, VisitType
from trial.protocols import CURRENT, PROTOCOLS
from trial.words import mark

UNSCHEDULED_LABEL = mark("unscheduled visit")
OPEN_STATES = frozenset({Infusion.State.PLANNED, Infusion.State.RUNNING})


def protocol_of(participant: Participant) -> Protocol:
    """The version that the participant consented to, and stays on."""
    return PROTOCOLS[participant.protocol_version]


def type_of(visit: Visit) -> VisitType:
    """What the protocol plans for the visit, or what was chosen for an unscheduled."""
    if not visit.is_unscheduled:
        versions = versions_with(visit)
        known = PROTOCOLS[versions[0]] if versions else protocol_of(visit.participant)
        return known.visit_type(visit.visit_type)
    return VisitType(
        code=visit.visit_type,
        label=UNSCHEDULED_LABEL,
        arm=arm_of(visit.participant),
        anchor=Anchor("enrolment"),
        unit="days",
        offset=0,
        before=0,
        after=0,
        instruments=tuple(visit.instruments),
    )


def versions_with(visit: Visit) -> tuple[str, ...]:
    """The versions that have this visit, the oldest first; none where the first version
    has it, or nothing plans it."""
    found = tuple(
        version
        for version, protocol in PROTOCOLS.items()
        if any(one.code == visit.visit_type for one in protocol.visit_types)
    )
    return () if CURRENT.version in found else found


def visit_label(visit: Visit) -> str:
    """The visit's name, in the reader's language."""
    return _(type_of(visit).label)


def arm_of(participant: Participant) -> Arm:
    return "patient" if participant.arm == Participant.Arm.PATIENT else "control"


def holidays_of(participant: Participant) -> frozenset[date]:
    """The days on which the participant's site gives no infusion."""
    return frozenset(participant.site.holidays.values_list("on", flat=True))


def facts_of(participant: Participant) -> Facts:
    """What the schedule follows from, read from the rows."""
    infusions = tuple(
        InfusionFact(
            number=infusion.number,
            planned_on=infusion.planned_on,
            started_at=infusion.started_at,
            not_given=infusion.state == Infusion.State.NOT_GIVEN,
        )
        for infusion in participant.infusions.all()
    )
    closed = participant.visits.exclude(state=Visit.State.PLANNED)
    return Facts(
        arm=arm_of(participant),
        time_zone=ZoneInfo(participant.site.time_zone),
        screened_on=participant.screened_on,
        enrolled_on=participant.enrolled_on,
        infusions=infusions,
        closed_visits=frozenset(closed.values_list("visit_type", flat=True)),
    )


@transaction.atomic
def replan(participant: Participant) -> None:
    """Bring the open visits' dates and windows in line with what is known now.

    Visits that were attended or missed stay as they are. An infusion is a row of its
    own, so the visits of the protocol that only hold one make none here.
    """
    planned = {visit.visit_type: visit for visit in participant.visits.all()}
    for one in due(protocol_of(participant), facts_of(participant)):
        if one.visit_type.infusion is None:
            _keep(participant, planned.get(one.visit_type.code), one)


def _keep(participant: Participant, visit: Visit | None, one: Due) -> None:
    dates = (one.target_on, one.window.opens_at, one.window.closes_at)
    is_new = visit is None
    if visit is None:
        visit = Visit(
            participant=participant,
            site_id=participant.site_id,
            visit_type=one.visit_type.code,
        )
    elif dates == (visit.planned_on, visit.window_opens, visit.window_closes):
        return
    visit.planned_on, visit.window_opens, visit.window_closes = dates
    visit.save()
    if is_new:
        place = Place(participant.site_id, participant.pk)
        expect(visit, one.visit_type.instruments, place)


@transaction.atomic
def plan_infusions(participant: Participant, first_on: date) -> None:
    """Plan the six infusions from the date of the first, and the visits around them."""
    plan = protocol_of(participant).infusion
    dates = planned_infusion_dates(plan, first_on, holidays_of(participant))
    Infusion.objects.bulk_create(
        Infusion(
            participant=participant,
            site_id=participant.site_id,
            number=number,
            planned_on=on,
        )
        for number, on in enumerate(dates, 1)
    )
    replan(participant)


def course_of(participant: Participant) -> Course:
    """What moving an infusion can change, read from the rows."""
    attended = {
        visit.visit_type: visit.attended_at
        for visit in participant.visits.all()
        if visit.attended_at is not None
    }
    return Course(
        protocol=protocol_of(participant),
        facts=facts_of(participant),
        holidays=holidays_of(participant),
        attended=attended,
    )


def moved_by(infusion: Infusion, to: date) -> tuple[Shift, ...]:
    """What changes when the infusion is moved to that day, and what breaks; nothing
    is written. ValidationError when it may not be moved there."""
    if infusion.state != Infusion.State.PLANNED:
        raise ValidationError(_("Only a planned infusion can be moved."), code="state")
    try:
        return shifts(course_of(infusion.participant), infusion.number, to)
    except ValueError as too_near:
        raise ValidationError(
            {"to": _("This is too near to the infusion before.")}, code="too_near"
        ) from too_near


@transaction.atomic
def move_infusion(infusion: Infusion, to: date, *, reason: str = "") -> None:
    """Plan an infusion for another day; those after it keep their distance from it as
    far as their windows allow. The history keeps the old dates and windows."""
    rows = {
        row.number: row for row in infusion.participant.infusions.select_for_update()
    }
    with acting(reason=reason.strip()):
        for shift in moved_by(rows[infusion.number], to):
            row = rows.get(shift.infusion or 0)
            if row is not None and row.state == Infusion.State.PLANNED:
                row.planned_on = shift.new_on
                row.save(update_fields=["planned_on"])
        replan(infusion.participant)
