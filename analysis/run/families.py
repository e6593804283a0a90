"""The joining step: p values adjusted within the families that the plan declares."""

from collections.abc import Mapping
from typing import Any

from analysis.plan import Plan
from analysis.run.shape import Values
from analysis.statistics import adjust_p


def joined(plan: Plan, results: Mapping[str, Values]) -> dict[str, Any]:
    """Family -> its method, size and p values, raw and adjusted, in the plan's order.

    `results` are those that are done, by the code of the analysis. What failed is no
    member: `n_missing` says how many of the declared tests are not there.
    """
    return {family.code: _family(plan, family, results) for family in plan.families}


def _family(plan: Plan, family: Any, results: Mapping[str, Values]) -> dict[str, Any]:
    declared = [a.code for a in plan.analyses if a.family == family.code]
    rows = [
        {"code": code, "name": test["name"], "p": test["p"]}
        for code in declared
        for test in results.get(code, {}).get("tests", ())
        if test["family"] == family.code
    ]
    if rows:
        adjusted = adjust_p([row["p"] for row in rows], family.method)
        for row, value in zip(rows, adjusted.values, strict=True):
            row["adjusted"] = value.adjusted
    return {
        "words": family.words,
        "method": family.method,
        "n_tests": len(rows),
        "n_missing": len(declared) - len(rows),
        "tests": rows,
    }
