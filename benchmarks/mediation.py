"""The bootstrap of an indirect effect: 10,000 resamples at several numbers of rows.

    python -m benchmarks.mediation

Best of five after a first call; the largest memory of the process stands below.
"""

import resource
import time

import numpy as np
import pandas as pd

from analysis.statistics import mediation

SIZES = (66, 200, 1_000, 2_000)
RESAMPLES = 10_000
SEED = 20260101


def trial(n: int) -> pd.DataFrame:
    """Half of the effect of x on y goes through m."""
    generator = np.random.default_rng(SEED)
    x, e, u = generator.normal(size=(3, n))
    m = 0.5 * x + e
    return pd.DataFrame({"x": x, "m": m, "y": 0.4 * m + 0.2 * x + u})


def seconds(frame: pd.DataFrame) -> float:
    def once() -> float:
        begun = time.perf_counter()
        mediation(frame, "x", "m", "y", resamples=RESAMPLES, seed=SEED)
        return time.perf_counter() - begun

    once()
    return min(once() for _ in range(5))


def main() -> None:
    print("| rows | 10,000 resamples |\n| --- | --- |")
    for n in SIZES:
        print(f"| {n:,} | {seconds(trial(n)):.3f} s |")
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"\nLargest memory of the process: {kilobytes / 1024:.0f} MB")


if __name__ == "__main__":
    main()
