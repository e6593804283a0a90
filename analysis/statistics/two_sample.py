"""Student's and Welch's t test of two groups, with Cohen's d and Hedges' g."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import pandas as pd
from scipy.optimize import brentq
from scipy.special import gammaln

from analysis.statistics.arguments import is_number, refuse_confidence
from analysis.statistics.noncentral_t import lower_tail, upper_tail
from analysis.statistics.result import Result
from analysis.statistics.rows import FloatArray, used_rows
from analysis.statistics.tails import student_p, student_reach


class GroupSummary(NamedTuple):
    level: str
    n: int
    mean: float
    sd: float


@dataclass(frozen=True, kw_only=True)
class TwoSampleT(Result):
    """Difference = first level less second, in units of the outcome."""

    difference: float
    t: float
    df: float
    p: float
    se: float
    lower: float
    upper: float
    welch_t: float
    welch_df: float
    welch_p: float
    welch_lower: float
    welch_upper: float
    cohens_d: float
    cohens_d_lower: float
    cohens_d_upper: float
    hedges_g: float
    hedges_g_lower: float
    hedges_g_upper: float
    groups: tuple[GroupSummary, ...]


def two_sample_t(
    frame: pd.DataFrame,
    outcome: str,
    group: str,
    equal_variance: bool = True,
    confidence: float = 0.95,
) -> TwoSampleT:
    """Compare the means of two groups.

    Model: y_ij = mu_i + e_ij, e_ij ~ N(0, sigma²), or N(0, sigma_i²) for Welch.
    Columns in: `outcome` (numbers, any unit) and `group` (two levels). Rows with
    either missing are left out and counted.

    With `equal_variance` t, df, p, se and limits are Student's, else Welch's (df of
    Satterthwaite 1946); the `welch_` fields are always Welch's. d is the difference in
    pooled SDs, its limits invert the noncentral t (Steiger and Fouladi 1997); g and its
    limits are those of d times the exact J of Hedges (1981).

    Refused: other than two levels, fewer than two values in a group, both constant.
    """
    refuse_confidence(confidence)
    used = used_rows(frame, (outcome, group))
    values, factor = used.numbers(outcome), used.factor(group)
    if len(factor.levels) != 2:
        raise ValueError(
            f"The factor '{group}' has {len(factor.levels)} levels in the rows used "
            f"({', '.join(factor.levels)}), but a t test compares two; choose the rows "
            "of two levels."
        )
    # Sums are taken from a value of the column, so that a large offset costs nothing.
    origin = float(values[0])
    shifted = [values[factor.codes == i] - origin for i in (0, 1)]
    groups = [
        _summary(level, part, f"The level '{level}' of '{group}'")
        for level, part in zip(factor.levels, shifted, strict=True)
    ]
    _refuse_no_spread(groups, f"The outcome '{outcome}' is constant in both groups")
    shown = [g._replace(mean=g.mean + origin) for g in groups]
    return replace(
        _compared(groups, shown, equal_variance, confidence),
        n_observations=used.n,
        n_left_out=used.n_left_out,
        left_out=used.left_out,
    )


def two_sample_t_from_summary(
    means: Sequence[float],
    sds: Sequence[float],
    ns: Sequence[int],
    equal_variance: bool = True,
    confidence: float = 0.95,
) -> TwoSampleT:
    """The same from two means, two standard deviations and two numbers of values.

    The levels are named "1" and "2". See `two_sample_t`; here nothing is known of rows.
    """
    refuse_confidence(confidence)
    for name, pair in (("means", means), ("sds", sds), ("ns", ns)):
        _refuse_pair(name, pair)
    groups = []
    for i in (0, 1):
        if sds[i] < 0:
            raise ValueError(
                f"sds has {sds[i]:g}; a standard deviation cannot be negative."
            )
        if ns[i] != int(ns[i]) or ns[i] < 2:
            raise ValueError(
                f"ns has {ns[i]:g}; each group needs a whole number of values, two or "
                "more."
            )
        groups.append(
            GroupSummary(str(i + 1), int(ns[i]), float(means[i]), float(sds[i]))
        )
    _refuse_no_spread(groups, "Both of sds are 0")
    return _compared(groups, groups, equal_variance, confidence)


def _refuse_pair(name: str, pair: Sequence[float]) -> None:
    if len(pair) != 2:
        raise ValueError(f"{name} has {len(pair)} values; give two, one a group.")
    for value in pair:
        if not is_number(value) or not math.isfinite(value):
            raise ValueError(f"{name} has {value!r}; give two finite numbers.")


def _refuse_no_spread(groups: Sequence[GroupSummary], what: str) -> None:
    if all(g.sd == 0 for g in groups):
        raise ValueError(
            f"{what}: without spread in at least one group there is nothing to test "
            "the difference against. Check the column and the filter of the rows."
        )


def _summary(level: str, values: FloatArray, who: str) -> GroupSummary:
    if len(values) < 2:
        raise ValueError(
            f"{who} has {len(values)} row with a value; each group needs two or more "
            "for a standard deviation."
        )
    constant = values.min() == values.max()
    mean = float(values[0] if constant else values.mean())
    sd = 0.0 if constant else float(values.std(ddof=1))
    return GroupSummary(level, len(values), mean, sd)


def _compared(
    groups: Sequence[GroupSummary],
    shown: Sequence[GroupSummary],
    equal_variance: bool,
    confidence: float,
) -> TwoSampleT:
    """`groups` may have shifted means; `shown` are the rows of the table."""
    first, second = groups
    difference = first.mean - second.mean
    n1, n2 = first.n, second.n
    df = n1 + n2 - 2
    # By hypot and by ratios: squares of tiny or huge outcomes would leave the range.
    top = max(first.sd, second.sd)
    v1, v2 = (first.sd / top) ** 2 / n1, (second.sd / top) ** 2 / n2
    pooled = math.hypot(
        math.sqrt((n1 - 1) / df) * first.sd, math.sqrt((n2 - 1) / df) * second.sd
    )
    se = pooled * math.sqrt(1 / n1 + 1 / n2)
    welch_se = math.hypot(first.sd / math.sqrt(n1), second.sd / math.sqrt(n2))
    share = v1 / (v1 + v2)
    welch_df = 1 / (share**2 / (n1 - 1) + (1 - share) ** 2 / (n2 - 1))
    asked = (se, float(df)) if equal_variance else (welch_se, welch_df)
    reach = student_reach(asked[1], confidence) * asked[0]
    welch_reach = student_reach(welch_df, confidence) * welch_se
    scale = math.sqrt(n1 * n2 / (n1 + n2))
    lower, upper = noncentrality_limits(difference / se, df, confidence)
    J = hedges_factor(df)
    d = difference / pooled
    return TwoSampleT(
        method=f"{'Student' if equal_variance else 'Welch'} two-sample t test",
        difference=difference,
        t=difference / asked[0],
        df=asked[1],
        p=student_p(difference / asked[0], asked[1]),
        se=asked[0],
        lower=difference - reach,
        upper=difference + reach,
        welch_t=difference / welch_se,
        welch_df=welch_df,
        welch_p=student_p(difference / welch_se, welch_df),
        welch_lower=difference - welch_reach,
        welch_upper=difference + welch_reach,
        cohens_d=d,
        cohens_d_lower=lower / scale,
        cohens_d_upper=upper / scale,
        hedges_g=J * d,
        hedges_g_lower=J * lower / scale,
        hedges_g_upper=J * upper / scale,
        groups=tuple(shown),
    )


def hedges_factor(df: float) -> float:
    """J(v) = Gamma(v/2) / (sqrt(v/2) Gamma((v-1)/2)); exact, Hedges (1981), eq. 6e."""
    # By the difference of logarithms, since Gamma itself overflows from v = 342 on.
    logarithm = gammaln(df / 2) - gammaln((df - 1) / 2) - 0.5 * math.log(df / 2)
    return math.exp(float(logarithm))


def noncentrality_limits(t: float, df: float, confidence: float) -> tuple[float, float]:
    """The noncentralities at which t is the upper and the lower quantile."""
    tail = (1 - confidence) / 2
    lower = _crossing(lambda delta: upper_tail(t, df, delta) - tail, t, rising=True)
    upper = _crossing(lambda delta: lower_tail(t, df, delta) - tail, t, rising=False)
    return lower, upper


def _crossing(excess: Callable[[float], float], start: float, *, rising: bool) -> float:
    """Where a monotone function of the noncentrality crosses zero, sought from t."""
    direction = -1.0 if (excess(start) > 0) == rising else 1.0
    sign = excess(start) > 0
    step, end = 1.0 + abs(start) / 8, start + direction * (1.0 + abs(start) / 8)
    while (excess(end) > 0) == sign:
        step *= 2
        start, end = end, end + direction * step
    low, high = sorted((start, end))
    return float(brentq(excess, low, high, xtol=1e-12, rtol=1e-13))
