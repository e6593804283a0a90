"""Numbers and claims of the running text; most need what summaries do not hold."""

from collections.abc import Iterator

import pandas as pd

from analysis.paper.checks.p_values import p_range_of_beta, p_range_of_f
from analysis.paper.prose import (
    COUNT_CLAIMS,
    FALL_CLAIMS,
    LARGEST_DIFFERENCE,
    LISTED,
    MEAN_CLAIMS,
    MEDIATION,
    MODEL_DENOMINATOR_DF,
    MODEL_TESTS,
    PERCENT_CLAIMS,
    REGRESSIONS,
    ROUTE_CLAIM,
    SAID,
    ModelTest,
)
from analysis.paper.table1 import N_GROUP, mean_row
from analysis.paper.table2 import ANALYTES
from analysis.paper.verdicts import Comparison, Judge
from analysis.statistics import two_sample_t

CHANGES = "each patient's changes of IL-6, VAS and MADRS, in the pain group"


def compared(cohort: pd.DataFrame, judge: Judge) -> Iterator[Comparison]:
    for test in MODEL_TESTS:
        yield from _model(cohort, judge, test)
    largest = LARGEST_DIFFERENCE
    yield judge.uncomputable(
        *(largest.where, f"{largest.item}, Cohen's d", str(largest.d)),
        "each patient's MADRS at infusion 3",
    )
    yield from _regressions(judge)
    yield from _percentages(cohort, judge)
    yield from _claims(judge)
    for listed in LISTED:
        yield judge.uncomputable(
            listed.where, listed.item, str(listed.found), listed.needs
        )


def _model(cohort: pd.DataFrame, judge: Judge, test: ModelTest) -> Iterator[Comparison]:
    item = f"{test.outcome} {test.effect}"
    needs = (
        f"each patient's {test.outcome} at every visit: no summary holds a course, "
        "nor how ratings of one patient go together"
    )
    if (test.outcome, test.effect) == ("VAS", "group"):
        baseline = two_sample_t(cohort, "vas_baseline", "group").t ** 2
        needs += (
            f"; suspect, as the contrast at baseline, the largest, alone has an F of "
            f"about {baseline:.0f}"
        )
    yield judge.uncomputable(test.where, f"{item}, F", str(test.F), needs)
    low, high = MODEL_DENOMINATOR_DF
    yield judge.number(
        *(test.where, f"{item}, p", test.p, None),
        p_range_of_f(test.F.range, test.num_df, MODEL_DENOMINATOR_DF),
        source=f"from the printed F on {test.num_df} and {low} to {high} df",
    )


def _regressions(judge: Judge) -> Iterator[Comparison]:
    for regression in REGRESSIONS:
        item = f"IL-6 on {regression.outcome}, day {regression.day}"
        yield judge.uncomputable(
            regression.where, f"{item}, beta", str(regression.beta), CHANGES
        )
        yield judge.number(
            *(regression.where, f"{item}, p", regression.p, None),
            p_range_of_beta(regression.beta.range, N_GROUP),
            source=f"from the printed beta as the only predictor in {N_GROUP} people",
        )
    for effect in (MEDIATION.direct, MEDIATION.indirect):
        for item, printed in (("estimate", effect.estimate), ("p", effect.p)):
            yield judge.uncomputable(
                MEDIATION.where, f"{effect.name} effect, {item}", str(printed), CHANGES
            )


def _percentages(cohort: pd.DataFrame, judge: Judge) -> Iterator[Comparison]:
    pain = cohort[cohort["group"] == "pain"]
    for claim in PERCENT_CLAIMS:
        percent = 100 * float((pain[claim.row] == "yes").mean())
        yield judge.number(claim.where, f"{claim.row}, pain", claim.percent, percent)
    for counted in COUNT_CLAIMS:
        yield judge.number(
            *(counted.where, f"{counted.item}, percent", counted.percent),
            100 * counted.count / counted.of,
            source=f"{counted.count} of {counted.of}",
        )


def _claims(judge: Judge) -> Iterator[Comparison]:
    for claim in MEAN_CLAIMS:
        name = mean_row(claim.row).name
        yield judge.statement(claim.where, name, "significantly greater with pain")
    for fall in FALL_CLAIMS:
        for analyte in ANALYTES:
            said = (
                "below baseline" if analyte in fall.analytes else "not below baseline"
            )
            item = f"{analyte}, day {fall.day}, {fall.group}"
            yield judge.statement(fall.where, item, said)
    for thing in dict.fromkeys(said.thing for said in SAID):
        places = [said for said in SAID if said.thing == thing]
        where = "; ".join(said.where for said in places)
        yield judge.statement(where, thing, " and ".join(s.value for s in places))
    yield judge.statement(
        ROUTE_CLAIM.where, "route of IL-6", f"mostly {ROUTE_CLAIM.mostly}"
    )
