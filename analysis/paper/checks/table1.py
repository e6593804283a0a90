"""Table 1 held against itself: t, totals, percentages, chi-square and their p."""

from collections.abc import Iterator

from analysis.paper.checks.arithmetic import (
    linear_by_linear,
    t_range,
    total_mean_range,
    total_sd_range,
)
from analysis.paper.checks.p_values import fits, p_range_of_chi2, p_range_of_t
from analysis.paper.findings import Finding, Rule
from analysis.paper.printed import Range
from analysis.paper.table1 import (
    COUNTS,
    DF,
    MEANS,
    N_GROUP,
    SCALES,
    TABLE,
    CountRow,
    Mean,
    MeanRow,
    Statistic,
)
from analysis.statistics import contingency_from_counts
from analysis.statistics.contingency import TwoByTwo

Rounded = tuple[Range, Range]

# A mean and an SD that are 0 by definition, without rounding.
NOUGHT = (Range(0.0, 0.0), Range(0.0, 0.0))


def findings() -> Iterator[Finding]:
    for row in MEANS:
        where = f"{TABLE}, {row.name}"
        yield from p_against_t(where, row.test, DF)
        yield from t_against_means(where, row, N_GROUP)
        yield from total_against_groups(
            where, row.total, rounded(row.no_pain), rounded(row.pain), N_GROUP
        )
    for scale in SCALES:
        yield from total_against_groups(
            f"{TABLE}, {scale.name}", scale.total, NOUGHT, rounded(scale.pain), N_GROUP
        )
    for counted in COUNTS:
        where = f"{TABLE}, {counted.name}"
        yield from counts_add_up(where, counted)
        yield from percentages_against_counts(where, counted, N_GROUP)
        yield from chi2_against_counts(where, counted, N_GROUP)
        yield from p_against_chi2(where, counted, N_GROUP)


def p_against_t(where: str, test: Statistic, df: int) -> Iterator[Finding]:
    """A two-sided p must be that of some t which is printed so."""
    possible = p_range_of_t(test.statistic.range, df)
    if not fits(test.p, possible):
        yield Finding(
            where,
            "p",
            Rule.P_AND_T,
            f"t {test.statistic}, p {test.p}",
            f"t {test.statistic} on {df} df has p {possible}",
        )


def t_against_means(where: str, row: MeanRow, n_group: int) -> Iterator[Finding]:
    """A t must follow from means and SDs which are printed so."""
    possible = t_range(rounded(row.no_pain), rounded(row.pain), n_group, n_group)
    if not row.test.statistic.range.meets(possible):
        yield Finding(
            where,
            "t",
            Rule.T_AND_MEANS,
            f"t {row.test.statistic}",
            f"{row.no_pain.mean}±{row.no_pain.sd} against {row.pain.mean}±"
            f"{row.pain.sd} gives t {possible}",
        )


def total_against_groups(
    where: str, total: Mean, first: Rounded, second: Rounded, n_group: int
) -> Iterator[Finding]:
    """Mean and SD of everybody must follow from those of two groups of equal size."""
    mean = total_mean_range(first[0], second[0], n_group, n_group)
    sd = total_sd_range(first, second, n_group, n_group)
    for item, printed, possible in (
        ("total mean", total.mean, mean),
        ("total SD", total.sd, sd),
    ):
        if not printed.range.meets(possible):
            yield Finding(
                where,
                item,
                Rule.TOTAL,
                f"{item} {printed}",
                f"the groups give {possible}",
            )


def rounded(mean: Mean) -> Rounded:
    return mean.mean.range, mean.sd.range


def counts_add_up(where: str, row: CountRow) -> Iterator[Finding]:
    """The total of a count is the sum of its groups."""
    added = row.no_pain.count + row.pain.count
    if row.total.count != added:
        yield Finding(
            where,
            "total count",
            Rule.TOTAL,
            f"total {row.total.count}",
            f"{row.no_pain.count} and {row.pain.count} make {added}",
        )


def percentages_against_counts(
    where: str, row: CountRow, n_group: int
) -> Iterator[Finding]:
    """A percentage is that of its count, of as many as the column has."""
    columns = (
        ("total", row.total, 2 * n_group),
        ("no pain", row.no_pain, n_group),
        ("pain", row.pain, n_group),
    )
    for column, share, of in columns:
        percent = 100 * share.count / of
        if not share.percent.shows(percent):
            yield Finding(
                where,
                f"{column} percent",
                Rule.PERCENTAGE,
                f"{share.count} ({share.percent} %) of {of}",
                f"{share.count} of {of} is {percent:.2f} %",
            )


def crossed(row: CountRow, n_group: int) -> TwoByTwo:
    """The two by two table of a row: no pain first, the event second."""
    counts = [[n_group - share.count, share.count] for share in (row.no_pain, row.pain)]
    table = contingency_from_counts(counts, rows=["no pain", "pain"])
    assert isinstance(table, TwoByTwo)
    return table


def chi2_against_counts(where: str, row: CountRow, n_group: int) -> Iterator[Finding]:
    """Chi-square is Pearson's, uncorrected; if another one fits, it is named."""
    table = crossed(row, n_group)
    if row.test.statistic.shows(table.chi2):
        return
    others = {
        "Yates's correction": table.yates_chi2,
        "linear-by-linear": linear_by_linear(table.chi2, 2 * n_group),
    }
    named = [
        f"; {row.test.statistic} is the {name} chi-square"
        for name, chi2 in others.items()
        if row.test.statistic.shows(chi2)
    ]
    yield Finding(
        where,
        "chi-square",
        Rule.CHI2_AND_COUNTS,
        f"chi-square {row.test.statistic}",
        f"Pearson's is {table.chi2:.4g} (p {table.p:.3g})" + "".join(named),
    )


def p_against_chi2(where: str, row: CountRow, n_group: int) -> Iterator[Finding]:
    """A p must be that of its chi-square on 1 df; if another one fits, it is named."""
    possible = p_range_of_chi2(row.test.statistic.range, 1)
    if fits(row.test.p, possible):
        return
    table = crossed(row, n_group)
    others = {
        "Pearson's": table.p,
        "Yates's": table.yates_p,
        "Fisher's": table.fisher_p,
    }
    named = [
        f"; {row.test.p} is {name} p"
        for name, p in others.items()
        if p is not None and row.test.p.shows(p)
    ]
    expected = min(cell.expected for cell in table.cells)
    yield Finding(
        where,
        "p",
        Rule.P_AND_CHI2,
        f"chi-square {row.test.statistic}, p {row.test.p}",
        f"chi-square {row.test.statistic} on 1 df has p {possible}"
        + "".join(named)
        + f"; the smallest expected count is {expected:.2g}",
    )
