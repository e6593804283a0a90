"""Table 1 recomputed over the matched cohort."""

from collections.abc import Iterator

import pandas as pd

from analysis.paper.checks.arithmetic import t_range, total_mean_range, total_sd_range
from analysis.paper.checks.p_values import p_range_of_t
from analysis.paper.checks.table1 import NOUGHT, Rounded, rounded
from analysis.paper.cohort import FROM_MADRS, GROUPS
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
    ScaleRow,
    Share,
)
from analysis.paper.verdicts import Comparison, Judge
from analysis.statistics import contingency, two_sample_t

BUILT_IN = "the cohort was built to it"


def compared(cohort: pd.DataFrame, judge: Judge) -> Iterator[Comparison]:
    for row in MEANS:
        yield from _means(cohort, judge, row)
    for scale in SCALES:
        yield from _scale(cohort, judge, scale)
    for counted in COUNTS:
        yield from _counts(cohort, judge, counted)


def _means(cohort: pd.DataFrame, judge: Judge, row: MeanRow) -> Iterator[Comparison]:
    where = f"{TABLE}, {row.name}"
    groups = rounded(row.no_pain), rounded(row.pain)
    yield from _total(cohort[row.code], judge, where, row.total, groups)
    for group, mean in zip(GROUPS, (row.no_pain, row.pain), strict=True):
        values = cohort.loc[cohort["group"] == group, row.code]
        yield from built_in(values, judge, where, group, mean)
    test = two_sample_t(cohort, row.code, "group")
    possible = t_range(*groups, N_GROUP, N_GROUP)
    yield judge.number(where, "t", row.test.statistic, test.t, possible)
    yield judge.number(where, "p", row.test.p, test.p, p_range_of_t(possible, DF))


def _scale(cohort: pd.DataFrame, judge: Judge, row: ScaleRow) -> Iterator[Comparison]:
    where = f"{TABLE}, {row.name}"
    groups = NOUGHT, rounded(row.pain)
    yield from _total(cohort[row.code], judge, where, row.total, groups)
    values = cohort.loc[cohort["group"] == "pain", row.code]
    yield from built_in(values, judge, where, "pain", row.pain)


def _total(
    values: "pd.Series[float]",
    judge: Judge,
    where: str,
    total: Mean,
    groups: tuple[Rounded, Rounded],
) -> Iterator[Comparison]:
    mean = total_mean_range(groups[0][0], groups[1][0], N_GROUP, N_GROUP)
    sd = total_sd_range(*groups, N_GROUP, N_GROUP)
    yield judge.number(where, "total mean", total.mean, float(values.mean()), mean)
    yield judge.number(where, "total SD", total.sd, float(values.std()), sd)


def built_in(
    values: "pd.Series[float]", judge: Judge, where: str, group: str, mean: Mean
) -> Iterator[Comparison]:
    """Mean and SD of a group, which the cohort was built to."""
    for item, printed, found in (
        ("mean", mean.mean, values.mean()),
        ("SD", mean.sd, values.std()),
    ):
        yield judge.number(
            *(where, f"{group} {item}", printed, float(found)),
            built_in=True,
            source=BUILT_IN,
        )


def _counts(cohort: pd.DataFrame, judge: Judge, row: CountRow) -> Iterator[Comparison]:
    where = f"{TABLE}, {row.name}"
    yes = cohort[row.code] == "yes"
    of_group = [yes[cohort["group"] == group] for group in GROUPS]
    columns = zip(
        ("total", *GROUPS),
        (row.total, row.no_pain, row.pain),
        (yes, *of_group),
        strict=True,
    )
    for column, share, flags in columns:
        yield _count(judge, where, column, share, flags, row.code in FROM_MADRS)
        percent = 100 * float(flags.mean())
        yield judge.number(where, f"{column} percent", share.percent, percent)
    table = contingency(cohort, "group", row.code)
    yield judge.number(where, "chi-square", row.test.statistic, table.chi2)
    yield judge.number(where, "p", row.test.p, table.p)


def _count(
    judge: Judge,
    where: str,
    column: str,
    share: Share,
    flags: "pd.Series[bool]",
    from_madrs: bool,
) -> Comparison:
    """A count; response and remission are counted from the cohort's own MADRS."""
    source = "counted by the definition" if from_madrs else BUILT_IN
    return judge.number(
        *(where, f"{column} count", share.printed, float(flags.sum())),
        built_in=column != "total",
        source="counted over the matched cohort" if column == "total" else source,
    )
