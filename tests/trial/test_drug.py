"""The ledger of ketamine: never below nothing, two people, what does not add up."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from records import signing
from tests.bedside import given, lot, person, prepared, through_the_gate
from trial import drug, preparing
from trial.models import Infusion, Movement, Participant

pytestmark = pytest.mark.django_db
K = Movement.Kind


@pytest.fixture
def infusion(patient: Participant) -> Infusion:
    return patient.infusions.get(number=1)


def test_a_given_infusion_leaves_its_way_in_the_ledger(infusion: Infusion) -> None:
    given(infusion, timezone.now() - timedelta(minutes=60))
    now = drug.balance(lot(infusion))
    assert (now.received, now.dispensed, now.on_shelf) == (20, 1, 19)
    assert (now.used_mg, now.open_mg) == (Decimal("30.00"), Decimal("170.00"))
    (found,) = drug.discrepancies(Movement.objects.select_related("lot", "infusion"))
    assert (found.infusion, found.mg) == (infusion, Decimal("170.00"))


def test_what_is_wasted_closes_the_vial(infusion: Infusion) -> None:
    given(infusion, timezone.now() - timedelta(minutes=60))
    drug.move(
        lot(infusion),
        K.WASTED,
        by=person("infusion_nurse"),
        witness=person("investigator"),
        infusion=infusion,
        mg=Decimal(170),
    )
    assert drug.balance(lot(infusion)).open_mg == 0
    assert drug.discrepancies(Movement.objects.select_related("lot", "infusion")) == []


def test_a_movement_is_signed_by_both(infusion: Infusion) -> None:
    row = lot(infusion).movements.get()
    people = {signature.person for signature in signing.standing_on(row)}
    assert people == {row.by, row.witness}


def test_a_lot_never_goes_below_nothing(infusion: Infusion) -> None:
    people: dict[str, Any] = {
        "by": person("infusion_nurse"),
        "witness": person("investigator"),
    }
    with pytest.raises(ValidationError, match="has 20 vials on the shelf"):
        drug.move(lot(infusion), K.RETURNED, vials=21, **people)
    row = Movement(
        lot=lot(infusion),
        site_id=infusion.site_id,
        kind=K.DESTROYED,
        vials=21,
        at=timezone.now(),
        **people,
    )
    with pytest.raises(IntegrityError, match="20 vials"), transaction.atomic():
        row.save()


def test_no_more_is_wasted_than_was_opened(infusion: Infusion) -> None:
    given(infusion, timezone.now() - timedelta(minutes=60))
    people: dict[str, Any] = {
        "by": person("infusion_nurse"),
        "witness": person("investigator"),
    }
    much = Decimal("170.01")
    with pytest.raises(ValidationError, match=r"170\.00 mg are left"):
        drug.move(lot(infusion), K.WASTED, infusion=infusion, mg=much, **people)
    row = Movement(
        lot=lot(infusion),
        site_id=infusion.site_id,
        kind=K.WASTED,
        infusion=infusion,
        mg=much,
        at=timezone.now(),
        **people,
    )
    with pytest.raises(IntegrityError, match="mg are left"), transaction.atomic():
        row.save()


def test_a_movement_without_a_second_person_is_refused(infusion: Infusion) -> None:
    nurse = person("infusion_nurse")
    with pytest.raises(ValidationError, match="needs a second person"):
        drug.move(lot(infusion), K.RECEIVED, by=nurse, witness=None, vials=1)
    with pytest.raises(ValidationError, match="must be another person"):
        drug.move(lot(infusion), K.RECEIVED, by=nurse, witness=nurse, vials=1)
    row = Movement(
        lot=lot(infusion),
        site_id=infusion.site_id,
        kind=K.RECEIVED,
        vials=1,
        at=timezone.now(),
        by=nurse,
        witness=nurse,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_line_of_the_ledger_is_never_changed(infusion: Infusion) -> None:
    row = lot(infusion).movements.get()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Movement.objects.filter(pk=row.pk).update(vials=30)


def test_an_expired_lot_is_not_drawn_from(infusion: Infusion) -> None:
    through_the_gate(infusion, timezone.now())
    shelf = lot(infusion)
    shelf.expires_on = timezone.localdate() - timedelta(days=1)
    shelf.save()
    with pytest.raises(ValidationError, match="expired"):
        preparing.prepare(infusion, shelf, by=person("infusion_nurse"))


def test_vials_leave_the_shelf_once(infusion: Infusion) -> None:
    through_the_gate(infusion, timezone.now())
    row = prepared(infusion)
    preparing.check(row, by=person("investigator"))
    preparing.check(row, by=person("investigator"))
    assert drug.balance(lot(infusion)).dispensed == 1
