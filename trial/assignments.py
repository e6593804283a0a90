"""Keeping the rater of a participant's MADRS apart from who gives their infusions."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from trial.models import Assignment, Participant

Duty = Assignment.Duty


def take(participant: Participant, person: User, duty: Duty) -> Assignment:
    """Hold the duty from now on; doing it for the first time assigns it.

    Refused where the person holds the other duty towards this participant. Two acts at
    the same moment are told apart by the constraint.
    """
    row, _made = Assignment.objects.get_or_create(
        participant=participant,
        person=person,
        defaults={"duty": duty, "site_id": participant.site_id},
    )
    if row.duty == duty:
        return row
    raise ValidationError(words_of_refusal(row), code="assignment")


def words_of_refusal(row: Assignment) -> str:
    if row.duty == Duty.INFUSION_NURSE:
        return _(
            "You give the infusions of %(participant)s. Another person must rate MADRS."
        ) % {"participant": row.participant}
    return _(
        "You rate the MADRS of %(participant)s. Another person must give the infusions."
    ) % {"participant": row.participant}
