"""A whole plan over the frames of a cut, without a database."""

import hashlib
import json
import math
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from analysis.plan import Plan
from analysis.run import Data, Frames, Values, analyse_data, as_bytes, sha256_of
from analysis.run.families import joined

EQUAL_TO = 1e-9
# What a process of the pool keeps; set once when it starts.
_KEPT: dict[str, Data] = {}


@dataclass(frozen=True)
class Whole:
    """Results by code in the order of the plan, why others failed, the families."""

    results: dict[str, Values]
    failed: dict[str, str]
    families: Values

    @property
    def sha256(self) -> str:
        """Of all results: one number that two runs can be compared by."""
        text = "\n".join(f"{code} {sha256_of(r)}" for code, r in self.results.items())
        return hashlib.sha256(text.encode()).hexdigest()

    def to_dict(self) -> Values:
        return {
            "sha256": self.sha256,
            "results": self.results,
            "failed": self.failed,
            "families": self.families,
        }


def run_plan(plan: Plan, frames: Frames, workers: int = 1) -> Whole:
    """Every analysis of the plan; the same for any number of workers."""
    codes = [analysis.code for analysis in plan.analyses]
    if workers == 1:
        data = Data(plan, frames)
        found = [_attempted(data, code) for code in codes]
    else:
        with ProcessPoolExecutor(
            workers, get_context("spawn"), _keep, (plan, dict(frames))
        ) as pool:
            found = list(pool.map(_in_pool, codes, chunksize=4))
    results = {code: r for code, (r, _why) in zip(codes, found, strict=True) if r}
    failed = {code: why for code, (_r, why) in zip(codes, found, strict=True) if why}
    return Whole(results, failed, joined(plan, results))


def _keep(plan: Plan, frames: Frames) -> None:
    _KEPT["data"] = Data(plan, frames)


def _in_pool(code: str) -> tuple[Values | None, str]:
    return _attempted(_KEPT["data"], code)


def _attempted(data: Data, code: str) -> tuple[Values | None, str]:
    try:
        return json.loads(as_bytes(analyse_data(data, code))), ""
    except ValueError as refusal:
        return None, str(refusal)


def unequal(first: Any, second: Any, place: str = "") -> Iterator[str]:
    """Where two results differ by more than 1e-9, relative or absolute."""
    if isinstance(first, dict) and isinstance(second, dict):
        for key in sorted({*first, *second}):
            if key != "sha256":
                yield from unequal(first.get(key), second.get(key), f"{place}/{key}")
    elif isinstance(first, list) and isinstance(second, list):
        if len(first) != len(second):
            yield f"{place}: {len(first)} rows against {len(second)}"
        for i, (one, other) in enumerate(zip(first, second, strict=False)):
            yield from unequal(one, other, f"{place}/{i}")
    elif not _alike(first, second):
        yield f"{place}: {first} against {second}"


def _alike(first: Any, second: Any) -> bool:
    numbers = isinstance(first, int | float) and isinstance(second, int | float)
    if numbers and not isinstance(first, bool):
        return math.isclose(first, second, rel_tol=EQUAL_TO, abs_tol=EQUAL_TO)
    return bool(first == second)
