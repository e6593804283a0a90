"""Specimens, and the latest accepted result of every analyte in each."""

from collections.abc import Iterator
from datetime import datetime

import pandas as pd
from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Exists, OuterRef, Q, QuerySet

from analysis.columns import CYTOKINES, SPECIMENS
from analysis.cuts import LeftOut
from analysis.frames.framed import first_days, framed, numbered, study_day, timed
from labs.models import Plate, Result, Specimen, Well
from trial.models import Participant
from trial.words import mark as _

NOT_ACCEPTED = _("on a plate that is not accepted")
SUPERSEDED = _("superseded by a later result")


def specimens_frame(taken: QuerySet[Participant], as_of: datetime) -> pd.DataFrame:
    """Blood drawn by then, and blood that is missing with its reason."""
    rows = (
        Specimen.objects.filter(
            Q(drawn_at=None) | Q(drawn_at__lte=as_of),
            participant__in=taken.values("pk"),
        )
        .order_by("participant__subject_id", "visit__visit_type")
        .values_list(
            "participant__subject_id",
            "visit__visit_type",
            "code",
            "drawn_at",
            "missing_reason",
        )
    )
    first = first_days(taken)
    lines = [
        (who, visit, study_day(first, who, drawn_at), code, drawn_at, reason)
        for who, visit, code, drawn_at, reason in rows
    ]
    return timed(numbered(framed(lines, SPECIMENS), "study_day"), "drawn_at")


def accepted(taken: QuerySet[Participant], as_of: datetime) -> QuerySet[Result]:
    return Result.objects.filter(
        accepted_at__lte=as_of, specimen__participant__in=taken.values("pk")
    )


def _superseded(as_of: datetime) -> Exists:
    return Exists(
        Result.objects.filter(
            specimen=OuterRef("specimen"),
            analyte=OuterRef("analyte"),
            version__gt=OuterRef("version"),
            accepted_at__lte=as_of,
        )
    )


def cytokines_frame(taken: QuerySet[Participant], as_of: datetime) -> pd.DataFrame:
    """Long, with limits and wells: what leads from a number to its beads."""
    rows = (
        accepted(taken, as_of)
        .filter(~_superseded(as_of))
        .order_by(
            "specimen__participant__subject_id",
            "specimen__visit__visit_type",
            "analyte__code",
        )
        .values_list(
            "specimen__participant__subject_id",
            "specimen__visit__visit_type",
            "analyte__code",
            "concentration_pg_ml",
            "range_flag",
            "printed_bound_pg_ml",
            "lloq_pg_ml",
            "uloq_pg_ml",
            "cv_percent",
            "n_wells",
            "duplicates",
            "plate__batch",
            "plate__lot__number",
            "version",
            "specimen__code",
            "plate_id",
            "pk",
        )
    )
    frame = framed(rows, [name for name in CYTOKINES if name != "wells"])
    frame["lot"] = frame["lot"].fillna("")
    wells = _wells(sorted({int(plate) for plate in frame["plate_id"]}))
    places = zip(frame["plate_id"], frame["specimen"], strict=True)
    frame["wells"] = [wells.get(place, "") for place in places]
    return numbered(frame, *LEVELS)[list(CYTOKINES)]


LEVELS = (
    "concentration_pg_ml",
    "printed_bound_pg_ml",
    "lloq_pg_ml",
    "uloq_pg_ml",
    "cv_percent",
)


def _wells(plates: list[int]) -> dict[tuple[int, str], str]:
    """The names of the wells that a result stands on, by plate and specimen."""
    rows = (
        Well.objects.filter(plate__in=plates, specimen__isnull=False, excluded_at=None)
        .order_by()
        .values_list("plate_id", "specimen__code")
        .annotate(names=StringAgg("name", " ", order_by="id"))
    )
    return {(plate, code): names for plate, code, names in rows}


def results_left_out(
    taken: QuerySet[Participant], as_of: datetime
) -> Iterator[LeftOut]:
    """Results that were replaced, and specimens on plates that nobody approved."""
    old = accepted(taken, as_of).filter(_superseded(as_of)).count()
    if old:
        yield LeftOut("result", SUPERSEDED, old)
    waiting = (
        Well.objects.filter(specimen__participant__in=taken.values("pk"))
        .exclude(plate__state=Plate.State.APPROVED, plate__approved_at__lte=as_of)
        .order_by()
        .values("plate_id", "specimen_id")
        .distinct()
        .count()
    )
    if waiting:
        yield LeftOut("result", NOT_ACCEPTED, waiting)
