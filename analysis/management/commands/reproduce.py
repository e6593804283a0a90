"""`manage.py reproduce [--json] [--plan]`: the paper, published against recomputed."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from analysis.paper import Reproduction, reproduce
from analysis.paper.matched_frames import matched_frames
from analysis.paper.verdicts import Comparison, Verdict
from analysis.plans.published import PUBLISHED
from analysis.run.whole import Whole, run_plan


class Command(BaseCommand):
    """Prints inconsistencies, then every number, then one line of counts."""

    help = "Print the paper's numbers beside recomputed ones; needs no database."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="all of it, as JSON")
        parser.add_argument(
            "--plan",
            action="store_true",
            help="run the whole published plan over the matched cohort too",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = reproduce()
        if options["json"]:
            text = json.dumps(found.to_dict(), ensure_ascii=True, allow_nan=False)
        else:
            text = "\n".join(lines(found))
        self.stdout.write(text)
        if options["plan"]:
            whole = run_plan(PUBLISHED, matched_frames())
            self.stdout.write("\n".join(plan_lines(whole)))


def plan_lines(whole: Whole) -> Iterator[str]:
    """The whole plan over the cohort: what ran, and what none of it can show."""
    yield ""
    yield "The published plan over the matched cohort"
    for code, why in whole.failed.items():
        yield f"- {code} failed: {why}"
    for code, result in whole.results.items():
        for test in result["tests"][:1]:
            p = "none" if test["p"] is None else f"{test['p']:.3g}"
            yield f"- {code}: {test['name']}, p {p}"
    yield (
        f"{len(whole.results)} models and tests done, {len(whole.failed)} failed. Only "
        "Table 1 and the counts of day 13 are matched: mixed models, regressions and "
        "mediation need the data of each person, and their numbers here say nothing."
    )


def lines(found: Reproduction) -> Iterator[str]:
    """What a reader at a terminal sees; the last line has the counts."""
    yield "Inconsistencies among the printed numbers"
    for finding in found.findings:
        yield f"- {finding.where}, {finding.item} ({finding.rule})"
        yield f"    printed: {finding.printed}"
        yield f"    found:   {finding.found}"
    heading = None
    for comparison in found.comparisons:
        if comparison.verdict is not heading:
            heading = comparison.verdict
            yield ""
            yield f"{heading.capitalize()} ({found.counts[heading]})"
        yield comparison_line(comparison)
    yield ""
    yield counts_line(found)


def comparison_line(comparison: Comparison) -> str:
    recomputed = comparison.recomputed
    value = "" if recomputed is None else f", recomputed {recomputed:.4g}"
    return (
        f"- {comparison.where}, {comparison.item}: "
        f"published {comparison.printed}{value}; {comparison.reason}"
    )


def counts_line(found: Reproduction) -> str:
    counts = ", ".join(
        f"{n} {verdict}"
        + (f" ({found.n_built_in} built in)" if verdict is Verdict.EQUAL else "")
        for verdict, n in found.counts.items()
    )
    return (
        f"{len(found.comparisons)} numbers and statements: {counts}; "
        f"{len(found.findings)} inconsistencies found."
    )
