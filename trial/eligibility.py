"""Who may take part, and which pain group the baseline puts a person in.

Rules on plain values: totals and answers come as arguments from the floor above.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from trial.protocol import Arm, Criterion, Protocol
from trial.words import mark as _


@dataclass(frozen=True)
class Eligibility:
    """The criteria that speak against taking part, and those not yet answered."""

    failed: tuple[Criterion, ...]
    unanswered: tuple[Criterion, ...]

    @property
    def eligible(self) -> bool | None:
        """None while nothing speaks against it but an answer is still missing."""
        if self.failed:
            return False
        return None if self.unanswered else True


def eligibility(
    protocol: Protocol, arm: Arm, answers: Mapping[str, bool | None]
) -> Eligibility:
    """Judge the answers, criterion code -> whether what it says is the case.

    An inclusion fails when it is not the case, an exclusion when it is.
    """
    criteria = protocol.criteria_of(arm)
    return Eligibility(
        failed=tuple(
            line
            for line in criteria
            if answers.get(line.code) is (line.kind == "exclusion")
        ),
        unanswered=tuple(line for line in criteria if answers.get(line.code) is None),
    )


def computed_answers(
    protocol: Protocol,
    arm: Arm,
    *,
    age_years: int | None,
    hamd17_total: float | None = None,
) -> dict[str, bool | None]:
    """The answers that follow from a number; None where the number is missing."""
    numbers = {"age_years": age_years, "hamd17_total": hamd17_total}
    found: dict[str, bool | None] = {}
    for line in protocol.criteria_of(arm):
        if line.computed_from is not None:
            value = numbers[line.computed_from]
            found[line.code] = None if value is None else line.met_by(value)
    return found


@dataclass(frozen=True)
class PainRule:
    """Pain when any of the three scales is above its threshold: a rule of the plan."""

    vas_mm_above: int = 0
    ppi_above: int = 0
    descriptor_above: int = 0
    doubtful_vas_mm_below: int = 5


@dataclass(frozen=True)
class PainGroup:
    """`pain` is None while a missing answer could still decide it."""

    pain: bool | None
    warnings: tuple[str, ...] = ()


ONE_SCALE_ALONE: dict[Literal["vas", "ppi", "descriptors"], str] = {
    "vas": _("The VAS alone makes this the pain group."),
    "ppi": _("The present pain intensity alone makes this the pain group."),
    "descriptors": _("The descriptors alone make this the pain group."),
}
FAINT_VAS = _("The VAS is above 0 and under 5 mm: a slip of the pen or pain?")


def pain_group(
    rule: PainRule,
    *,
    vas_mm: int | None,
    ppi: int | None,
    descriptors: Sequence[int | None],
) -> PainGroup:
    """The group by the baseline SF-MPQ, with what a person should look at twice."""
    worst = max((word for word in descriptors if word is not None), default=None)
    above: dict[Literal["vas", "ppi", "descriptors"], bool] = {
        "vas": vas_mm is not None and vas_mm > rule.vas_mm_above,
        "ppi": ppi is not None and ppi > rule.ppi_above,
        "descriptors": worst is not None and worst > rule.descriptor_above,
    }
    deciding = [scale for scale, decides in above.items() if decides]
    if not deciding:
        missing = None in (vas_mm, ppi, *descriptors) or not descriptors
        return PainGroup(None if missing else False)
    warnings = [ONE_SCALE_ALONE[deciding[0]]] if len(deciding) == 1 else []
    if vas_mm is not None and 0 < vas_mm < rule.doubtful_vas_mm_below:
        warnings.append(FAINT_VAS)
    return PainGroup(True, tuple(warnings))
