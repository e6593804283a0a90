"""The rating scales of the trial as plain values: no Django, no database.

`INSTRUMENTS["madrs"]` is a scale, `score(scale, answers)` its totals, and
`problems(scale, answers)` what is wrong with the answers.
"""

from collections.abc import Mapping
from types import MappingProxyType

from assessments.instruments.bprs_positive import BPRS_POSITIVE
from assessments.instruments.cadss import CADSS
from assessments.instruments.cssrs import CSSRS_BASELINE, CSSRS_SINCE_LAST_VISIT
from assessments.instruments.definition import Alert, Answers, Instrument, Item, Total
from assessments.instruments.hamd17 import HAMD17
from assessments.instruments.madrs import MADRS
from assessments.instruments.moaas import MOAAS
from assessments.instruments.scoring import (
    Problem,
    Score,
    Scores,
    alerts,
    problems,
    score,
)
from assessments.instruments.sfmpq import SFMPQ
from assessments.instruments.vas import VAS
from assessments.instruments.ymrs import YMRS

INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {
        instrument.code: instrument
        for instrument in (
            MADRS,
            HAMD17,
            SFMPQ,
            VAS,
            CADSS,
            BPRS_POSITIVE,
            MOAAS,
            YMRS,
            CSSRS_BASELINE,
            CSSRS_SINCE_LAST_VISIT,
        )
    }
)

__all__ = [
    "INSTRUMENTS",
    "Alert",
    "Answers",
    "Instrument",
    "Item",
    "Problem",
    "Score",
    "Scores",
    "Total",
    "alerts",
    "problems",
    "score",
]
