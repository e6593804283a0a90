"""A participant's part in the trial ends, wholly or in part, and what follows."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from records import forms, signing
from records.context import acting
from records.models import Signature
from trial import infusions, visits
from trial.endings import ENDINGS, state_after
from trial.models import ContactAttempt, Ending, Infusion, Participant, Visit
from trial.schedule import protocol_of

FOLLOW_UP_DAYS = 14
IN_THE_TRIAL = frozenset({Participant.State.SCREENING, Participant.State.ENROLLED})


@transaction.atomic
def leave(
    participant: Participant,
    codes: Iterable[str],
    *,
    on: date,
    reason: str,
    by: User,
) -> list[Ending]:
    """Record these endings and do what each line of `trial.endings` says.

    What was recorded before is not recorded again. ValidationError where an infusion
    runs, where the date is impossible, or where attempts to reach the person lack.
    """
    participant = _held(participant)
    codes = list(codes)
    new = [code for code in codes if code not in _recorded(participant)]
    if not codes:
        raise ValidationError(_("Say what the person wants to end."), code="nothing")
    _check(participant, new, on)
    rows = [_record(participant, code, on, reason, by) for code in new]
    with acting(reason=reason):
        _do(participant, new, on, reason)
    return rows


def record_contact(
    participant: Participant, *, way: str, at: datetime, outcome: str, by: User
) -> ContactAttempt:
    """Write down one attempt to reach a participant."""
    attempt = ContactAttempt(
        participant=participant,
        site_id=participant.site_id,
        way=way,
        tried_at=at,
        outcome=outcome.strip(),
        tried_by=by,
    )
    attempt.full_clean(exclude={"participant", "site", "tried_by"})
    attempt.save()
    return attempt


def sign(ending: Ending, *, by: User) -> Signature:
    """The investigator signs what ended, since when and why."""
    content = {
        "participant": ending.participant.subject_id,
        "ending": ending.code,
        "since": ending.ended_on,
        "reason": ending.reason,
        "state": ending.participant.state,
    }
    approved = Signature.Meaning.APPROVED
    return signing.sign(ending, by=by, meaning=approved, content=content)


def blood_withdrawn_on(participant: Participant) -> date | None:
    """Since when the stored blood is to be destroyed."""
    codes = [code for code, ending in ENDINGS.items() if ending.destroys_blood]
    first = participant.endings.filter(code__in=codes).first()
    return first.ended_on if first else None


def _held(participant: Participant) -> Participant:
    rows = Participant.objects.select_for_update(of=("self",)).select_related("site")
    return rows.get(pk=participant.pk)


def _recorded(participant: Participant) -> frozenset[str]:
    return frozenset(participant.endings.values_list("code", flat=True))


def _check(participant: Participant, codes: list[str], on: date) -> None:
    if on < participant.screened_on:
        raise ValidationError({"on": _("This is before the date of screening.")})
    # Consent and data may be withdrawn after the end, treatment and visits not.
    ends = [
        code
        for code in codes
        if ENDINGS[code].cancels_infusions and not ENDINGS[code].ends_data
    ]
    if ends and participant.state not in IN_THE_TRIAL:
        raise ValidationError(
            _("%(participant)s is %(state)s already."),
            code="state",
            params={
                "participant": participant,
                "state": participant.get_state_display(),
            },
        )
    if participant.infusions.filter(state=Infusion.State.RUNNING).exists():
        raise ValidationError(_("An infusion is running. Stop it first."), code="runs")
    _check_contacts(participant, codes)


def _check_contacts(participant: Participant, codes: list[str]) -> None:
    needed = max((ENDINGS[code].contacts for code in codes), default=0)
    tried = participant.contact_attempts.values_list("tried_at", flat=True)
    days = {timezone.localdate(at) for at in tried}
    if len(days) < needed:
        raise ValidationError(
            _("%(needed)s attempts on different days are needed; there are %(n)s."),
            code="contacts",
            params={"needed": needed, "n": len(days)},
        )


def _record(
    participant: Participant, code: str, on: date, reason: str, by: User
) -> Ending:
    row = Ending(
        participant=participant,
        site_id=participant.site_id,
        code=code,
        ended_on=on,
        reason=reason.strip()[:200],
        recorded_by=by,
    )
    row.full_clean(exclude={"participant", "site", "recorded_by"})
    row.save()
    return row


def _do(participant: Participant, codes: list[str], on: date, reason: str) -> None:
    """What the lines say, in the order in which one leaves something to the next."""
    lines = [ENDINGS[code] for code in codes]
    if any(line.cancels_infusions for line in lines):
        _cancel_infusions(participant, reason)
    if any(line.cancels_visits for line in lines):
        _cancel_visits(participant, reason)
    elif any(line.plans_follow_up for line in lines):
        _plan_follow_up(participant)
    if any(line.withdraws_consent for line in lines):
        for consent in participant.consents.filter(withdrawn_on=None):
            consent.withdrawn_on = max(on, consent.consented_on)
            consent.save(update_fields=["withdrawn_on"])
    state = state_after(codes)
    if state and participant.state in IN_THE_TRIAL:
        participant.state, participant.ended_on = state, on
        participant.end_reason = reason.strip()[:200]
        participant.full_clean()
        participant.save()


def _cancel_infusions(participant: Participant, reason: str) -> None:
    """Planned infusions are not given; the ratings that count from them are closed."""
    for infusion in participant.infusions.filter(state=Infusion.State.PLANNED):
        infusions.do_not_give(infusion, reason=reason)
    numbers = set(
        participant.infusions.filter(state=Infusion.State.NOT_GIVEN).values_list(
            "number", flat=True
        )
    )
    protocol = protocol_of(participant)
    for visit in participant.visits.filter(state=Visit.State.PLANNED):
        if visit.is_unscheduled:
            continue
        anchor = protocol.visit_type(visit.visit_type).anchor
        if anchor.event == "infusion" and anchor.number in numbers:
            _close(visit, reason)


def _cancel_visits(participant: Participant, reason: str) -> None:
    for visit in participant.visits.filter(state=Visit.State.PLANNED):
        _close(visit, reason)


def _close(visit: Visit, reason: str) -> None:
    """Closed because the person left: no deviation, nobody failed to do anything."""
    visit.mark_missed(reason)
    for form in visits.forms_of(visit):
        if form.completion in visits.OPEN_FORMS:
            forms.mark_missed(form, reason=reason)


def _plan_follow_up(participant: Participant) -> None:
    """The safety follow-up: the last visit of the protocol where it is still planned,
    else a visit of its own 14 days after the last infusion given."""
    last = protocol_of(participant).visits_of("patient")[-1]
    if participant.visits.filter(
        visit_type=last.code, state=Visit.State.PLANNED
    ).exists():
        return
    given = participant.infusions.exclude(started_at=None).order_by("-started_at")
    latest = given.first()
    if latest is None or latest.started_at is None:
        return
    visits.add_unscheduled(
        participant,
        on=timezone.localdate(latest.started_at) + timedelta(days=FOLLOW_UP_DAYS),
        reason=_("safety follow-up after the last infusion"),
        instruments=last.instruments,
    )
