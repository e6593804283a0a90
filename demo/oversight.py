"""What investigators and the data manager did with finished casebooks."""

from accounts.roles import Role
from demo.people import SITES, Cast
from records import casebook, holds
from records.context import acting
from records.models import Hold, Signature
from records.signing import sign
from trial.models import Participant

# Of each site, the first finished participants: approved; the first of them is locked,
# the second frozen.
APPROVED = 4


def oversee(cast: Cast) -> None:
    """Approve some casebooks of each site; lock one participant, freeze another."""
    for place in SITES:
        rows = Participant.objects.filter(
            site=cast.sites[place], state=Participant.State.COMPLETED, arm="patient"
        ).order_by("subject_id")
        finished = [row for row in rows[: 2 * APPROVED] if is_whole(row)]
        approve(finished[:APPROVED], cast, place)
        hold(finished[:2], cast)


def is_whole(row: Participant) -> bool:
    return not casebook.open_forms(row.pk) and not casebook.open_queries(row.pk)


def approve(rows: list[Participant], cast: Cast, place: str) -> None:
    doctor = cast.who(Role.INVESTIGATOR, place)
    with acting(person=doctor.pk, role=Role.INVESTIGATOR.value):
        for row in rows:
            content = casebook.content_of(row)
            meaning = Signature.Meaning.APPROVED
            sign(row, by=doctor, meaning=meaning, content=content)


def hold(rows: list[Participant], cast: Cast) -> None:
    manager = cast.who(Role.DATA_MANAGER)
    with acting(person=manager.pk, role=Role.DATA_MANAGER.value):
        levels = (Hold.Level.LOCKED, Hold.Level.FROZEN)
        for row, level in zip(rows, levels, strict=False):
            reason = "All forms are complete and signed."
            holds.place(level, [holds.scope_of(row)], reason=reason, by=manager)
