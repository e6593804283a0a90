"""The only place where rows of the database become frames of a data cut.

Every frame is sorted and has plain columns: participants by subject id, visits and
analytes by code, times in UTC. What is not taken is counted, with the reason.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from analysis.cuts import LeftOut
from analysis.plan import Collection
from assessments.instruments import INSTRUMENTS, score
from assessments.models import Answer, Assessment
from labs.models import Result
from records.models import Form, Signature
from trial.models import Baseline, Participant, Visit
from trial.words import mark as _

PARTICIPANTS = (
    "participant",
    "site",
    "arm",
    "state",
    "enrolled_on",
    "first_infusion_at",
    "infusions_started",
)
BASELINE = (
    "birth_year",
    "sex",
    "education_years",
    "employed",
    "height_cm",
    "weight_kg",
    "illness_months",
    "psychiatric_comorbidity",
    "family_history",
    "antidepressant_dose_mg_day",
    "antipsychotic",
    "mood_stabiliser",
    "benzodiazepine",
)
DECIMALS = ("education_years", "height_cm", "weight_kg", "antidepressant_dose_mg_day")
RATINGS = (
    "participant",
    "visit",
    "instrument",
    "kind",
    "measure",
    "value",
    "missing",
    "rated_at",
)
CYTOKINES = (
    "participant",
    "visit",
    "analyte",
    "concentration_pg_ml",
    "range_flag",
    "printed_bound_pg_ml",
    "lloq_pg_ml",
    "uloq_pg_ml",
    "cv_percent",
    "n_wells",
    "duplicates",
    "plate",
    "version",
)
NUMBERS = (
    "concentration_pg_ml",
    "printed_bound_pg_ml",
    "lloq_pg_ml",
    "uloq_pg_ml",
    "cv_percent",
)

IN_SCREENING = _("in screening")
NOT_ELIGIBLE = _("not eligible")
LEFT_BEFORE = _("withdrew before enrolment")
UNDER_WAY = _("the course is not over")
NOT_SIGNED = _("complete, but not signed")
SIGNATURE_FELL = _("changed since it was signed")
NOT_COMPLETE = {
    Form.Completion.NOT_STARTED: _("not started"),
    Form.Completion.IN_PROGRESS: _("in progress"),
    Form.Completion.MISSED: _("missed"),
    Form.Completion.NOT_DONE: _("not done"),
}
BASELINE_AS_ENTERED = _("Baseline characteristics are taken as entered, not signed.")


@dataclass(frozen=True)
class Gathered:
    """The frames of a cut, by name, and what was not taken."""

    frames: dict[str, pd.DataFrame]
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]
    protocol_versions: tuple[str, ...]


def gather(collection: Collection) -> Gathered:
    """Everything signed or accepted of those whom the plan collects."""
    taken = of_collection(collection)
    ratings = signed_ratings(taken)
    frames = {
        "participants": participants_frame(taken),
        "baseline": baseline_frame(taken),
        "ratings": ratings_frame(ratings),
        "cytokines": cytokines_frame(taken),
    }
    versions = taken.order_by().values_list("protocol_version", flat=True).distinct()
    left_out = (*participants_left_out(taken), *forms_left_out(taken))
    return Gathered(
        frames, left_out, (BASELINE_AS_ENTERED,), tuple(sorted(set(versions)))
    )


def of_collection(collection: Collection) -> QuerySet[Participant]:
    """The enrolled who withdrew, or whose last visit was attended or missed."""
    last = Q()
    for arm, visit_type in collection.last_visits.items():
        last |= Q(participant__arm=arm, visit_type=visit_type)
    ended = Visit.objects.filter(last, participant=OuterRef("pk")).exclude(
        state=Visit.State.PLANNED
    )
    over = Q(Exists(ended)) | Q(
        state__in=[Participant.State.WITHDRAWN, Participant.State.LOST]
    )
    enrolled = Participant.objects.exclude(enrolled_on=None)
    return enrolled.filter(over).order_by("subject_id")


def participants_left_out(taken: QuerySet[Participant]) -> Iterator[LeftOut]:
    reasons = {
        Participant.State.SCREENING.value: IN_SCREENING,
        Participant.State.SCREEN_FAILED.value: NOT_ELIGIBLE,
        Participant.State.WITHDRAWN.value: LEFT_BEFORE,
        Participant.State.LOST.value: LEFT_BEFORE,
    }
    out = Participant.objects.exclude(pk__in=taken.order_by().values("pk"))
    counts = Counter(
        reasons.get(state, UNDER_WAY) for state in out.values_list("state", flat=True)
    )
    for reason, n in sorted(counts.items()):
        yield LeftOut("participant", reason, n)


def standing() -> Exists:
    """Whether a signature stands on the form of the row."""
    kind = ContentType.objects.get_for_model(Form)
    return Exists(
        Signature.objects.filter(
            target_type=kind, target_id=OuterRef("pk"), fallen_at=None
        )
    )


def forms_left_out(taken: QuerySet[Participant]) -> Iterator[LeftOut]:
    """Rating forms of those who are in the cut, that are not, by reason."""
    kind = ContentType.objects.get_for_model(Form)
    once = Signature.objects.filter(target_type=kind, target_id=OuterRef("pk"))
    forms = (
        Form.objects.filter(
            about_type=ContentType.objects.get_for_model(Visit),
            participant_id__in=taken.values("pk"),
            code__in=INSTRUMENTS,
        )
        .annotate(is_signed=standing(), was_signed=Exists(once))
        .exclude(completion=Form.Completion.COMPLETE, is_signed=True)
    )
    counts: Counter[str] = Counter()
    for completion, was_signed in forms.values_list("completion", "was_signed"):
        unsigned = SIGNATURE_FELL if was_signed else NOT_SIGNED
        counts[NOT_COMPLETE.get(Form.Completion(completion), unsigned)] += 1
    for reason, n in sorted(counts.items()):
        yield LeftOut("rating", reason, n)


def signed_ratings(taken: QuerySet[Participant]) -> QuerySet[Assessment]:
    signed = Form.objects.filter(
        standing(), pk=OuterRef("form_id"), completion=Form.Completion.COMPLETE
    )
    return Assessment.objects.filter(
        Exists(signed), participant__in=taken.values("pk")
    ).order_by("participant__subject_id", "visit__visit_type", "instrument")


def participants_frame(taken: QuerySet[Participant]) -> pd.DataFrame:
    rows = taken.annotate(
        first_infusion_at=Min("infusions__started_at"),
        infusions_started=Count("infusions__started_at"),
    ).values_list(
        "subject_id",
        "site__code",
        "arm",
        "state",
        "enrolled_on",
        "first_infusion_at",
        "infusions_started",
    )
    frame = framed(rows, PARTICIPANTS)
    frame["enrolled_on"] = pd.to_datetime(frame["enrolled_on"])
    return timed(frame, "first_infusion_at")


def baseline_frame(taken: QuerySet[Participant]) -> pd.DataFrame:
    rows = Baseline.objects.filter(participant__in=taken.values("pk"))
    fields = rows.order_by("participant__subject_id").values_list(
        "participant__subject_id", *BASELINE
    )
    frame = framed(fields, ("participant", *BASELINE))
    for column in DECIMALS:
        frame[column] = pd.to_numeric(frame[column]).astype("float64")
    return frame


def ratings_frame(ratings: QuerySet[Assessment]) -> pd.DataFrame:
    """Long: a row an item, as answered, and a row a total, derived from them."""
    about = {
        row[0]: row[1:]
        for row in ratings.values_list(
            "pk",
            "participant__subject_id",
            "visit__visit_type",
            "instrument",
            "rated_at",
        )
    }
    answers = (
        Answer.objects.filter(assessment__in=ratings.order_by().values("pk"))
        .order_by("assessment_id", "item")
        .values_list("assessment_id", "item", "value", "missing")
    )
    by_rating = {
        pk: [row[1:] for row in rows]
        for pk, rows in groupby(answers.iterator(5000), key=itemgetter(0))
    }
    lines = [
        (participant, visit, instrument, kind, measure, value, missing, rated_at)
        for pk, (participant, visit, instrument, rated_at) in about.items()
        for kind, measure, value, missing in measures(instrument, by_rating[pk])
    ]
    frame = framed(lines, RATINGS)
    frame["value"] = frame["value"].astype("float64")
    return timed(frame, "rated_at")


def measures(
    instrument: str, answers: list[tuple[str, int | None, str]]
) -> Iterator[tuple[str, str, float | None, str]]:
    """Kind, code, value and reason of every item and every total of one rating."""
    for item, value, missing in answers:
        yield "item", item, value, missing
    scale = INSTRUMENTS[instrument]
    scores = score(scale, {item: value for item, value, _missing in answers})
    for total in scale.totals:
        sum_of = scores.value(total.code)
        yield "total", total.code, sum_of, "" if sum_of is not None else "item missing"


def cytokines_frame(taken: QuerySet[Participant]) -> pd.DataFrame:
    """Long: the latest accepted result of every analyte in every specimen."""
    newer = Result.objects.filter(
        specimen=OuterRef("specimen"),
        analyte=OuterRef("analyte"),
        version__gt=OuterRef("version"),
    )
    rows = (
        Result.objects.filter(
            ~Exists(newer), specimen__participant__in=taken.values("pk")
        )
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
            "version",
        )
    )
    frame = framed(rows, CYTOKINES)
    for column in NUMBERS:
        frame[column] = frame[column].astype("float64")
    return frame


def framed(rows: Iterable[Any], columns: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame.from_records(list(rows), columns=list(columns))


def timed(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The column as instants in UTC, also where the frame has no row."""
    frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame
