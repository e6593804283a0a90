"""Means, standard deviations and tests of two groups of equal or unequal size."""

import math

from analysis.paper.printed import Range, magnitude, spread


def pooled_t(
    mean_1: float, sd_1: float, mean_2: float, sd_2: float, n_1: int, n_2: int
) -> float:
    """Student's t of the first mean less the second."""
    squares = (n_1 - 1) * sd_1**2 + (n_2 - 1) * sd_2**2
    variance = squares / (n_1 + n_2 - 2)
    return (mean_1 - mean_2) / math.sqrt(variance * (1 / n_1 + 1 / n_2))


def total_sd(gap: float, sd_1: float, sd_2: float, n_1: int, n_2: int) -> float:
    """The standard deviation of both groups together, their means `gap` apart."""
    squares = (n_1 - 1) * sd_1**2 + (n_2 - 1) * sd_2**2
    between = n_1 * n_2 / (n_1 + n_2) * gap**2
    return math.sqrt((squares + between) / (n_1 + n_2 - 1))


def t_range(
    first: tuple[Range, Range], second: tuple[Range, Range], n_1: int, n_2: int
) -> Range:
    """t over the rounding of two means and two standard deviations."""
    return spread(
        lambda *x: pooled_t(x[0], x[1], x[2], x[3], n_1, n_2), *first, *second
    )


def total_mean_range(first: Range, second: Range, n_1: int, n_2: int) -> Range:
    return spread(lambda a, b: (n_1 * a + n_2 * b) / (n_1 + n_2), first, second)


def total_sd_range(
    first: tuple[Range, Range], second: tuple[Range, Range], n_1: int, n_2: int
) -> Range:
    """The total SD over the rounding of two means and two standard deviations."""
    gap = magnitude(Range(first[0].low - second[0].high, first[0].high - second[0].low))
    return spread(
        lambda *x: total_sd(x[0], x[1], x[2], n_1, n_2), gap, first[1], second[1]
    )


def linear_by_linear(chi2: float, n: int) -> float:
    """Mantel's chi-square of a two by two table: Pearson's times (N - 1) / N."""
    return chi2 * (n - 1) / n
