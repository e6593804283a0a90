"""The text on efficacy: F, Cohen's d, betas, the indirect effect, days to response."""

import math
from collections.abc import Iterator

from analysis.paper.checks.p_values import (
    fits,
    least_p_of_indirect,
    p_range_of_beta,
    p_range_of_d,
    p_range_of_f,
)
from analysis.paper.findings import Finding, Rule
from analysis.paper.printed import Range
from analysis.paper.prose import (
    DEFINING_DAY,
    FIRST_RATING,
    LARGEST_DIFFERENCE,
    LAST_RATING,
    MEDIATION,
    MODEL_DENOMINATOR_DF,
    MODEL_TESTS,
    REGRESSIONS,
    LargestDifference,
    Mediation,
    ModelTest,
    Regression,
)
from analysis.paper.table1 import N_GROUP, TABLE, Mean, count_row, mean_row

DAYS = (("days_to_response", "response"), ("days_to_remission", "remission"))


def findings() -> Iterator[Finding]:
    for test in MODEL_TESTS:
        yield from p_against_f(test, MODEL_DENOMINATOR_DF)
    yield from d_against_p(LARGEST_DIFFERENCE, N_GROUP)
    for regression in REGRESSIONS:
        yield from p_against_beta(regression, N_GROUP)
    yield from indirect_against_paths(MEDIATION, N_GROUP)
    for days, event in DAYS:
        row, counts = mean_row(days), count_row(event)
        for name, mean, reached in (
            ("no pain", row.no_pain, counts.no_pain.count),
            ("pain", row.pain, counts.pain.count),
        ):
            where = f"{TABLE}, {row.name}"
            yield from days_against_counts(where, name, mean, reached, N_GROUP)


def p_against_f(test: ModelTest, den_df: tuple[float, float]) -> Iterator[Finding]:
    """A p must be that of its F at some denominator df between the two possible."""
    possible = p_range_of_f(test.F.range, test.num_df, den_df)
    if not fits(test.p, possible):
        yield Finding(
            test.where,
            f"{test.outcome} {test.effect}, p",
            Rule.P_AND_F,
            f"F {test.F}, p {test.p}",
            f"on {test.num_df} and {den_df[0]:g} to {den_df[1]:g} df p is {possible}",
        )


def d_against_p(claim: LargestDifference, n_group: int) -> Iterator[Finding]:
    """The largest d of several significant differences must itself be significant."""
    possible = p_range_of_d(claim.d.range, n_group)
    if possible.low >= claim.below:
        t = claim.d.value * (n_group / 2) ** 0.5
        yield Finding(
            claim.where,
            f"{claim.item}, Cohen's d",
            Rule.EFFECT_SIZE,
            f"largest d {claim.d} at {claim.at}, p below {claim.below} at "
            f"{len(claim.significant_at)} visits",
            f"d {claim.d} with {n_group} and {n_group} is t {t:.3f}, p {possible}; "
            "both hold only if p comes from a model with covariates and d does not",
        )


def p_against_beta(regression: Regression, n: int) -> Iterator[Finding]:
    """A standardised beta of one predictor is a correlation, and has its p."""
    possible = p_range_of_beta(regression.beta.range, n)
    if not fits(regression.p, possible):
        yield Finding(
            regression.where,
            f"IL-6 on {regression.outcome}, day {regression.day}, p",
            Rule.BETA,
            f"beta {regression.beta}, p {regression.p}",
            f"as the only predictor in {n} people it has p {possible}",
        )


def indirect_against_paths(mediation: Mediation, n: int) -> Iterator[Finding]:
    """The p of an indirect effect cannot be below that of its path a (Sobel's z)."""
    least = least_p_of_indirect(mediation.path_a.beta.range, n)
    printed = mediation.indirect
    if printed.p.range.high < least:
        yield Finding(
            mediation.where,
            "indirect effect, p",
            Rule.INDIRECT,
            f"indirect {printed.estimate}, p {printed.p}",
            f"with a path a of beta {mediation.path_a.beta} in {n} people "
            f"p is {least:.3g} or more",
        )


def days_against_counts(
    where: str, group: str, days: Mean, reached: int, n: int
) -> Iterator[Finding]:
    """Mean days of all must fit how many reached the criterion by the defining day.

    Those who reached it stand between the first rating and the defining day; the others
    are censored, all at the defining day or all at the last rating. The mean must lie
    between what these allow; and within the first reading, where nobody is outside
    [first rating, defining day], an SD above the largest possible refuses it too.
    """
    if any(_possible(days, reached, n, on) for on in (DEFINING_DAY, LAST_RATING)):
        return
    early, late = (_mean_range(reached, n, on) for on in (DEFINING_DAY, LAST_RATING))
    mean, others = days.mean.value, f"with the {n - reached} others"
    refusal = f"{others} at day {DEFINING_DAY} from {early}"
    if early.low <= mean <= early.high:
        refusal += f", and the SD at {days.mean} is {_largest_sd(mean, n):.3g} or less"
    yield Finding(
        where,
        f"{group} mean",
        Rule.DAYS,
        f"{days.mean}±{days.sd} days in {n}, {reached} reached it",
        f"{others} censored at day {LAST_RATING} the mean of all lies from {late}; "
        + refusal,
    )


def _mean_range(reached: int, n: int, censored_on: int) -> Range:
    """Mean days of all, those who reached it anywhere up to the defining day."""
    others = (n - reached) * censored_on
    ends = (reached * day + others for day in (FIRST_RATING, DEFINING_DAY))
    return Range(*(total / n for total in ends))


def _possible(days: Mean, reached: int, n: int, censored_on: int) -> bool:
    allowed = _mean_range(reached, n, censored_on)
    if not days.mean.range.meets(allowed):
        return False
    mean = min(max(days.mean.value, allowed.low), allowed.high)
    if censored_on == DEFINING_DAY:
        return days.sd.range.low <= _largest_sd(mean, n)
    return True


def _largest_sd(mean: float, n: int) -> float:
    """Of n values between the first rating and the defining day: half at each end."""
    square = max(0.0, (DEFINING_DAY - mean) * (mean - FIRST_RATING)) * n / (n - 1)
    return math.sqrt(square)
