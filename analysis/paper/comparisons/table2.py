"""Table 2: levels the cohort was built to; t that needs baselines; p from its t."""

from collections.abc import Iterator

import pandas as pd

from analysis.paper.checks.cytokines import (
    DF,
    PAIRS,
    adjusted_p,
    p_range,
    standard_errors,
    usable_se,
)
from analysis.paper.comparisons.table1 import built_in
from analysis.paper.table1 import Mean
from analysis.paper.table2 import CHANGES
from analysis.paper.verdicts import Comparison, Judge

NEEDS = (
    "each patient's three levels: baseline means are not printed, nor how the levels "
    "of one patient go together"
)


def compared(cohort: pd.DataFrame, judge: Judge) -> Iterator[Comparison]:
    errors = standard_errors(CHANGES)
    for row in CHANGES:
        values = cohort.loc[cohort["group"] == row.group, f"{row.analyte}_day{row.day}"]
        yield from built_in(values, judge, row.where, row.group, Mean(row.mean, row.sd))
        yield judge.uncomputable(row.where, "t", str(row.t), NEEDS)
        yield judge.number(
            *(row.where, "p", row.p, adjusted_p(row.t.value)),
            p_range(row, usable_se(row, errors)),
            source=f"from the printed t, times {PAIRS} on {DF} df",
        )
