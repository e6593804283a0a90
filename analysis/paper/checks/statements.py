"""What the text says, held against the tables and against what it says elsewhere."""

from collections.abc import Iterator, Sequence

from analysis.paper.checks.cytokines import (
    StandardErrors,
    is_unlike,
    p_range,
    se_range,
    standard_errors,
    usable_se,
)
from analysis.paper.checks.p_values import p_range_of_t
from analysis.paper.findings import Finding, Rule
from analysis.paper.prose import (
    ALPHA,
    COUNT_CLAIMS,
    FALL_CLAIMS,
    LISTED,
    MEAN_CLAIMS,
    MEDIATION,
    PERCENT_CLAIMS,
    ROUTE_CLAIM,
    SAID,
    CountClaim,
    FallClaim,
    Listed,
    MeanClaim,
    Mediation,
    PercentClaim,
    RouteClaim,
    Said,
)
from analysis.paper.table1 import DF, CountRow, MeanRow, count_row, mean_row
from analysis.paper.table2 import ANALYTES, CHANGES, Change, change


def findings() -> Iterator[Finding]:
    for mean_claim in MEAN_CLAIMS:
        yield from greater_in_pain(mean_claim, mean_row(mean_claim.row), DF)
    for percent_claim in PERCENT_CLAIMS:
        yield from percent_as_in_table(percent_claim, count_row(percent_claim.row))
    for count_claim in COUNT_CLAIMS:
        yield from percent_of_count(count_claim)
    errors = standard_errors(CHANGES)
    for fall_claim in FALL_CLAIMS:
        for analyte in ANALYTES:
            row = change(analyte, fall_claim.day, fall_claim.group)
            yield from fall_as_in_table(fall_claim, row, errors)
    yield from said_alike(SAID)
    for listed in LISTED:
        yield from list_and_rest(listed, len(ANALYTES))
    yield from route_as_in_numbers(ROUTE_CLAIM, MEDIATION)


def greater_in_pain(claim: MeanClaim, row: MeanRow, df: int) -> Iterator[Finding]:
    """A mean said to be greater with pain is so in the table, by its t if tested."""
    said = f"{row.name}: said to be greater in the pain group"
    if row.pain.mean.value <= row.no_pain.mean.value:
        yield Finding(
            claim.where,
            row.name,
            Rule.STATEMENT_AND_TABLE,
            said,
            f"the table has {row.pain.mean} with pain, {row.no_pain.mean} without",
        )
    p = p_range_of_t(row.test.statistic.range, df)
    if claim.significant and p.low >= ALPHA:
        yield Finding(
            claim.where,
            row.name,
            Rule.STATEMENT_AND_TABLE,
            f"{said}, significantly",
            f"the table's t {row.test.statistic} has p {p}",
        )


def percent_as_in_table(claim: PercentClaim, row: CountRow) -> Iterator[Finding]:
    """A percentage of the pain group repeated in the text is that of the table."""
    if claim.percent.value != row.pain.percent.value:
        yield Finding(
            claim.where,
            row.name,
            Rule.STATEMENT_AND_TABLE,
            f"{claim.percent} %",
            f"the table has {row.pain.percent} %",
        )


def percent_of_count(claim: CountClaim) -> Iterator[Finding]:
    """A count in the text has the percentage printed beside it."""
    percent = 100 * claim.count / claim.of
    if not claim.percent.shows(percent):
        yield Finding(
            claim.where,
            claim.item,
            Rule.PERCENTAGE,
            f"{claim.count} ({claim.percent} %) of {claim.of}",
            f"{claim.count} of {claim.of} is {percent:.2f} %",
        )


def fall_as_in_table(
    claim: FallClaim, row: Change, errors: StandardErrors
) -> Iterator[Finding]:
    """An analyte is said to have fallen exactly where its row is significant.

    Judged by t; by the printed p where t itself contradicts the rows alike.
    """
    said = row.analyte in claim.analytes
    if fell(row, errors) is not said:
        p = p_range(row, usable_se(row, errors))
        yield Finding(
            claim.where,
            f"{row.analyte}, day {row.day}, {row.group}",
            Rule.STATEMENT_AND_TABLE,
            f"said to be {'' if said else 'not '}below baseline, p below {ALPHA}",
            f"table 2 has t {row.t}, whose adjusted p is {p} (printed {row.p})",
        )


def fell(row: Change, errors: StandardErrors) -> bool:
    """Whether a row of Table 2 is a significant fall."""
    pair = (change(row.analyte, 13, row.group), change(row.analyte, 26, row.group))
    se = se_range(*pair)
    if se is not None and is_unlike(se, errors):
        return row.t.value > 0 and row.p.value < ALPHA
    return row.t.value > 0 and p_range(row, usable_se(row, errors)).low < ALPHA


def said_alike(said: Sequence[Said]) -> Iterator[Finding]:
    """Two places that speak of one thing say the same of it."""
    for place, first in enumerate(said):
        for second in said[place + 1 :]:
            if first.thing == second.thing and first.value != second.value:
                yield Finding(
                    f"{first.where}; {second.where}",
                    first.thing,
                    Rule.STATEMENTS,
                    f"{first.where}: {first.value}; {second.where}: {second.value}",
                    "the paper does not say which holds",
                )


def list_and_rest(listed: Listed, n_analytes: int) -> Iterator[Finding]:
    """Those named and those said to be left make up all that were measured."""
    if listed.not_found is None:
        return
    if listed.found + listed.not_found != n_analytes:
        yield Finding(
            listed.where,
            listed.item,
            Rule.STATEMENTS,
            f"{listed.found} named, {listed.not_found} others",
            f"{n_analytes} were measured",
        )


def route_as_in_numbers(claim: RouteClaim, mediation: Mediation) -> Iterator[Finding]:
    """The route said to matter most carries the larger part of the total effect."""
    direct, indirect = (
        mediation.direct.estimate.value,
        mediation.indirect.estimate.value,
    )
    larger = "indirect" if abs(indirect) > abs(direct) else "direct"
    if claim.mostly != larger:
        yield Finding(
            claim.where,
            "route of IL-6",
            Rule.STATEMENT_AND_NUMBERS,
            "IL-6 said to act more on pain than on depression directly",
            f"direct {mediation.direct.estimate}, indirect "
            f"{mediation.indirect.estimate}: {indirect / (direct + indirect):.0%} "
            "of the total goes through pain",
        )
