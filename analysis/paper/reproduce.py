"""The paper, published against recomputed: every printed number with its verdict."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from analysis.paper.checks import inconsistencies
from analysis.paper.cohort import matched_cohort
from analysis.paper.comparisons import prose, table1, table2
from analysis.paper.findings import Finding
from analysis.paper.verdicts import Comparison, Judge, Verdict


@dataclass(frozen=True)
class Reproduction:
    """`comparisons` has disagreements first, then in the order of the page."""

    comparisons: tuple[Comparison, ...]
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> dict[Verdict, int]:
        found = Counter(comparison.verdict for comparison in self.comparisons)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def n_built_in(self) -> int:
        """Of those that are equal, how many only because the cohort was built so."""
        equal = (c for c in self.comparisons if c.verdict is Verdict.EQUAL)
        return sum(comparison.built_in for comparison in equal)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, fit for strict JSON."""
        return {
            "counts": {str(verdict): n for verdict, n in self.counts.items()},
            "built_in": self.n_built_in,
            "inconsistencies": [asdict(finding) for finding in self.findings],
            "comparisons": [asdict(comparison) for comparison in self.comparisons],
        }


def reproduce() -> Reproduction:
    """Check the printed numbers, match a cohort to them, recompute what it can give.

    Deterministic: no clock, no file, no database.
    """
    findings = inconsistencies()
    judge, cohort = Judge(findings), matched_cohort()
    comparisons = (
        *table1.compared(cohort, judge),
        *prose.compared(cohort, judge),
        *table2.compared(cohort, judge),
    )
    order = list(Verdict)
    return Reproduction(
        tuple(sorted(comparisons, key=lambda c: order.index(c.verdict))), findings
    )
