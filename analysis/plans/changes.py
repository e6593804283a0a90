"""The regressions of changes, about 114 of them: cytokine, outcome, day and group."""

from collections.abc import Iterator

from analysis.plan import Family, Regression, Subset
from analysis.plans.parts import ANALYTES
from trial.words import mark as _

DAYS = (("day13", "13"), ("day26", "26"))
# Depression in both groups, pain where there is some.
OUTCOMES: tuple[tuple[str, str, Subset], ...] = (
    ("madrs", "MADRS", "no-pain"),
    ("madrs", "MADRS", "pain"),
    ("vas", "VAS", "pain"),
)


def family_of(outcome: str, visit: str, subset: str) -> str:
    return f"{outcome}_{visit}_{subset.replace('-', '_')}"


def regressions_of_changes(covariates: str = "") -> Iterator[Regression]:
    """Fall of the outcome on fall of the log level, in one group at one day."""
    for outcome, scale, subset in OUTCOMES:
        for visit, day in DAYS:
            for analyte, name in ANALYTES:
                term = f"{analyte}_change_{visit}"
                yield Regression(
                    code=f"{family_of(outcome, visit, subset)}_{analyte.lower()}",
                    title=_("Fall of %(scale)s on fall of %(analyte)s, day %(day)s"),
                    named=(("scale", scale), ("analyte", name), ("day", day)),
                    formula=f"{outcome}_change_{visit} ~ {term}{covariates}",
                    term=term,
                    subset=subset,
                    family=family_of(outcome, visit, subset),
                )


def families_of_changes() -> tuple[Family, ...]:
    return tuple(
        Family(
            family_of(outcome, visit, subset),
            _("19 analytes of one outcome, day and group"),
            "bh",
        )
        for outcome, _scale, subset in OUTCOMES
        for visit, _day in DAYS
    )
