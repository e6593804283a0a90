"""Whole fits with Satterthwaite df, side by side with statsmodels and R, in one run.

    python -m benchmarks.mixed_models

66, 1,000 and 10,000 participants at 8 visits, a tenth of the rows missing, best of
three after a first call. statsmodels gives no Satterthwaite df, so its time is that of
the fit alone. R is asked where `Rscript` is there, for the packages it has.
"""

import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from statsmodels.regression.mixed_linear_model import MixedLM

from analysis.statistics import mixed_model

FORMULA = "madrs ~ group * visit"
SIZES = (66, 1_000, 10_000)
R_CALLS = {
    "lmerTest": (
        "library(lmerTest)",
        "summary(lmer(madrs ~ group * visit + (1 | subject), data = d))",
        10_000,
    ),
    "nlme::gls": (
        "library(nlme)",
        "gls(madrs ~ group * visit, d, correlation = corSymm(form = ~ place | subject),"
        " weights = varIdent(form = ~ 1 | visit))",
        66,
    ),
    "mmrm": (
        "library(mmrm)",
        "summary(mmrm(madrs ~ group * visit + us(visit | subject), data = d))",
        10_000,
    ),
}
R_SCRIPT = """
suppressMessages({library_call})
d <- read.csv("{path}", stringsAsFactors = TRUE)
d$visit <- factor(d$visit); d$place <- as.integer(d$visit)
run <- function() {call}
invisible(suppressWarnings(run()))
cat(min(replicate({repeats}, system.time(suppressWarnings(run()))[["elapsed"]])))
"""


def simulated(n: int) -> pd.DataFrame:
    generator = np.random.default_rng(20260101 + n)
    subject, visit = np.repeat(np.arange(n), 8), np.tile(np.arange(8), n)
    own = 4 * generator.normal(size=n)[subject]
    frame = pd.DataFrame(
        {
            "subject": [f"S{i:05d}" for i in subject],
            "group": np.where(subject % 2 == 1, "pain", "non_pain"),
            "visit": visit.astype(str),
            "madrs": 30 + own - visit + 3.5 * generator.normal(size=8 * n),
        }
    )
    return frame[generator.random(8 * n) > 0.1].reset_index(drop=True)


def seconds(call: Callable[[], object], repeats: int = 3) -> float:
    call()
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def of_statsmodels(frame: pd.DataFrame) -> float:
    def fit() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return MixedLM.from_formula(FORMULA, frame, groups="subject").fit()

    return seconds(fit, 3 if len(frame) < 10_000 else 1)


def of_r(name: str, frame: pd.DataFrame) -> float | None:
    """None where R, or the package, is not there or the size is beyond it."""
    rscript = shutil.which("Rscript")
    library, call, largest = R_CALLS[name]
    if rscript is None or frame["subject"].nunique() > largest:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trial.csv"
        frame.to_csv(path, index=False)
        repeats = 3 if len(frame) < 10_000 else 1
        script = R_SCRIPT.format(
            library_call=library, path=path, call=call, repeats=repeats
        )
        done = subprocess.run(
            [rscript, "-e", script], capture_output=True, text=True, check=False
        )
    return float(done.stdout.split()[-1]) if done.returncode == 0 else None


def shown(other: float | None, ours: float) -> str:
    return "-" if other is None else f"{other:.3f} s ({other / ours:.1f} x)"


def main() -> None:
    print("| participants | model | here | statsmodels | lmerTest | gls | mmrm |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for n in SIZES:
        frame = simulated(n)
        random = seconds(lambda f=frame: mixed_model(FORMULA, f, "subject", random="1"))  # type: ignore[misc]
        others = [of_statsmodels(frame), of_r("lmerTest", frame)]
        cells = " | ".join(shown(other, random) for other in others)
        print(f"| {n} | random intercept | {random:.4f} s | {cells} | - | - |")
        repeated = seconds(
            lambda f=frame: mixed_model(  # type: ignore[misc]
                FORMULA, f, "subject", repeated="unstructured", time="visit"
            )
        )
        others = [of_r("nlme::gls", frame), of_r("mmrm", frame)]
        cells = " | ".join(shown(other, repeated) for other in others)
        print(
            f"| {n} | unstructured | {repeated:.4f} s | - | - | {cells} |", flush=True
        )


if __name__ == "__main__":
    main()
