"""What does not go as planned in the demo: a move, a miss, deviations, an ending."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta

from accounts.models import Site, User
from accounts.roles import Role
from demo.course import TIME_ZONE
from demo.people import Cast
from demo.study import Situation
from records.context import acting
from trial import consents, deviations, leaving, schedule, visits
from trial.models import Chair, Deviation, Participant

AMENDED_SITE = "02"
_CHAIRS = ("Chair A", "Chair B")


def settle(cast: Cast, today: date) -> None:
    """Two chairs at each site; version 1.1 of the protocol in force at one of them."""
    with acting(person=cast.users["admin"].pk, role=Role.ADMINISTRATOR.value):
        Chair.objects.bulk_create(
            Chair(site=site, name=name, infusions_per_day=2)
            for site in cast.sites.values()
            for name in _CHAIRS
        )
    investigator = cast.who(Role.PRINCIPAL_INVESTIGATOR)
    with _as(investigator, Role.PRINCIPAL_INVESTIGATOR):
        consents.put_in_force(
            Site.objects.get(code=AMENDED_SITE),
            "1.1",
            since=today - timedelta(days=1),
            ethics_approved_on=today - timedelta(days=9),
            by=investigator,
        )


def happen(
    situation: Situation, participant: Participant, cast: Cast, today: date
) -> None:
    """What happened to the one in that situation, if anything did."""
    act = _HAPPENS.get(situation)
    if act is not None:
        act(participant, cast, today)


def _move(participant: Participant, cast: Cast, today: date) -> None:
    coordinator = cast.who(Role.COORDINATOR, participant.site.code)
    fourth = participant.infusions.get(number=4)
    with _as(coordinator, Role.COORDINATOR):
        schedule.move_infusion(
            fourth,
            fourth.planned_on + timedelta(days=1),
            reason="The pump is away for its yearly check.",
        )


def _try_to_reach(participant: Participant, cast: Cast, today: date) -> None:
    coordinator = cast.who(Role.COORDINATOR, participant.site.code)
    with _as(coordinator, Role.COORDINATOR):
        leaving.record_contact(
            participant,
            way="telephone",
            at=_on(today - timedelta(days=1), 16),
            outcome="Nobody answered; a message was left.",
            by=coordinator,
        )


def _deviate(participant: Participant, cast: Cast, today: date) -> None:
    """Two deviations: one acknowledged, one that waits for the investigator."""
    nurse = cast.who(Role.INFUSION_NURSE, participant.site.code)
    investigator = cast.who(Role.INVESTIGATOR, participant.site.code)
    on = today - timedelta(days=2)
    with _as(nurse, Role.INFUSION_NURSE):
        slow = deviations.record(
            participant,
            kind=Deviation.Kind.DOSE,
            text="The pump ran 43 min instead of 40: the line was kinked.",
            happened_at=_on(on, 11),
            by=nurse,
        )
        deviations.record(
            participant,
            kind=Deviation.Kind.SPECIMEN,
            severity=Deviation.Severity.MAJOR,
            text="The tube stood for three hours before it was spun.",
            happened_at=_on(on, 12),
            by=nurse,
        )
    with _as(investigator, Role.INVESTIGATOR):
        deviations.assess(
            slow,
            severity=Deviation.Severity.MINOR,
            done="The line was changed. Pressure and pulse stayed inside their limits.",
            ethics_reported_on=None,
        )
        deviations.acknowledge(slow, by=investigator, at=_on(on, 15))


def _miss_and_withdraw_blood(participant: Participant, cast: Cast, today: date) -> None:
    coordinator = cast.who(Role.COORDINATOR, participant.site.code)
    with _as(coordinator, Role.COORDINATOR):
        extra = visits.add_unscheduled(
            participant,
            on=today - timedelta(days=3),
            reason="Slept badly and asked to be seen.",
            instruments=["madrs"],
        )
        visits.miss(extra, reason="Did not come; felt better.")
        leaving.leave(
            participant,
            ["blood"],
            on=today - timedelta(days=1),
            reason="Does not want blood to be kept.",
            by=coordinator,
        )


_HAPPENS: Mapping[Situation, Callable[[Participant, Cast, date], None]] = {
    "infusion today": _move,
    "rating late": _try_to_reach,
    "form unsigned": _deviate,
    "queries open": _miss_and_withdraw_blood,
}


def _as(person: User, role: Role) -> AbstractContextManager[None]:
    return acting(person=person.pk, role=role.value)


def _on(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), TIME_ZONE)
