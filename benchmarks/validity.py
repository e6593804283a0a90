"""Do the tests hold their level, the intervals their coverage? Simulated trials.

    python -m benchmarks.validity --trials 400 --seed 20260101 --processes 2

Each trial has two arms, four visits, a participant's own level (SD 4) and errors
(SD 3; normal, or exponential less its mean) without any effect of the arm. Missing
visits depend on the first value (35 % above the mean, 10 % below), so they are missing
at random. What is judged is the difference of the arms at the last visit and the
interaction of arm and visit. An effect added to one arm moves an estimate of these
linear models by that effect and nothing else: a null trial therefore serves for level
and coverage, and the same errors with the effect added serve for power. That is not so
once EM has filled the gaps without regard to the arm, which draws the arms together:
its coverage and power come from a second analysis, the effect added before filling.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics import em_normal, group_sequential, mixed_model

VISITS = ("0", "1", "2", "3")
EFFECT = 3.5
ALPHA = 0.05
FORMULA = "madrs ~ group * visit"
JUDGED = ("rejects_difference", "rejects_interaction", "covers", "detects")
LOOKS = (1 / 3, 2 / 3, 1.0)


class Scenario(NamedTuple):
    n: int
    visits: str
    errors: str


class Outcome(NamedTuple):
    """Of one trial and one analysis; NaN where a fit gave no number."""

    analysis: str
    rejects_difference: float
    rejects_interaction: float
    detects: float
    covers: float


def simulated(scenario: Scenario, generator: np.random.Generator) -> pd.DataFrame:
    n, m = scenario.n, len(VISITS)
    size = (n, m)
    if scenario.errors == "normal":
        errors = generator.normal(0, 3, size)
    else:
        errors = 3 * (generator.exponential(1, size) - 1)
    madrs = 30 + generator.normal(0, 4, (n, 1)) - 2 * np.arange(m) + errors
    if scenario.visits == "missing":
        chance = np.where(madrs[:, :1] > 30, 0.35, 0.10)
        missing = generator.random(size) < chance
        missing[:, 0] = False
        madrs[missing] = np.nan
    return pd.DataFrame(
        {
            "subject": np.repeat(np.arange(n), m),
            "group": np.where(np.repeat(np.arange(n) % 2, m) == 1, "pain", "non_pain"),
            "visit": pd.Categorical(VISITS * n),
            "madrs": madrs.ravel(),
        }
    )


def em_filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Missing ratings replaced by their conditional means, then taken as observed."""
    wide = frame.pivot_table(
        index="subject", columns="visit", values="madrs", observed=True
    )
    names = [f"madrs_{visit}" for visit in VISITS]
    wide = pd.DataFrame(wide.to_numpy(), columns=names)
    filled = wide.to_numpy(copy=True)
    for value in em_normal(wide, names).completed:
        filled[value.row, names.index(value.variable)] = value.value
    return frame.assign(madrs=filled.ravel())


def analyses(missing: bool) -> Iterator[tuple[str, str, str, bool]]:
    """Name, covariance, degrees of freedom, and whether EM fills the gaps first."""
    for covariance in ("intercept", "unstructured"):
        for ddf in ("satterthwaite", "kenward-roger", "residual"):
            yield f"{covariance}, {ddf}", covariance, ddf, False
    if missing:
        yield "EM-filled, intercept, satterthwaite", "intercept", "satterthwaite", True


def judged(
    name: str, frame: pd.DataFrame, covariance: str, ddf: str, present: float = 0.0
) -> Outcome:
    """`present` is the effect that the frame holds."""
    if covariance == "intercept":
        model = mixed_model(FORMULA, frame, "subject", random="1", ddf=ddf)
    else:
        model = mixed_model(
            FORMULA, frame, "subject", repeated=covariance, time="visit", ddf=ddf
        )
    interaction = next(r for r in model.type3().rows if r.term == "group:visit")
    difference = model.contrasts("group", by="visit").rows[-1]
    known = [difference[k] for k in ("estimate", "se", "df")]
    if None in known:
        return Outcome(name, np.nan, np.nan, np.nan, np.nan)
    estimate, se, df = (float(value or 0) for value in known)
    limit = float(stats.t.ppf(1 - ALPHA / 2, df))
    rejects = abs(estimate / se) > limit
    p = np.nan if interaction.p is None else float(interaction.p < ALPHA)
    detects = abs((estimate + EFFECT - present) / se) > limit
    covers = abs((estimate - present) / se) <= limit
    return Outcome(name, float(rejects), p, float(detects), float(covers))


