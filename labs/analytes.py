"""The trial's 19 analytes: CDISC code, name, and how files spell them."""

import re
import unicodedata

# LBTESTCD of CDISC terminology; fractalkine and the chemokines by their gene names.
ANALYTES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("CXCL11", "ITAC", ("I-TAC", "CXCL11")),
    ("GMCSF", "GM-CSF", ("CSF2",)),
    ("CX3CL1", "fractalkine", ("CX3CL1",)),
    ("IFNG", "IFN-γ", ("IFN-g", "IFN-gamma", "IFNg")),
    ("INTLK10", "IL-10", ()),
    ("CCL20", "MIP-3α", ("MIP-3a", "MIP-3alpha", "CCL20")),
    ("INTLK12", "IL-12p70", ("IL-12(p70)", "IL-12 p70")),
    ("INTLK13", "IL-13", ()),
    ("INTLK17", "IL-17A", ("IL-17α", "IL-17")),
    ("INTLK1B", "IL-1β", ("IL-1b", "IL-1beta")),
    ("INTLK2", "IL-2", ()),
    ("INTLK4", "IL-4", ()),
    ("INTLK23", "IL-23", ()),
    ("INTLK5", "IL-5", ()),
    ("INTLK6", "IL-6", ()),
    ("INTLK7", "IL-7", ()),
    ("INTLK8", "IL-8", ("CXCL8",)),
    ("MIP1B", "MIP-1β", ("MIP-1b", "MIP-1beta", "CCL4")),
    ("TNF", "TNF-α", ("TNF-a", "TNFa", "TNF-alpha", "TNF")),
)

_GREEK = str.maketrans({"α": "a", "β": "b", "γ": "g"})


def spelling(name: str) -> str:
    """How names are compared: IL-17α, IL-17A, il17a and `IL-17A (42)` are one.

    Greek letters become Latin ones; a bead region in brackets, case, spaces and
    hyphens do not count.
    """
    plain = unicodedata.normalize("NFKC", name).translate(_GREEK).lower()
    plain = re.sub(r"\(\s*\d+\s*\)\s*$", "", plain)
    return re.sub(r"[^a-z0-9]", "", plain)
