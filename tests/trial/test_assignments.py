"""Who gives a participant's infusions never rates their MADRS, and the other way."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from assessments.instruments import INSTRUMENTS
from assessments.models import Assessment
from tests.cast import Cast
from trial.assignments import take
from trial.models import Assignment, Infusion, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
Duty = Assignment.Duty


def madrs() -> dict[str, str]:
    return {f"item_{item.code}": "1" for item in INSTRUMENTS["madrs"].items}


def start(client: Client, infusion: Infusion) -> int:
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    values = {"weight_kg": "60", "started_at": now}
    return client.post(f"/infusions/{infusion.pk}/start/", values).status_code


def test_the_first_act_assigns(as_: AsPerson, visit: Visit, cast: Cast) -> None:
    as_("rater").post(f"/visits/{visit.pk}/madrs/", madrs())
    start(as_("infusion_nurse"), visit.participant.infusions.get(number=1))
    assert list(Assignment.objects.values_list("person", "duty")) == [
        (cast["rater"].pk, "madrs_rater"),
        (cast["infusion_nurse"].pk, "infusion_nurse"),
    ]


def test_who_infused_is_refused_as_the_rater(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    take(visit.participant, cast["investigator"], Duty.INFUSION_NURSE)
    refused = as_("investigator").post(f"/visits/{visit.pk}/madrs/", madrs())
    assert refused.status_code == 422
    assert "Another person must rate MADRS" in refused.content.decode()
    assert not Assessment.objects.exists()


def test_who_rated_is_refused_as_the_nurse(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    take(visit.participant, cast["investigator"], Duty.MADRS_RATER)
    infusion = visit.participant.infusions.get(number=1)
    assert start(as_("investigator"), infusion) == 422
    infusion.refresh_from_db()
    assert infusion.state == Infusion.State.PLANNED


def test_the_same_duty_again_is_the_same_row(visit: Visit, cast: Cast) -> None:
    first = take(visit.participant, cast["rater"], Duty.MADRS_RATER)
    assert take(visit.participant, cast["rater"], Duty.MADRS_RATER) == first


def test_other_scales_are_nobodys_duty(as_: AsPerson, visit: Visit, cast: Cast) -> None:
    take(visit.participant, cast["investigator"], Duty.INFUSION_NURSE)
    sheet = {
        f"item_{item.code}": str(item.values[0]) for item in INSTRUMENTS["sfmpq"].items
    }
    done = as_("investigator").post(f"/visits/{visit.pk}/sfmpq/", sheet)
    assert done.status_code == 302


def test_two_duties_of_one_person_are_refused_by_the_form_and_by_the_database(
    visit: Visit, cast: Cast
) -> None:
    take(visit.participant, cast["rater"], Duty.MADRS_RATER)
    row = Assignment(
        participant=visit.participant,
        site=cast.site,
        person=cast["rater"],
        duty=Duty.INFUSION_NURSE,
    )
    with pytest.raises(ValidationError, match="may not rate"):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
