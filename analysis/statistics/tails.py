"""Two-sided tails and quantiles, accurate where p is tiny.

The incomplete beta function is asked for the tail itself, never for one less the rest.
"""

from scipy.special import betainc, chdtrc, ndtr, ndtri, stdtrit


def student_p(t: float, df: float) -> float:
    """P(|T| >= |t|) of Student's t."""
    return float(betainc(df / 2, 0.5, df / (df + t * t)))


def f_p(F: float, num_df: float, den_df: float) -> float:
    """P(F >= f)."""
    return float(betainc(den_df / 2, num_df / 2, den_df / (den_df + num_df * F)))


def normal_p(z: float) -> float:
    """P(|Z| >= |z|)."""
    return float(2 * ndtr(-abs(z)))


def chi2_p(x: float, df: float) -> float:
    """P(chi squared >= x)."""
    return float(chdtrc(df, x))


def student_reach(df: float, confidence: float) -> float:
    """How many standard errors a two-sided interval reaches."""
    return abs(float(stdtrit(df, (1 - confidence) / 2)))


def normal_reach(confidence: float) -> float:
    """How many standard errors a two-sided normal interval reaches."""
    return abs(float(ndtri((1 - confidence) / 2)))
