"""Dose, volume, rate and what was given, with their rounding."""

from decimal import Decimal

import pytest

from trial.dose import dose_mg, given_mg, rate_ml_per_h, vials_for, volume_ml

HALF = Decimal("0.5")


def test_the_dose_is_half_a_mg_per_kg() -> None:
    assert dose_mg(HALF, Decimal("62.5")) == Decimal("31.25")
    assert dose_mg(HALF, Decimal("70.1")) == Decimal("35.05")


def test_half_a_hundredth_is_rounded_up() -> None:
    assert dose_mg(Decimal("0.45"), Decimal("60.3")) == Decimal("27.14")  # 27.135
    assert volume_ml(Decimal("30.05"), Decimal(10)) == Decimal("3.01")  # 3.005


def test_no_weight_is_no_dose() -> None:
    with pytest.raises(ValueError, match="weight must be above 0"):
        dose_mg(HALF, Decimal(0))


def test_volume_and_rate_follow_from_dose_and_concentration() -> None:
    volume = volume_ml(Decimal("31.25"), Decimal(10))
    assert volume == Decimal("3.13")
    assert rate_ml_per_h(volume, 40) == Decimal("4.7")  # 4.695


def test_no_concentration_no_time_and_no_vial_are_refused() -> None:
    with pytest.raises(ValueError, match="concentration"):
        volume_ml(Decimal(30), Decimal(0))
    with pytest.raises(ValueError, match="longer than 0 minutes"):
        rate_ml_per_h(Decimal(30), 0)
    with pytest.raises(ValueError, match="longer than 0 minutes"):
        given_mg(Decimal(30), 60, 0)
    with pytest.raises(ValueError, match="more than 0 mg"):
        vials_for(Decimal(30), Decimal(0))


@pytest.mark.parametrize(
    ("seconds", "mg"),
    [(0, "0.00"), (-5, "0.00"), (1200, "15.00"), (2400, "30.00"), (9000, "30.00")],
)
def test_what_was_given_follows_from_the_running_time(seconds: int, mg: str) -> None:
    assert given_mg(Decimal(30), seconds, 40) == Decimal(mg)


@pytest.mark.parametrize(
    ("dose", "vials"), [("30", 1), ("200", 1), ("200.01", 2), ("0.01", 1)]
)
def test_a_begun_vial_is_a_vial(dose: str, vials: int) -> None:
    assert vials_for(Decimal(dose), Decimal(200)) == vials
