"""How long a whole plan takes: two workers, 66 patients, and larger trials.

    python benchmarks/analysis.py [--copies N] [--plan published] [--workers 2]

`--copies 1` is the trial of 66 patients and 60 controls, 152 of them are 10,000. The
mediation draws 10,000 resamples. Printed are seconds by the clock, seconds of CPU, and
the most memory that a process of it held.
"""

import argparse
import resource
import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis.plans import CURRENT
from analysis.run.whole import run_plan
from demo.cut_frames import cut_frames

MOST_SECONDS = 15


def cpu_seconds() -> float:
    used = (
        resource.getrusage(who)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return sum(one.ru_utime + one.ru_stime for one in used)


def most_megabytes() -> float:
    return max(
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--plan", choices=sorted(CURRENT), default="published")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    plan, frames = CURRENT[asked.plan], cut_frames(asked.copies)
    before, started = cpu_seconds(), perf_counter()
    whole = run_plan(plan, frames, asked.workers)
    seconds, cpu = perf_counter() - started, cpu_seconds() - before
    people = frames["participants"]
    print(
        f"plan {plan.code}: {len(whole.results)} done, {len(whole.failed)} failed, "
        f"{int((people['arm'] == 'patient').sum())} patients, {asked.workers} workers"
    )
    print(
        f"{seconds:.1f} s by the clock, {cpu:.1f} s of CPU, at most "
        f"{most_megabytes():.0f} MB in a process"
    )
    for code, why in list(whole.failed.items())[:5]:
        print(f"failed: {code}: {why}")
    return 1 if asked.copies == 1 and seconds > MOST_SECONDS else 0


if __name__ == "__main__":
    sys.exit(main())
