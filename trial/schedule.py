"""The course of one participant: planned from the protocol, kept in rows."""

from datetime import date
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from records.forms import Place, expect
from trial.due import (
    Due,
    Facts,
    InfusionFact,
    due,
    moved_infusion_dates,
    planned_infusion_dates,
)
from trial.models import Infusion, Participant, Visit
from trial.protocol import Protocol
from trial.protocols import PROTOCOLS

OPEN_STATES = frozenset({Infusion.State.PLANNED, Infusion.State.RUNNING})


def protocol_of(participant: Participant) -> Protocol:
    """The version that the participant consented to, and stays on."""
    return PROTOCOLS[participant.protocol_version]


def visit_label(visit: Visit) -> str:
    """The visit's name, in the reader's language."""
    protocol = protocol_of(visit.participant)
    return _(protocol.visit_type(visit.visit_type).label)


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
        arm="patient" if participant.arm == Participant.Arm.PATIENT else "control",
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
    holidays = participant.site.holidays.values_list("on", flat=True)
    dates = planned_infusion_dates(plan, first_on, frozenset(holidays))
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


@transaction.atomic
def move_infusion(infusion: Infusion, to: date) -> None:
    """Plan an infusion for another day; those after it keep their distance from it."""
    participant = infusion.participant
    rows = list(participant.infusions.order_by("number"))
    if rows[infusion.number - 1].state != Infusion.State.PLANNED:
        raise ValidationError(_("Only a planned infusion can be moved."), code="state")
    holidays = participant.site.holidays.values_list("on", flat=True)
    try:
        dates = moved_infusion_dates(
            protocol_of(participant).infusion,
            [row.planned_on for row in rows],
            infusion.number,
            to,
            frozenset(holidays),
        )
    except ValueError as too_near:
        raise ValidationError(
            _("This is too near to the infusion before."), code="too_near"
        ) from too_near
    for row, on in zip(rows, dates, strict=True):
        if row.planned_on != on:
            row.planned_on = on
            row.save()
    replan(participant)
