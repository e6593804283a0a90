"""Standard curves of immunoassays: fitted by us, or recomputed from the vendor's.

Pure: numbers in, a frozen curve out. No Django, no database, no network.
"""

from labs.curves.equation import HasCoefficients, vendor_concentration
from labs.curves.standard import Curve, fit_curve, quantifiable_range

__all__ = [
    "Curve",
    "HasCoefficients",
    "fit_curve",
    "quantifiable_range",
    "vendor_concentration",
]
