"""`manage.py reproduce [--json]`: the paper, published against recomputed."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from analysis.paper import Reproduction, reproduce
from analysis.paper.verdicts import Comparison, Verdict


class Command(BaseCommand):
    """Prints inconsistencies, then every number, then one line of counts."""

    help = "Print the paper's numbers beside recomputed ones; needs no database."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="all of it, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = reproduce()
        if options["json"]:
            text = json.dumps(found.to_dict(), ensure_ascii=True, allow_nan=False)
        else:
            text = "\n".join(lines(found))
        self.stdout.write(text)


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
