"""Consent: what was agreed to, when it has to be given again, and what it allows."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Site, User
from trial import schedule
from trial.endings import ENDINGS
from trial.models import Consent, Participant, ProtocolInForce, Visit
from trial.protocols import CURRENT, PROTOCOLS, newer

TAKING_PART = frozenset({Participant.State.SCREENING, Participant.State.ENROLLED})
ENDS_DATA = tuple(code for code, ending in ENDINGS.items() if ending.ends_data)


def version_at(site: Site, on: date) -> str:
    """The protocol version in force at the site on that day."""
    rows = site.protocols_in_force.filter(in_force_from__lte=on)
    return max(
        (row.version for row in rows),
        key=list(PROTOCOLS).index,
        default=CURRENT.version,
    )


@transaction.atomic
def put_in_force(
    site: Site, version: str, *, since: date, ethics_approved_on: date, by: User
) -> ProtocolInForce:
    """From that day on, who is screened at the site takes part by this version; who
    takes part already stays on theirs until they consent again."""
    row = ProtocolInForce(
        site=site,
        version=version,
        in_force_from=since,
        ethics_approved_on=ethics_approved_on,
        entered_by=by,
    )
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def give(
    participant: Participant,
    version: str,
    *,
    on: date,
    stored_blood: bool,
    by: User,
    protocol_version: str = "",
    language: str = Consent.Language.CHINESE,
    copy_given: bool = True,
    explained_by: str = "",
) -> Consent:
    """Record what was agreed to; before it nothing else is asked of a person.

    With the consent to a newer version of the protocol the participant takes part by
    that one, and the visits that it adds are planned.
    """
    if on < participant.screened_on:
        raise ValidationError(
            {"consented_on": _("Consent cannot be before the date of screening.")}
        )
    wanted = protocol_version or participant.protocol_version
    if newer(wanted, version_at(participant.site, on)):
        raise ValidationError(
            {"protocol_version": _("This version is not in force at the site yet.")}
        )
    consent = Consent(
        participant=participant,
        version=version,
        protocol_version=wanted,
        consented_on=on,
        stored_blood=stored_blood,
        language=language,
        copy_given=copy_given,
        explained_by=explained_by or by.full_name,
        taken_by=by,
    )
    consent.full_clean()
    consent.save()
    if newer(consent.protocol_version, participant.protocol_version):
        participant.protocol_version = consent.protocol_version
        participant.save(update_fields=["protocol_version"])
        schedule.replan(participant)
    return consent


def to_consent_again(
    participants: QuerySet[Participant], on: date
) -> list[tuple[Participant, str]]:
    """Who is in the trial by an older version than the one in force at their site,
    with that version."""
    rows = participants.filter(state__in=TAKING_PART).select_related("site")
    in_force: dict[int, str] = {}
    for row in ProtocolInForce.objects.filter(in_force_from__lte=on):
        known = in_force.get(row.site_id)
        if known is None or newer(row.version, known):
            in_force[row.site_id] = row.version
    return [
        (row, wanted)
        for row in rows
        if (wanted := in_force.get(row.site_id)) and newer(wanted, row.protocol_version)
    ]


def check_entry(visit: Visit, at: datetime) -> None:
    """Refuse data that nobody agreed to: after data collection was withdrawn, or of a
    visit that only a version has to which the participant has not consented."""
    on = timezone.localdate(at)
    ended = visit.participant.endings.filter(code__in=ENDS_DATA, ended_on__lt=on)
    if visit.participant.state not in TAKING_PART and ended.exists():
        raise ValidationError(
            _("The participant withdrew from data collection: nothing is entered."),
            code="withdrawn",
        )
    versions = schedule.versions_with(visit)
    if not versions:
        return
    agreed = visit.participant.consents.filter(
        protocol_version__in=versions, consented_on__lte=on, withdrawn_on=None
    )
    if not agreed.exists():
        raise ValidationError(
            _(
                "This visit belongs to protocol version %(version)s. The participant "
                "has to consent to it first."
            ),
            code="reconsent",
            params={"version": versions[0]},
        )
