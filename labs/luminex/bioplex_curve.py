"""The curve that Bio-Plex Manager prints under a table, as an equation in words."""

import math
import re
from typing import Final

from labs.luminex.plate import VendorCurve

_NUMBER: Final = r"([+-]?[0-9.]{1,40}(?:[eE][+-]?[0-9]{1,4})?)"
_EQUATION: Final = re.compile(
    rf"FI = {_NUMBER} \+ \({_NUMBER} ([+-]) {_NUMBER}\) / "
    rf"\(?\(1 \+ \(Conc / {_NUMBER}\)\^{_NUMBER}\)(?:\)\^{_NUMBER})?"
)


def read_equation(text: str, analyte: str, regression: str) -> VendorCurve | None:
    """The curve of `FI = A + (B - A) / ((1 + (Conc / C)^D))^F`, a 4PL without ^F.

    A negative A is written again with a plus. None where the text is no such curve.
    """
    found = _EQUATION.search(text)
    if not found:
        return None
    try:
        a, b, repeated, c, d = (float(found[group]) for group in (1, 2, 4, 5, 6))
        f = None if found[7] is None else float(found[7])
    except ValueError:
        return None
    again = repeated if found[3] == "-" else -repeated
    if again != a or not all(map(math.isfinite, (a, b, c, d, f or 0.0))):
        return None
    coefficients = {"A": a, "B": b, "C": c, "D": d}
    if f is not None:
        coefficients["F"] = f
    return VendorCurve(analyte, regression, coefficients, None, None, None, None)