def one_trial(task: tuple[Scenario, int, int]) -> list[Outcome]:
    scenario, seed, number = task
    generator = np.random.default_rng([seed, number, *scenario_key(scenario)])
    frame = simulated(scenario, generator)
    missing = scenario.visits == "missing"
    return [
        judged_after_filling(name, frame, covariance, ddf)
        if fill
        else judged(name, frame, covariance, ddf)
        for name, covariance, ddf, fill in analyses(missing)
    ]


def judged_after_filling(
    name: str, frame: pd.DataFrame, covariance: str, ddf: str
) -> Outcome:
    """Level from the null trial, coverage and power with the effect in the data."""
    last = (frame["group"] == "pain") & (frame["visit"] == VISITS[-1])
    shifted = frame.assign(madrs=frame["madrs"] - EFFECT * last)
    null = judged(name, em_filled(frame), covariance, ddf)
    other = judged(name, em_filled(shifted), covariance, ddf, present=EFFECT)
    return null._replace(detects=other.detects, covers=other.covers)


def scenario_key(scenario: Scenario) -> tuple[int, int, int]:
    return (
        scenario.n,
        int(scenario.visits == "missing"),
        int(scenario.errors == "skewed"),
    )


def percent(values: pd.Series) -> str:
    """A share with its Monte Carlo standard error, both in per cent."""
    known = values.dropna()
    share = float(known.mean())
    error = np.sqrt(share * (1 - share) / len(known))
    return f"{100 * share:.1f} ({100 * error:.1f})"


def report_models(trials: int, seed: int, pool: ProcessPoolExecutor) -> None:
    columns = (
        *("n", "visits", "errors", "analysis", "level, last visit"),
        *("level, interaction", "coverage", "power", "without a number"),
    )
    print(f"| {' | '.join(columns)} |")
    print(f"|{' --- |' * len(columns)}")
    for scenario in map(
        Scenario._make,
        product((20, 66, 200), ("balanced", "missing"), ("normal", "skewed")),
    ):
        tasks = [(scenario, seed, number) for number in range(trials)]
        found = pool.map(one_trial, tasks, chunksize=20)
        table = pd.DataFrame([outcome for outcomes in found for outcome in outcomes])
        for name, rows in table.groupby("analysis", sort=False):
            shown = [percent(rows[column]) for column in JUDGED]
            lost = int(rows["covers"].isna().sum())
            cells = [*map(str, scenario), str(name), *shown, str(lost)]
            print(f"| {' | '.join(cells)} |", flush=True)


def crossing(spending: str, n: int, drift: float, repeats: int, seed: int) -> float:
    """Share of trials whose t statistic crosses the bounds at one of three looks."""
    generator = np.random.default_rng([seed, n, len(spending)])
    bounds = np.array([s.z for s in group_sequential(LOOKS, spending).stages])
    half = n // 2
    shift = drift * np.sqrt(2 / half)
    first = generator.normal(0, 1, (repeats, half))
    second = generator.normal(shift, 1, (repeats, half))
    crossed = np.zeros(repeats, dtype=bool)
    for look, bound in zip(LOOKS, bounds, strict=True):
        k = round(look * half)
        a, b = first[:, :k], second[:, :k]
        spread = np.sqrt((a.var(axis=1, ddof=1) + b.var(axis=1, ddof=1)) / k)
        crossed |= np.abs(b.mean(axis=1) - a.mean(axis=1)) / spread > bound
    return float(crossed.mean())


def report_sequential(repeats: int, seed: int) -> None:
    print("\n| bounds | n | level | power |\n| --- | --- | --- | --- |")
    for spending, n in product(("obrien_fleming", "pocock"), (20, 66, 200)):
        drift = group_sequential(LOOKS, spending, power=0.8).to_dict()["drift"]
        shares = (crossing(spending, n, d, repeats, seed) for d in (0.0, drift))
        cells = [
            f"{100 * p:.2f} ({100 * np.sqrt(p * (1 - p) / repeats):.2f})"
            for p in shares
        ]
        print(f"| {spending} | {n} | {' | '.join(cells)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description="Level, coverage and power.")
    parser.add_argument("--trials", type=int, default=400)
    parser.add_argument("--sequential", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=20260101)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    with ProcessPoolExecutor(options.processes) as pool:
        report_models(options.trials, options.seed, pool)
    report_sequential(options.sequential, options.seed)


if __name__ == "__main__":
    main()
