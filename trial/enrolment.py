"""From the first line of the screening log to the first planned infusion."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Site, User
from trial import consents, schedule
from trial.eligibility import Eligibility, eligibility
from trial.models import Ending, Participant, Screening, Visit


@transaction.atomic
def screen(site: Site, arm: str, *, on: date) -> Participant:
    """Open a line of the screening log; the number runs on by site."""
    Site.objects.select_for_update().get(pk=site.pk)
    number = site.participants.count() + 1
    participant = Participant(
        subject_id=f"{site.code}-{number:03}",
        site=site,
        arm=arm,
        protocol_version=consents.version_at(site, on),
        screened_on=on,
    )
    participant.full_clean()
    participant.save()
    schedule.replan(participant)
    return participant


def answers_of(participant: Participant) -> dict[str, bool | None]:
    return {line.criterion: line.fulfilled for line in participant.screenings.all()}


def judge(participant: Participant) -> Eligibility:
    """What the recorded answers say; consent given counts as its criterion."""
    answers = answers_of(participant)
    if participant.consents.filter(withdrawn_on=None).exists():
        answers["consent"] = True
    protocol = schedule.protocol_of(participant)
    return eligibility(protocol, schedule.arm_of(participant), answers)


@transaction.atomic
def record_criteria(
    participant: Participant, answers: Mapping[str, bool | None], *, by: User
) -> None:
    """Keep the answers to criteria; those unchanged leave no event."""
    _hold_in_screening(participant)
    kept = {line.criterion: line for line in participant.screenings.all()}
    protocol = schedule.protocol_of(participant)
    new: list[Screening] = []
    for line in protocol.criteria_of(schedule.arm_of(participant)):
        if line.code not in answers:
            continue
        fulfilled = answers[line.code]
        row = kept.get(line.code)
        if row is None:
            new.append(
                Screening(
                    participant=participant,
                    criterion=line.code,
                    fulfilled=fulfilled,
                    recorded_by=by,
                )
            )
        elif row.fulfilled != fulfilled:
            row.fulfilled, row.recorded_by = fulfilled, by
            row.save()
    Screening.objects.bulk_create(new)


@transaction.atomic
def fail_screening(participant: Participant, *, on: date, reason: str) -> None:
    """Close the line of the log: not eligible, with the reason."""
    _hold_in_screening(participant)
    participant.state = Participant.State.SCREEN_FAILED
    participant.ended_on, participant.end_reason = on, reason.strip()[:200]
    participant.full_clean()
    participant.save()


@transaction.atomic
def enrol(
    participant: Participant, *, on: date, first_infusion_on: date | None = None
) -> None:
    """Enrol an eligible, consenting person; patients get their six infusions planned.

    ValidationError says what is missing: a criterion, the baseline, the date of the
    first infusion.
    """
    _hold_in_screening(participant)
    _must_be_eligible(participant)
    if not hasattr(participant, "baseline"):
        raise ValidationError(
            _("Enter the baseline characteristics first."), code="no_baseline"
        )
    is_patient = participant.arm == Participant.Arm.PATIENT
    if is_patient and (first_infusion_on is None or first_infusion_on < on):
        raise ValidationError(
            {
                "first_infusion_on": _(
                    "Give the date of the first infusion, on or after enrolment."
                )
            }
        )
    participant.state, participant.enrolled_on = Participant.State.ENROLLED, on
    participant.full_clean()
    participant.save()
    if is_patient and first_infusion_on is not None:
        schedule.plan_infusions(participant, first_infusion_on)
    else:
        schedule.replan(participant)


@transaction.atomic
def complete(participant: Participant, *, on: date, by: User) -> None:
    """The course is over: everything that the protocol asks for is done or closed."""
    if participant.state != Participant.State.ENROLLED:
        raise ValidationError(
            _("Only who is enrolled can complete the trial."), code="state"
        )
    if participant.visits.filter(state=Visit.State.PLANNED).exists():
        raise ValidationError(
            _("A visit is still open: enter it, or mark it missed."), code="open_visit"
        )
    participant.state, participant.ended_on = Participant.State.COMPLETED, on
    participant.full_clean()
    participant.save()
    Ending.objects.create(
        participant=participant,
        site_id=participant.site_id,
        code="completed",
        ended_on=on,
        recorded_by=by,
    )


def _hold_in_screening(participant: Participant) -> None:
    """Lock the row, so that two people do not close one line of the log."""
    participant.refresh_from_db(
        from_queryset=Participant.objects.select_for_update(of=("self",))
    )
    if participant.state != Participant.State.SCREENING:
        raise ValidationError(
            _("%(participant)s is %(state)s already."),
            code="state",
            params={
                "participant": participant,
                "state": participant.get_state_display(),
            },
        )


def _must_be_eligible(participant: Participant) -> None:
    found = judge(participant)
    if found.eligible:
        return
    lines = found.failed or found.unanswered
    text = (
        _("Not eligible: %(lines)s.")
        if found.failed
        else _("Not answered yet: %(lines)s.")
    )
    raise ValidationError(
        text,
        code="not_eligible",
        params={"lines": "; ".join(_(x.words) for x in lines)},
    )
