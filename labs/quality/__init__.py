"""Quality rules of a plate, as data, and what they find.

Pure: no Django. A rule says what it found, never what is done about it: a person
accepts or rejects.
"""

from labs.quality.findings import (
    Assay,
    Finding,
    Reading,
    Verdict,
    analyte_verdict,
    cv_percent,
    findings_of,
    is_used,
    plate_verdict,
)
from labs.quality.rules import DEFAULTS, LIMITS, PAIRS, RULES, Limit, Limits, Rule

__all__ = [
    "DEFAULTS",
    "LIMITS",
    "PAIRS",
    "RULES",
    "Assay",
    "Finding",
    "Limit",
    "Limits",
    "Reading",
    "Rule",
    "Verdict",
    "analyte_verdict",
    "cv_percent",
    "findings_of",
    "is_used",
    "plate_verdict",
]
