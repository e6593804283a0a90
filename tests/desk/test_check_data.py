"""The checks of every room over real rows: found, mended, asked again."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.models import Answer
from desk import check_data
from labs.drawing import draw
from records.models import Job, Query
from tests.bedside import given, started
from tests.cast import Cast
from trial.models import Baseline, Infusion, Participant, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
ALIKE = {f"item_MADRS1{n:02}": "3" for n in range(1, 11)}


def asking() -> set[str]:
    return set(
        Query.objects.exclude(state="closed").values_list("check_code", flat=True)
    )


def test_a_save_asks_in_its_own_transaction_and_a_correction_closes_the_question(
    as_: AsPerson, visit: Visit
) -> None:
    url = f"/visits/{visit.pk}/madrs/"
    as_("rater").post(url, ALIKE)
    assert "identical_answers" in asking()
    page = as_("rater").get(url).content.decode()
    assert "question is open about this form" in page or "questions are open" in page
    mended = ALIKE | {"item_MADRS104": "4", "version": "1", "reason": "slip"}
    as_("rater").post(url, mended)
    query = Query.objects.get(check_code="identical_answers")
    assert (query.state, query.closed_by) == ("closed", None)


def test_a_hard_check_refuses_completing_and_never_a_draft(
    as_: AsPerson, patient: Participant
) -> None:
    first = patient.infusions.get(number=1)
    started(first, timezone.now() + timedelta(hours=1))
    day2 = patient.visits.get(visit_type="day2")
    url = f"/visits/{day2.pk}/madrs/"
    assert as_("rater").post(f"{url}draft/", ALIKE).status_code == 200
    response = as_("rater").post(url, ALIKE)
    assert response.status_code == 422
    assert "before infusion 1 started" in response.content.decode()
    assert not Answer.objects.exists()


def test_a_check_over_everything_finds_what_came_in_by_plain_sql(
    as_: AsPerson, visit: Visit
) -> None:
    as_("rater").post(f"/visits/{visit.pk}/madrs/", ALIKE | {"item_MADRS101": "4"})
    assert "identical_answers" not in asking()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_answer SET value = 3")
    said = StringIO()
    call_command("check_data", stdout=said)
    assert "identical_answers" in asking()
    assert "1 participants checked" in said.getvalue()
    assert check_data.check() == 0


def test_starting_an_infusion_asks_about_weight_hours_and_the_missing_baseline(
    patient: Participant,
) -> None:
    first, second = patient.infusions.filter(number__lte=2).order_by("number")
    at = timezone.localtime().replace(hour=23, minute=0)
    given(first, at)
    assert "infusion_outside_hours" in asking()
    started(second, at + timedelta(days=2), "80")
    assert "weight_jump" in asking()
    assert "baseline_missing" not in asking()
    kinds = set(Job.objects.values_list("kind", flat=True))
    assert "desk.tasks.check_participant" in kinds
    check_data.check_participant(Job(argument=patient.pk))
    assert "baseline_missing" in asking()


def test_other_rooms_are_checked_too(
    patient: Participant, visit: Visit, cast: Cast
) -> None:
    consented = patient.consents.get().consented_on
    early = timezone.now() - timedelta(days=9)
    assert early.date() < consented
    draw(visit, cast.laboratory, at=early)
    assert "draw_before_consent" in asking()
    later = patient.visits.get(visit_type="day13")
    later.attend(timezone.now() + timedelta(days=90))
    check_data.check()
    assert {"specimen_missing_reason", "visit_far_off"} <= asking()


def test_an_impossible_baseline_is_refused_with_its_words(
    as_: AsPerson, patient: Participant
) -> None:
    from tests.cast import BASELINE

    Baseline.objects.all().delete()
    typed = {name: str(value) for name, value in BASELINE.items()}
    typed |= {"version": "0", "birth_year": "2020", "education_years": "12"}
    url = f"/participants/{patient.subject_id}/baseline/"
    response = as_("coordinator").post(url, typed)
    assert response.status_code == 422
    assert "12 years of education at an age of" in response.content.decode()
    assert not Baseline.objects.exists()


def test_the_number_of_queries_does_not_grow_with_participants(
    patient: Participant,
    cast: Cast,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    from tests.cast import enrolled

    for days in range(3):
        enrolled(cast, first_infusion_in_days=days)
    assert Infusion.objects.count() > 6
    with django_assert_max_num_queries(24):
        check_data.check()
