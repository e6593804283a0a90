"""The rows of a course follow from the protocol, and follow again when facts change."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Holiday
from records.models import Event, Form
from tests.bedside import started
from tests.cast import Cast, enrolled
from trial import schedule
from trial.models import Participant, Visit

pytestmark = pytest.mark.django_db


def next_monday() -> int:
    """In how many days the next Monday is."""
    return 7 - timezone.localdate().weekday()


def test_from_a_monday_six_infusions_stand_on_three_days_a_week(cast: Cast) -> None:
    patient = enrolled(cast, first_infusion_in_days=next_monday())
    days = [i.planned_on for i in patient.infusions.order_by("number")]
    assert [(day - days[0]).days for day in days] == [0, 2, 4, 7, 9, 11]


def test_a_holiday_gets_no_infusion(cast: Cast) -> None:
    on = timezone.localdate() + timedelta(days=2)
    Holiday.objects.create(site=cast.site, on=on, name="holiday")
    patient = enrolled(cast, first_infusion_in_days=0)
    assert on not in set(patient.infusions.values_list("planned_on", flat=True))


def test_each_visit_comes_with_the_forms_that_it_needs(patient: Participant) -> None:
    forms: dict[str, set[str]] = {}
    for visit in patient.visits.all():
        rows = Form.objects.filter(about_id=visit.pk, participant_id=patient.pk)
        forms[visit.visit_type] = set(rows.values_list("code", flat=True))
    assert forms["screening"] == {"hamd17"}
    assert forms["baseline"] == forms["day26"] == {"madrs", "sfmpq"}
    assert forms["day2"] == {"madrs", "vas"}


def test_planning_again_without_a_new_fact_writes_nothing(
    patient: Participant,
) -> None:
    before = Event.objects.count()
    schedule.replan(patient)
    assert Event.objects.count() == before


def test_what_was_attended_keeps_its_window(patient: Participant) -> None:
    visit = patient.visits.get(visit_type="baseline")
    visit.attend(timezone.now())
    window = (visit.window_opens, visit.window_closes)
    first = patient.infusions.get(number=1)
    started(first, timezone.now())
    visit.refresh_from_db()
    assert (visit.window_opens, visit.window_closes) == window


def test_a_moved_infusion_moves_those_after_it(cast: Cast) -> None:
    patient = enrolled(cast, first_infusion_in_days=next_monday())
    second = patient.infusions.get(number=2)
    schedule.move_infusion(second, second.planned_on + timedelta(days=1))
    days = [i.planned_on for i in patient.infusions.order_by("number")]
    assert [(day - days[0]).days for day in days] == [0, 3, 7, 9, 11, 14]
    assert all((b - a).days >= 2 for a, b in pairwise(days))


def test_an_infusion_is_not_moved_to_the_day_after_another(cast: Cast) -> None:
    patient = enrolled(cast, first_infusion_in_days=next_monday())
    second = patient.infusions.get(number=2)
    with pytest.raises(ValidationError, match="too near"):
        schedule.move_infusion(second, second.planned_on - timedelta(days=1))


def test_what_runs_is_not_moved(patient: Participant) -> None:
    first = patient.infusions.get(number=1)
    started(first, timezone.now())
    with pytest.raises(ValidationError, match="Only a planned infusion"):
        schedule.move_infusion(first, first.planned_on + timedelta(days=1))


def test_attending_twice_keeps_the_first_time(visit: Visit) -> None:
    first = timezone.now()
    visit.attend(first)
    visit.attend(first + timedelta(hours=1))
    visit.refresh_from_db()
    assert visit.attended_at == first


def test_missed_without_a_reason_is_refused_by_the_form_and_by_the_database(
    visit: Visit,
) -> None:
    with pytest.raises(ValidationError, match="a missed one its reason"):
        visit.mark_missed("  ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=visit.pk).update(state=Visit.State.MISSED)


def test_a_visit_is_planned_once_a_type(visit: Visit) -> None:
    again = Visit(
        participant=visit.participant,
        site=visit.site,
        visit_type=visit.visit_type,
        planned_on=date(2026, 3, 2),
    )
    with pytest.raises(ValidationError):
        again.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
