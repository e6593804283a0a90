"""Ratings, item by item and total by total."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter

import pandas as pd
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet

from analysis.columns import RATINGS
from analysis.cuts import LeftOut
from analysis.frames.framed import first_days, framed, numbered, study_day, timed
from analysis.frames.signed import signed, signed_before
from assessments.instruments import INSTRUMENTS, score
from assessments.models import Answer, Assessment
from records.models import Form
from trial.models import Participant, Visit
from trial.words import mark as _

NOT_SIGNED = _("complete, but not signed")
SIGNATURE_FELL = _("changed since it was signed")
NOT_COMPLETE = {
    Form.Completion.NOT_STARTED: _("not started"),
    Form.Completion.IN_PROGRESS: _("in progress"),
    Form.Completion.MISSED: _("missed"),
    Form.Completion.NOT_DONE: _("not done"),
}


def forms_left_out(taken: QuerySet[Participant], as_of: datetime) -> Iterator[LeftOut]:
    """Rating forms of those who are in the cut, that are not, by reason."""
    forms = (
        Form.objects.filter(
            about_type=ContentType.objects.get_for_model(Visit),
            participant_id__in=taken.values("pk"),
            code__in=INSTRUMENTS,
        )
        .annotate(is_signed=signed(as_of), was_signed=signed_before(as_of))
        .exclude(completion=Form.Completion.COMPLETE, is_signed=True)
    )
    counts: Counter[str] = Counter()
    for completion, was_signed in forms.values_list("completion", "was_signed"):
        unsigned = SIGNATURE_FELL if was_signed else NOT_SIGNED
        counts[NOT_COMPLETE.get(Form.Completion(completion), unsigned)] += 1
    for reason, n in sorted(counts.items()):
        yield LeftOut("rating", reason, n)


def signed_ratings(
    taken: QuerySet[Participant], as_of: datetime
) -> QuerySet[Assessment]:
    forms = Form.objects.filter(
        signed(as_of), pk=OuterRef("form_id"), completion=Form.Completion.COMPLETE
    )
    return Assessment.objects.filter(
        Exists(forms), participant__in=taken.values("pk")
    ).order_by("participant__subject_id", "visit__visit_type", "instrument")


def ratings_frame(ratings: QuerySet[Assessment]) -> pd.DataFrame:
    """Long: a row an item, as answered, and a row a total, derived from them."""
    about = ratings.values_list(
        "pk",
        "participant__subject_id",
        "visit__visit_type",
        "instrument",
        "recall",
        "rated_at",
        "form_id",
    )
    people = ratings.order_by().values("participant_id")
    first = first_days(Participant.objects.filter(pk__in=people))
    by_rating = _answers(ratings)
    lines = [
        (who, visit, study_day(first, who, at), instrument, recall, *measure, at, form)
        for pk, who, visit, instrument, recall, at, form in about
        for measure in measures(instrument, by_rating[pk])
    ]
    frame = numbered(framed(lines, RATINGS), "value", "study_day")
    return timed(frame, "rated_at")


Answered = list[tuple[str, int | None, str]]


def _answers(ratings: QuerySet[Assessment]) -> dict[int, Answered]:
    answers = (
        Answer.objects.filter(assessment__in=ratings.order_by().values("pk"))
        .order_by("assessment_id", "item")
        .values_list("assessment_id", "item", "value", "missing")
    )
    return {
        pk: [row[1:] for row in rows]
        for pk, rows in groupby(answers.iterator(5000), key=itemgetter(0))
    }


def measures(
    instrument: str, answers: Answered
) -> Iterator[tuple[str, str, float | None, str]]:
    """Kind, code, value and reason of every item and every total of one rating."""
    for item, value, missing in answers:
        yield "item", item, value, missing
    scale = INSTRUMENTS[instrument]
    scores = score(scale, {item: value for item, value, _missing in answers})
    for total in scale.totals:
        sum_of = scores.value(total.code)
        yield "total", total.code, sum_of, "" if sum_of is not None else "item missing"
