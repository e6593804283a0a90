"""The four statistics of a multivariate hypothesis and their F approximations."""

import math
from typing import NamedTuple

import numpy as np
from scipy.linalg import eigh
from scipy.stats import f

from analysis.statistics.rows import FloatArray


class Statistic(NamedTuple):
    """One statistic of one term."""

    term: str
    statistic: str
    value: float
    F: float | None
    num_df: float
    den_df: float
    p: float | None


def four_statistics(
    term: str, H: FloatArray, E: FloatArray, q: int, error_df: int
) -> list[Statistic]:
    """Pillai, Wilks, Hotelling-Lawley and Roy for hypothesis H (q df) and error E.

    The roots are the eigenvalues of E^-1 H, p outcomes; s = min(p, q),
    m = (|p - q| - 1) / 2, n = (error_df - p - 1) / 2. Where an approximation is left
    without denominator df its F and p are None. Source: Rencher and Christensen 2012,
    section 6.1.
    """
    p = len(E)
    scale = np.sqrt(np.diag(E))
    outer = np.outer(scale, scale)
    s = min(p, q)
    roots = np.maximum(eigh(H / outer, E / outer, eigvals_only=True)[::-1][:s], 0.0)
    m, n = (abs(p - q) - 1) / 2.0, (error_df - p - 1) / 2.0
    r = max(p, q)

    pillai = float((roots / (1.0 + roots)).sum())
    pillai_F = (2 * n + s + 1) / (2 * m + s + 1) * pillai / (s - pillai)

    log_wilks = -float(np.log1p(roots).sum())
    power = 1.0
    if p**2 + q**2 > 5:
        power = math.sqrt((p**2 * q**2 - 4) / (p**2 + q**2 - 5))
    wilks_df = (error_df - (p - q + 1) / 2.0) * power - (p * q - 2) / 2.0
    wilks_F = math.expm1(-log_wilks / power) * wilks_df / (p * q)

    lawley = float(roots.sum())
    lawley_num, lawley_den = s * (2 * m + s + 1), 2 * (s * n + 1)
    lawley_F = lawley_den / (s * lawley_num) * lawley

    roy = float(roots[0])
    roy_den = error_df - r + q
    found = [
        ("Pillai", pillai, pillai_F, s * (2 * m + s + 1), s * (2 * n + s + 1)),
        ("Wilks", math.exp(log_wilks), wilks_F, p * q, wilks_df),
        ("Hotelling-Lawley", lawley, lawley_F, lawley_num, lawley_den),
        ("Roy", roy, roy * roy_den / r, r, roy_den),
    ]
    return [
        Statistic(term, name, value, F, num, den, float(f.sf(F, num, den)))
        if den > 0
        else Statistic(term, name, value, None, num, den, None)
        for name, value, F, num, den in found
    ]
