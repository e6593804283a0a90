"""Version 1.1: version 1.0 with a follow-up call between days 13 and 26, in draft."""

from dataclasses import replace

from trial.protocol import Anchor, VisitType
from trial.protocols.ketamine_v1 import KETAMINE_V1
from trial.words import mark as _

_CALL = VisitType(
    code="call",
    label=_("follow-up call, between days 13 and 26"),
    arm="patient",
    anchor=Anchor("infusion", 6),
    unit="days",
    offset=7,
    before=5,
    after=6,
    instruments=("madrs",),
    draft=True,
)
_AT = next(n for n, v in enumerate(KETAMINE_V1.visit_types) if v.code == "day26")

KETAMINE_V1_1 = replace(
    KETAMINE_V1,
    version="1.1",
    visit_types=(
        *KETAMINE_V1.visit_types[:_AT],
        _CALL,
        *KETAMINE_V1.visit_types[_AT:],
    ),
)
