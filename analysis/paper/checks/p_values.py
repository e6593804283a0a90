"""Whether a printed p belongs to its printed statistic.

Each function gives the range of p over what may have been rounded to the statistic.
"""

import math

from analysis.paper.printed import Printed, Range, magnitude, spread
from analysis.statistics.tails import chi2_p, f_p, normal_p, student_p


def p_range_of_t(t: Range, df: float) -> Range:
    """Two-sided p of Student's t."""
    return spread(lambda x: student_p(x, df), magnitude(t))


def p_range_of_chi2(chi2: Range, df: int) -> Range:
    """Upper tail of chi-square; a printed 0.000 reaches down to 0, not below."""
    return spread(lambda x: chi2_p(max(x, 0.0), df), chi2)


def p_range_of_f(F: Range, num_df: int, den_df: tuple[float, float]) -> Range:
    """Upper tail of F, over the denominator df that are possible."""
    return spread(lambda f, df: f_p(f, num_df, df), F, Range(*den_df))


def p_range_of_d(d: Range, n_group: int) -> Range:
    """Two-sided p of Student's t for Cohen's d between two groups of `n_group`.

    t = d sqrt(n / 2), on 2n - 2 df.
    """
    scale = math.sqrt(n_group / 2)
    return p_range_of_t(Range(d.low * scale, d.high * scale), 2 * n_group - 2)


def t_of_beta(beta: float, n: int) -> float:
    """t of the slope of a simple regression, whose standardised beta is r.

    t = r sqrt((n - 2) / (1 - r²)), on n - 2 df.
    """
    return beta * math.sqrt((n - 2) / (1 - beta * beta))


def p_range_of_beta(beta: Range, n: int) -> Range:
    """Two-sided p of a standardised beta as the only predictor."""
    return p_range_of_t(spread(lambda b: t_of_beta(b, n), beta), n - 2)


def least_p_of_indirect(beta_a: Range, n: int) -> float:
    """The least p that Sobel's test can give, knowing path a alone.

    z = ab / sqrt(a² sb² + b² sa²) is below both paths' own t, whatever path b is.
    """
    return normal_p(spread(lambda b: t_of_beta(b, n), magnitude(beta_a)).high)


def fits(p: Printed, possible: Range) -> bool:
    """Whether some p of the range is printed so. A range may be a single number."""
    return p.range.meets(possible) or p.shows(possible.low) or p.shows(possible.high)
