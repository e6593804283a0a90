"""Every check over everything printed: what contradicts what, by arithmetic alone."""

from analysis.paper.checks import cytokines, efficacy, statements, table1
from analysis.paper.findings import Finding


def inconsistencies() -> tuple[Finding, ...]:
    """The contradictions in the paper's printed numbers, in the order of the page."""
    return (
        *table1.findings(),
        *efficacy.findings(),
        *cytokines.findings(),
        *statements.findings(),
    )


__all__ = ["inconsistencies"]
