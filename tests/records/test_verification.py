"""Seen in the source: by field, undone by exactly the change that touches it."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from desk.form_fields import fields_of
from records import verification
from records.models import Form, Verification, VerificationPlan
from tests.cast import Cast
from trial.models import Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
WHOLE = {f"item_MADRS1{n:02}": str(n % 5) for n in range(1, 11)}


@pytest.fixture
def form(visit: Visit, as_: AsPerson) -> Form:
    as_("rater").post(f"/visits/{visit.pk}/madrs/", WHOLE)
    return Form.objects.get(about_id=visit.pk, code="madrs")


def verify(form: Form, cast: Cast) -> int:
    seen = [one.seen for one in fields_of(form)]
    return verification.verify(form, seen, by=cast["monitor"])


def test_a_field_is_verified_once(form: Form, cast: Cast) -> None:
    assert verify(form, cast) == 11
    assert verify(form, cast) == 0
    assert len(verification.standing(form)) == 11


def test_plain_sql_undoes_exactly_the_field_that_it_touches(
    form: Form, cast: Cast
) -> None:
    verify(form, cast)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessments_answer SET value = 6 WHERE item = 'MADRS104'"
        )
        cursor.execute("UPDATE assessments_assessment SET language = 'en'")
    undone = Verification.objects.exclude(undone_at=None)
    assert [row.field for row in undone] == ["MADRS104"]
    assert verify(form, cast) == 1


def test_a_correction_on_the_page_undoes_the_item_and_the_time_of_rating(
    form: Form, cast: Cast, as_: AsPerson, visit: Visit
) -> None:
    verify(form, cast)
    again = WHOLE | {"item_MADRS104": "6", "version": "1", "reason": "slip"}
    as_("rater").post(f"/visits/{visit.pk}/madrs/", again)
    undone = Verification.objects.exclude(undone_at=None)
    assert {row.field for row in undone} == {"MADRS104", "rated_at"}


def test_only_a_complete_form_is_verified(visit: Visit, cast: Cast) -> None:
    form = Form.objects.get(about_id=visit.pk, code="sfmpq")
    with pytest.raises(ValidationError, match="Only a complete form"):
        verification.verify(form, [], by=cast["monitor"])


@pytest.mark.parametrize(
    ("plan", "place", "field", "asked"),
    [
        ({"kind": "all"}, 3, "MADRS101", True),
        ({"kind": "critical", "critical": ["madrs.MADRS110"]}, 0, "MADRS110", True),
        ({"kind": "critical", "critical": ["madrs.MADRS110"]}, 0, "MADRS101", False),
        ({"kind": "critical", "critical": ["madrs"]}, 0, "MADRS101", True),
        ({"kind": "nth", "every": 4}, 4, "MADRS101", True),
        ({"kind": "nth", "every": 4}, 5, "MADRS101", False),
    ],
)
def test_the_plan_says_which_fields_are_asked_for(
    plan: dict[str, object], place: int, field: str, asked: bool
) -> None:
    assert VerificationPlan(**plan).asks("madrs", field, place) is asked


def test_every_nth_without_a_number_is_refused_by_the_form_and_by_the_database(
    cast: Cast,
) -> None:
    plan = VerificationPlan(kind="nth", reason="risk", set_by=cast["data_manager"])
    with pytest.raises(ValidationError, match="needs a number of 2 or more"):
        plan.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.save()


def test_the_newest_plan_is_in_force(cast: Cast) -> None:
    assert verification.plan_in_force().kind == "all"
    for kind in ("all", "critical"):
        VerificationPlan.objects.create(
            kind=kind, reason="risk", set_by=cast["data_manager"]
        )
    assert verification.plan_in_force().kind == "critical"
