"""Rows as a frame with plain columns."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from django.db.models import QuerySet

from trial.models import Participant


def framed(rows: Iterable[Any], columns: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame.from_records(list(rows), columns=list(columns))


def timed(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The columns as instants in UTC, also where the frame has no row."""
    for column in columns:
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame


def numbered(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The columns as numbers, NaN for none, also where the frame has no row."""
    for column in columns:
        frame[column] = pd.to_numeric(frame[column]).astype("float64")
    return frame


def first_days(taken: QuerySet[Participant]) -> dict[str, tuple[date, str]]:
    """The local date of infusion 1 and the time zone, by participant."""
    rows = Participant.objects.filter(
        pk__in=taken.order_by().values("pk"), infusions__started_at__isnull=False
    ).values_list("subject_id", "infusions__started_at", "site__time_zone")
    found: dict[str, tuple[datetime, str]] = {}
    for subject, at, zone in rows:
        assert at is not None
        if subject not in found or at < found[subject][0]:
            found[subject] = (at, zone)
    return {one: (local(at, zone), zone) for one, (at, zone) in found.items()}


def local(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def study_day(
    first: dict[str, tuple[date, str]], who: str, at: datetime | None
) -> int | None:
    """Day 1 is the date of infusion 1 and there is no day 0: the day before is -1."""
    if at is None or who not in first:
        return None
    on, zone = first[who]
    apart = (local(at, zone) - on).days
    return apart + 1 if apart >= 0 else apart
