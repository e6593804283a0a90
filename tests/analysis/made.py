"""Frames of a cut as small as the rules need, made by hand."""

from collections.abc import Sequence

import pandas as pd

from analysis.columns import COLUMNS


def frames(
    madrs: dict[str, dict[str, float | None]],
    pain: Sequence[str],
    infusions: dict[str, int] | None = None,
) -> dict[str, pd.DataFrame]:
    """`madrs`: participant -> visit -> total; `pain`: who has a VAS of 40 mm."""
    own = infusions or {}
    people = [
        {
            "participant": one,
            "arm": "patient",
            "state": "enrolled",
            "infusions_started": own.get(one, 6),
        }
        for one in madrs
    ]
    ratings = [
        rating(one, visit, "madrs", "total", "MADRS111", value)
        for one, totals in madrs.items()
        for visit, value in totals.items()
    ]
    for one in madrs:
        answers = {f"SFMP1{number:02}": 0.0 for number in range(1, 17)}
        answers["SFMP117"] = 40.0 if one in pain else 0.0
        ratings += [
            rating(one, "baseline", "sfmpq", "item", item, value)
            for item, value in answers.items()
        ]
    rows = {"participants": people, "ratings": ratings}
    return {
        name: pd.DataFrame(rows.get(name, []), columns=list(columns))
        for name, columns in COLUMNS.items()
    }


def rating(
    one: str, visit: str, instrument: str, kind: str, measure: str, value: float | None
) -> dict[str, object]:
    return {
        "participant": one,
        "visit": visit,
        "instrument": instrument,
        "kind": kind,
        "measure": measure,
        "value": value,
    }


def as_published() -> dict[str, pd.DataFrame]:
    """33 with pain of whom 24 respond, 33 without of whom 16 do; from 30 to 15."""
    madrs: dict[str, dict[str, float | None]] = {}
    for i in range(33):
        madrs[f"P-{i:02}"] = {"baseline": 30, "day13": 15 if i < 24 else 16}
        madrs[f"N-{i:02}"] = {"baseline": 30, "day13": 15 if i < 16 else 16}
    return frames(madrs, pain=[one for one in madrs if one.startswith("P")])
