"""What a signature on a form is bound to: exactly what the page of signing shows."""

from collections.abc import Iterable
from typing import Any

from django.forms import model_to_dict

from assessments.entry import content_of as content_of_rating
from assessments.instruments import INSTRUMENTS
from assessments.models import Assessment
from records.models import Form
from records.signing import canonical, sha256_of
from trial.models import Baseline

Content = dict[str, Any]


def contents_of(forms: Iterable[Form]) -> dict[int, Content]:
    """The content of each form, by its id, read in a few queries."""
    rows = list(forms)
    ratings = {
        rating.form_id: rating
        for rating in Assessment.objects.filter(form__in=rows)
        .select_related("visit__participant", "rater")
        .prefetch_related("answers")
    }
    people = [form.participant_id for form in rows if form.code == "baseline"]
    baselines = {
        row.participant_id: row
        for row in Baseline.objects.filter(participant__in=people)
    }
    return {form.pk: content_of(form, ratings.get(form.pk), baselines) for form in rows}


def content_of(
    form: Form, rating: Assessment | None, baselines: dict[int, Baseline]
) -> Content:
    if form.not_done_reason:
        return {"completion": form.completion, "reason": form.not_done_reason}
    if rating is not None:
        return content_of_rating(rating, INSTRUMENTS[rating.instrument])
    baseline = baselines.get(form.participant_id)
    if form.code == "baseline" and baseline is not None:
        return {"form": form.code, "version": form.version, **model_to_dict(baseline)}
    return {"form": form.code, "version": form.version, "completion": form.completion}


def hash_of(content: Content) -> str:
    return sha256_of(canonical(content))
