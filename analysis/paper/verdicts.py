"""Published against recomputed: one printed number, one verdict of five, its reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from analysis.paper.findings import Finding, Rule
from analysis.paper.printed import Printed, Range


class Verdict(StrEnum):
    """In the order in which a reader wants them: disagreements first."""

    CONTRADICTED = "printed numbers contradict each other"
    OUTSIDE = "outside the rounding range"
    NOT_COMPUTABLE = "not computable from summaries"
    INSIDE = "inside the rounding range"
    EQUAL = "equal"


# These hold a printed number against one recomputed from others, which is what OUTSIDE
# says. All other rules set two printed things side by side.
RECOMPUTING = frozenset({Rule.T_AND_MEANS, Rule.TOTAL, Rule.CHI2_AND_COUNTS})


@dataclass(frozen=True)
class Comparison:
    """`possible` is what the rounding of the inputs allows; `recomputed` one of it.

    `built_in`: the cohort was built to this number, so that its equality proves only
    that the cohort is what it should be.
    """

    where: str
    item: str
    printed: str
    recomputed: float | None
    possible: Range | None
    verdict: Verdict
    reason: str
    built_in: bool = False


class Judge:
    """Gives verdicts, knowing the contradictions that the checks have found."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        found: dict[tuple[str, str], list[Finding]] = {}
        for finding in findings:
            found.setdefault((finding.where, finding.item), []).append(finding)
        self._found: Mapping[tuple[str, str], list[Finding]] = found

    def number(
        self,
        where: str,
        item: str,
        printed: Printed,
        recomputed: float | None,
        possible: Range | None = None,
        *,
        built_in: bool = False,
        source: str = "recomputed over the matched cohort",
    ) -> Comparison:
        """A printed number beside the recomputed one, or beside its range alone."""
        verdict, reason = _by_range(printed, recomputed, possible, source)
        found = self._found.get((where, item), [])
        if any(finding.rule not in RECOMPUTING for finding in found):
            verdict = Verdict.CONTRADICTED
        if found:
            reason = _reason(found)
        return Comparison(
            *(where, item, str(printed), recomputed, possible, verdict, reason),
            built_in=built_in,
        )

    def uncomputable(
        self, where: str, item: str, printed: str, needs: str
    ) -> Comparison:
        """A number that summaries cannot give; what was found about it comes first."""
        found = self._found.get((where, item), [])
        verdict = Verdict.CONTRADICTED if found else Verdict.NOT_COMPUTABLE
        reason = _reason(found) if found else f"needs {needs}"
        return Comparison(where, item, printed, None, None, verdict, reason)

    def statement(self, where: str, item: str, printed: str) -> Comparison:
        """A claim of the text: it holds, unless a check has found otherwise."""
        found = self._found.get((where, item), [])
        verdict = Verdict.CONTRADICTED if found else Verdict.EQUAL
        reason = _reason(found) if found else "agrees with what is printed elsewhere"
        return Comparison(where, item, printed, None, None, verdict, reason)


def _reason(found: Iterable[Finding]) -> str:
    return "; ".join(f"{finding.rule}: {finding.found}" for finding in found)


def _by_range(
    printed: Printed, recomputed: float | None, possible: Range | None, source: str
) -> tuple[Verdict, str]:
    if recomputed is not None and printed.shows(recomputed):
        return Verdict.EQUAL, f"{source}, the same in all printed digits"
    if possible is None:
        return Verdict.OUTSIDE, f"{source}, from inputs that have no rounding"
    both_ends = printed.shows(possible.low) and printed.shows(possible.high)
    if recomputed is None and both_ends:
        return Verdict.EQUAL, f"{source}, the same wherever the truth was rounded"
    if printed.range.meets(possible):
        return Verdict.INSIDE, f"{source}; rounding of the inputs allows {possible}"
    return Verdict.OUTSIDE, f"{source}; rounding of the inputs allows {possible}"
