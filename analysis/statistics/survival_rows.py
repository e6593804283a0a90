"""Durations and events: what the survival functions read from a frame."""

import numpy as np
import pandas as pd

from analysis.statistics.rows import FloatArray, UsedRows


def read_durations(used: UsedRows, column: str) -> FloatArray:
    """Times to event or censoring, in the units of the column; none is negative."""
    times = used.numbers(column)
    if (times < 0).any():
        raise ValueError(
            f"The duration '{column}' is negative, {times[times < 0][0]:g}, in "
            f"{int((times < 0).sum())} row(s); a time counts from 0, correct it at the "
            "source."
        )
    return times


def read_events(used: UsedRows, column: str, *, needed: bool) -> FloatArray:
    """1 for an event, 0 for a censoring; with `needed`, none at all is refused."""
    values = used.frame[column]
    flags = values.dtype == object and all(
        isinstance(value, bool | np.bool_) for value in values
    )
    if flags or pd.api.types.is_bool_dtype(values.dtype):
        events = values.to_numpy(dtype=bool).astype(np.float64)
    else:
        events = used.numbers(column)
    wrong = events[(events != 0) & (events != 1)]
    if len(wrong):
        raise ValueError(
            f"The event '{column}' must be 1 (event) or 0 (censored), but is "
            f"{wrong[0]:g} in {len(wrong)} row(s), such as that one; recode it first."
        )
    if needed and not events.any():
        raise ValueError(
            f"The event '{column}' is 0 in all {len(events)} rows used: without an "
            "event there is nothing to compare. Check the column and the filter of the "
            "rows."
        )
    return events
