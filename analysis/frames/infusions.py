"""Infusions and what was read on their clock."""

from datetime import datetime

import pandas as pd
from django.db.models import Q, QuerySet

from analysis.columns import INFUSIONS, READINGS, VITAL_SIGNS
from analysis.frames.framed import first_days, framed, numbered, study_day, timed
from trial.models import Infusion, Participant, VitalSigns


def infusions_frame(taken: QuerySet[Participant], as_of: datetime) -> pd.DataFrame:
    """Those started by then, and those that were not given."""
    rows = Infusion.objects.filter(
        Q(started_at__lte=as_of) | Q(state=Infusion.State.NOT_GIVEN),
        participant__in=taken.values("pk"),
    ).values_list(
        "participant__subject_id",
        "number",
        "state",
        "planned_on",
        "started_at",
        "stopped_at",
        "weight_kg",
        "dose_mg",
        "pain_reported",
        "not_given_reason",
        "pk",
    )
    first = first_days(taken)
    lines = [
        (*row[:2], study_day(first, row[0], row[4]), *row[2:])
        for row in rows.order_by("participant__subject_id", "number")
    ]
    frame = numbered(framed(lines, INFUSIONS), "study_day", "weight_kg", "dose_mg")
    frame["planned_on"] = pd.to_datetime(frame["planned_on"])
    frame["pain_reported"] = frame["pain_reported"].astype("boolean")
    return timed(frame, "started_at", "stopped_at")


def vital_signs_frame(taken: QuerySet[Participant], as_of: datetime) -> pd.DataFrame:
    rows = (
        VitalSigns.objects.filter(
            participant__in=taken.values("pk"), observed_at__lte=as_of
        )
        .order_by("participant__subject_id", "infusion__number", "minute")
        .values_list(
            "participant__subject_id",
            "infusion__number",
            "minute",
            "observed_at",
            *READINGS,
            "infusion_id",
        )
    )
    return timed(numbered(framed(rows, VITAL_SIGNS), *READINGS), "observed_at")
