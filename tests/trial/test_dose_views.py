"""Pages of the gate's exceptions, the dose, and the ledger: passwords and refusals."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.bedside import gate_values, lot, prepared, through_the_gate
from tests.cast import Cast
from trial import drug, gate
from trial.models import Infusion, Movement, Participant

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
SECRET = "ketamine-and-rain"


@pytest.fixture
def infusion(patient: Participant) -> Infusion:
    return patient.infusions.get(number=1)


@pytest.fixture
def signers(cast: Cast, totp: Callable[[User], None]) -> Cast:
    """Nurse and investigator have a password and one-time codes."""
    for name in ("infusion_nurse", "investigator"):
        cast[name].set_password(SECRET)
        cast[name].save()
        totp(cast[name])
    return cast


def url(infusion: Infusion, act: str) -> str:
    return f"/infusions/{infusion.pk}/{act}/"


def test_the_second_person_signs_on_the_page_of_the_first(
    as_: AsPerson, infusion: Infusion, signers: Cast
) -> None:
    through_the_gate(infusion, timezone.now())
    row = prepared(infusion)
    nurse, second = as_("infusion_nurse"), signers["investigator"]
    wrong = nurse.post(
        url(infusion, "dose/check"), {"person": second.pk, "password": "guess"}
    )
    assert wrong.status_code == 422
    assert not infusion.preparations.exclude(checked_by=None).exists()
    right = {"person": second.pk, "password": SECRET}
    for _again in range(2):
        nurse.post(url(infusion, "dose/check"), right)
    row.refresh_from_db()
    assert row.checked_by == second
    assert infusion.movements.count() == 1


def test_who_prepared_it_cannot_be_chosen_as_the_second_person(
    as_: AsPerson, infusion: Infusion, signers: Cast
) -> None:
    through_the_gate(infusion, timezone.now())
    row = prepared(infusion)
    own = {"person": row.prepared_by.pk, "password": SECRET}
    nurse = as_("infusion_nurse")
    assert nurse.post(url(infusion, "dose/check"), own).status_code == 422
    confirm = nurse.post(url(infusion, "dose/confirm"), {"password": SECRET})
    assert confirm.status_code == 422
    assert "must be another person" in confirm.content.decode()


def test_the_second_person_signs_from_their_own_session(
    as_: AsPerson, infusion: Infusion, signers: Cast
) -> None:
    through_the_gate(infusion, timezone.now())
    row = prepared(infusion)
    as_("investigator").post(url(infusion, "dose/confirm"), {"password": SECRET})
    row.refresh_from_db()
    assert row.checked_by == signers["investigator"]


def test_an_exception_is_signed_with_the_password(
    as_: AsPerson, infusion: Infusion, signers: Cast
) -> None:
    gate.record(infusion, gate_values(timezone.now()) | {"systolic_mmhg": 165})
    said = {"line": "pressure", "reason": "white coat", "password": "guess"}
    doctor = as_("investigator")
    assert doctor.post(url(infusion, "gate/exception"), said).status_code == 422
    assert not infusion.exceptions.exists()
    doctor.post(url(infusion, "gate/exception"), said | {"password": SECRET})
    assert infusion.exceptions.get().granted_by == signers["investigator"]


def test_a_movement_of_vials_needs_both_passwords(
    as_: AsPerson, infusion: Infusion, signers: Cast
) -> None:
    shelf = lot(infusion)
    typed = {
        "kind": "received",
        "vials": "5",
        "note": "=1+1",
        "person": signers["investigator"].pk,
        "password": SECRET,
        "own_password": "guess",
    }
    nurse, path = as_("infusion_nurse"), f"/ketamine/lots/{shelf.pk}/move/"
    refused = nurse.post(path, typed)
    assert refused.status_code == 422
    assert 'value="5"' in refused.content.decode()
    nurse.post(path, typed | {"own_password": SECRET})
    assert drug.balance(shelf).on_shelf == 25
    assert Movement.objects.get(vials=5).witness == signers["investigator"]
    assert "'=1+1" in nurse.get("/ketamine/ledger.csv").content.decode()


def test_another_sites_nurse_finds_no_lot(as_: AsPerson, infusion: Infusion) -> None:
    shelf = lot(infusion)
    nurse = as_("other_infusion_nurse")
    assert nurse.post(f"/ketamine/lots/{shelf.pk}/move/").status_code == 404
    assert shelf.code not in nurse.get("/ketamine/").content.decode()
