"""Screening, consent and enrolment: what must be true, and what follows."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.cast import BASELINE, Cast, enrolled
from trial import consents, enrolment, schedule
from trial.models import Baseline, Consent, Participant, Visit

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def control_ready(cast: Cast) -> Participant:
    """A healthy control of whom everything but the enrolment is there."""
    person = cast["coordinator"]
    participant = enrolment.screen(cast.site, "control", on=DAY)
    protocol = schedule.protocol_of(participant)
    said = {
        line.code: line.kind == "inclusion" for line in protocol.criteria_of("control")
    }
    del said["consent"]
    enrolment.record_criteria(participant, said, by=person)
    consents.give(participant, "1.0", on=DAY, stored_blood=True, by=person)
    facts = {k: v for k, v in BASELINE.items() if k not in ILLNESS}
    Baseline.objects.create(participant=participant, **facts)
    return participant


ILLNESS = {
    "illness_months",
    "psychiatric_comorbidity",
    "family_history",
    "antidepressant_dose_mg_day",
    "antipsychotic",
    "mood_stabiliser",
    "benzodiazepine",
}


def test_numbers_run_on_by_site(cast: Cast) -> None:
    made = [
        enrolment.screen(site, "patient", on=DAY).subject_id
        for site in (cast.site, cast.other_site, cast.site)
    ]
    assert made == ["GZ-001", "FS-001", "GZ-002"]


def test_an_unknown_arm_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="not a valid choice"):
        enrolment.screen(cast.site, "placebo", on=DAY)
    assert not Participant.objects.exists()


def test_a_screened_patient_has_the_screening_visit_with_its_form(cast: Cast) -> None:
    participant = enrolment.screen(cast.site, "patient", on=DAY)
    assert participant.visits.get(visit_type="screening").planned_on == DAY


def test_consent_given_counts_as_its_criterion(cast: Cast) -> None:
    participant = enrolment.screen(cast.site, "patient", on=DAY)
    unanswered = [line.code for line in enrolment.judge(participant).unanswered]
    assert "consent" in unanswered
    person = cast["coordinator"]
    consents.give(participant, "1.0", on=DAY, stored_blood=False, by=person)
    unanswered = [line.code for line in enrolment.judge(participant).unanswered]
    assert "consent" not in unanswered


def test_a_withdrawn_consent_does_not_count(cast: Cast) -> None:
    participant = control_ready(cast)
    Consent.objects.update(withdrawn_on=DAY)
    with pytest.raises(ValidationError, match="informed consent"):
        enrolment.enrol(participant, on=DAY)


def test_a_control_is_enrolled_without_an_infusion(cast: Cast) -> None:
    participant = control_ready(cast)
    enrolment.enrol(participant, on=DAY)
    assert participant.state == "enrolled"
    assert not participant.infusions.exists()
    assert participant.visits.get(visit_type="control").planned_on == DAY


@pytest.mark.clause(
    "11.10(f)",
    "nobody is enrolled before the steps that come first",
)
def test_the_baseline_comes_before_enrolment(cast: Cast) -> None:
    participant = control_ready(cast)
    Baseline.objects.all().delete()
    with pytest.raises(ValidationError, match="Enter the baseline"):
        enrolment.enrol(participant, on=DAY)


def test_a_patient_is_not_enrolled_with_a_first_infusion_before(cast: Cast) -> None:
    patient = enrolled(cast, first_infusion_in_days=0)
    Participant.objects.update(state="screening", enrolled_on=None)
    with pytest.raises(ValidationError) as refusal:
        enrolment.enrol(patient, on=DAY, first_infusion_on=DAY - timedelta(days=1))
    assert set(refusal.value.message_dict) == {"first_infusion_on"}


def test_a_row_read_before_another_closed_the_screening_enrols_nobody(
    cast: Cast,
) -> None:
    participant = control_ready(cast)
    stale = Participant.objects.get(pk=participant.pk)
    enrolment.fail_screening(participant, on=DAY, reason="hypertension")
    assert stale.state == "screening"
    with pytest.raises(ValidationError, match="not eligible already"):
        enrolment.enrol(stale, on=DAY)


def test_nobody_completes_the_trial_with_an_open_visit(cast: Cast) -> None:
    patient = enrolled(cast, first_infusion_in_days=0)
    today = timezone.localdate()
    with pytest.raises(ValidationError, match="A visit is still open"):
        enrolment.complete(patient, on=today, by=cast["coordinator"])
    for visit in patient.visits.exclude(state=Visit.State.ATTENDED):
        visit.mark_missed("moved away")
    enrolment.complete(patient, on=today, by=cast["coordinator"])
    assert (patient.state, patient.ended_on) == ("completed", today)


def test_enrolled_without_a_date_is_refused_by_the_form_and_by_the_database(
    cast: Cast,
) -> None:
    participant = enrolment.screen(cast.site, "patient", on=DAY)
    participant.state = Participant.State.ENROLLED
    with pytest.raises(ValidationError, match="Enrolled needs the date"):
        participant.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        participant.save()


def test_failed_without_a_reason_is_refused_by_the_form_and_by_the_database(
    cast: Cast,
) -> None:
    participant = enrolment.screen(cast.site, "patient", on=DAY)
    participant.state, participant.ended_on = Participant.State.SCREEN_FAILED, DAY
    with pytest.raises(ValidationError, match="its reason"):
        participant.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        participant.save()
