"""Arguments of a call that are out of their range, refused with the way out."""

import numbers
from collections.abc import Sequence

import numpy as np


def is_number(value: object) -> bool:
    """Whether a value is a real number and not a flag."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_)


def refuse_option(value: object, name: str, options: Sequence[str]) -> None:
    """Refuse an option that the function does not know."""
    if value not in options:
        known = ", ".join(f"'{option}'" for option in options)
        raise ValueError(
            f"{name} is {value!r}, which is not known; use one of {known}."
        )


def refuse_confidence(confidence: float) -> None:
    """Refuse a confidence level outside 0 to 1."""
    if not (is_number(confidence) and 0 < confidence < 1):
        raise ValueError(
            f"confidence is {confidence!r}; give a share between 0 and 1, such as 0.95."
        )


def refuse_share(value: float, name: str) -> None:
    """Refuse a probability that is not strictly between 0 and 1."""
    if not (is_number(value) and 0 < value < 1):
        raise ValueError(
            f"{name} is {value!r}; give a probability above 0 and below 1."
        )


def refuse_sides(sides: int) -> None:
    """Refuse anything but one or two sides."""
    if not is_number(sides) or sides not in (1, 2):
        raise ValueError(f"sides is {sides!r}; a test has 1 side or 2 sides.")


def refuse_power(power: float, a: float) -> None:
    """Refuse a power that is no probability or not above the error of one side."""
    refuse_share(power, "power")
    if power <= a:
        raise ValueError(
            f"power is {power!r}, not above the error of one side, {a:g}, which a "
            "trial without any effect has; ask for more power or a smaller alpha."
        )
