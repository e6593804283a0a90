"""Participants and what Table 1 needs to know of them."""

from datetime import datetime

import pandas as pd
from django.db.models import Count, Min, Q, QuerySet

from analysis.columns import BASELINE_FIELDS, COLUMNS, DECIMALS, PARTICIPANTS
from analysis.frames.framed import first_days, framed, numbered, timed
from trial.models import Baseline, Participant


def participants_frame(taken: QuerySet[Participant], as_of: datetime) -> pd.DataFrame:
    started = Q(infusions__started_at__lte=as_of)
    rows = taken.annotate(
        first_infusion_at=Min("infusions__started_at", filter=started),
        infusions_started=Count("infusions__started_at", filter=started),
    ).values_list(
        "subject_id",
        "site__code",
        "arm",
        "state",
        "enrolled_on",
        "first_infusion_at",
        "infusions_started",
    )
    columns = [name for name in PARTICIPANTS if name != "first_infusion_on"]
    frame = framed(rows, columns)
    frame["enrolled_on"] = pd.to_datetime(frame["enrolled_on"])
    first = first_days(taken)
    on = [first[who][0] if who in first else None for who in frame["participant"]]
    frame["first_infusion_on"] = pd.to_datetime(pd.Series(on, dtype="object"))
    return timed(frame, "first_infusion_at")[list(PARTICIPANTS)]


def baseline_frame(taken: QuerySet[Participant]) -> pd.DataFrame:
    rows = Baseline.objects.filter(participant__in=taken.values("pk"))
    fields = rows.order_by("participant__subject_id").values_list(
        "participant__subject_id", *BASELINE_FIELDS
    )
    return numbered(framed(fields, COLUMNS["baseline"]), *DECIMALS)
