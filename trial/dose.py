"""The arithmetic of a dose: mg from the weight, mL from the lot, mL/h for the pump.

Every number is rounded half up, once, from the rounded number before it: the person
who checks with pencil and paper meets the same digits.
"""

import math
from decimal import ROUND_HALF_UP, Decimal


def dose_mg(mg_per_kg: Decimal, weight_kg: Decimal) -> Decimal:
    """Dose in mg for a weight in kg, to 0.01 mg. ValueError for no weight."""
    if weight_kg <= 0:
        raise ValueError("the weight must be above 0 kg")
    return rounded(mg_per_kg * weight_kg, "0.01")


def volume_ml(dose: Decimal, concentration_mg_per_ml: Decimal) -> Decimal:
    """Volume in mL that holds `dose` mg, to 0.01 mL. ValueError for no drug."""
    if concentration_mg_per_ml <= 0:
        raise ValueError("the concentration must be above 0 mg/mL")
    return rounded(dose / concentration_mg_per_ml, "0.01")


def rate_ml_per_h(volume: Decimal, minutes: int) -> Decimal:
    """Rate of the pump that gives `volume` mL in `minutes`, to 0.1 mL/h."""
    if minutes <= 0:
        raise ValueError("an infusion lasts longer than 0 minutes")
    return rounded(volume * 60 / minutes, "0.1")


def given_mg(dose: Decimal, running_seconds: float, minutes: int) -> Decimal:
    """What the pump gave of `dose` in its running time, to 0.01 mg; never more."""
    if minutes <= 0:
        raise ValueError("an infusion lasts longer than 0 minutes")
    share = min(Decimal(1), max(Decimal(0), Decimal(running_seconds) / (minutes * 60)))
    return rounded(dose * share, "0.01")


def vials_for(dose: Decimal, vial_mg: Decimal) -> int:
    """How many vials must be opened for `dose` mg."""
    if vial_mg <= 0:
        raise ValueError("a vial holds more than 0 mg")
    return math.ceil(dose / vial_mg)


def rounded(value: Decimal, step: str) -> Decimal:
    return value.quantize(Decimal(step), rounding=ROUND_HALF_UP)
