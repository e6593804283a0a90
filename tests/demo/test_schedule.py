"""What does not go as planned in the demo."""

from datetime import timedelta

import pytest
from django.utils import timezone

from trial.consents import to_consent_again
from trial.deviations import acknowledged
from trial.models import Deviation, Ending, Infusion, Participant, Visit

pytestmark = pytest.mark.usefixtures("demo_trial")


def test_an_infusion_is_moved_a_visit_missed_and_blood_withdrawn() -> None:
    open_courses = Participant.objects.filter(state="enrolled")
    moved = Infusion.objects.filter(participant__in=open_courses, number=4)
    third = {
        i.participant_id: i.planned_on
        for i in Infusion.objects.filter(participant__in=open_courses, number=3)
    }
    gaps = {row.planned_on - third[row.participant_id] for row in moved}
    assert timedelta(days=4) in gaps
    missed = Visit.objects.get(state="missed")
    assert missed.is_unscheduled
    assert Ending.objects.exclude(code="completed").get().code == "blood"


def test_the_log_holds_lines_of_people_and_of_the_system() -> None:
    rows = Deviation.objects.filter(void_reason="")
    assert {row.recorded_by is None for row in rows} == {True, False}
    assert rows.filter(acknowledged()).exists()
    assert rows.filter(~acknowledged()).exists()
    assert not rows.filter(kind="window")


def test_where_version_1_1_is_in_force_somebody_has_to_consent_again() -> None:
    lines = to_consent_again(Participant.objects.all(), timezone.localdate())
    assert lines
    assert {row.site.code for row, _version in lines} == {"02"}
