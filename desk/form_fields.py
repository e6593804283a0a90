"""The fields of a form: each with its name, its value in words, and where it stands."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.instruments import INSTRUMENTS, Item, score
from assessments.models import Answer, Assessment
from assessments.sheet import totals_of
from records.models import Form
from records.sentences import spoken
from records.verification import Seen
from trial.forms import BaselineForm
from trial.models import Baseline


@dataclass(frozen=True)
class Field:
    """`value` is the number or text, `words` its anchor or the reason it is missing."""

    code: str
    name: str
    value: str
    words: str
    seen: Seen


def fields_of(form: Form) -> list[Field]:
    """What was entered, in the order of the form; nothing before it is entered."""
    if form.code == "baseline":
        row = Baseline.objects.filter(participant_id=form.participant_id).first()
        return fields_of_baseline(row) if row else []
    rating = Assessment.objects.filter(form=form).prefetch_related("answers").first()
    return fields_of_rating(rating) if rating else []


def fields_of_rating(rating: Assessment) -> list[Field]:
    answers = {answer.item: answer for answer in rating.answers.all()}
    rated_at = timezone.localtime(rating.rated_at).strftime("%Y-%m-%d %H:%M")
    seen = Seen("rated_at", "assessments_assessment", rating.pk, ("rated_at",))
    found = [Field("rated_at", _("rated at"), rated_at, "", seen)]
    for item in INSTRUMENTS[rating.instrument].items:
        if item.code in answers:
            found.append(field_of_answer(item, answers[item.code]))
    return found


def field_of_answer(item: Item, answer: Answer) -> Field:
    labels = {choice.value: _(choice.label) for choice in item.choices}
    if answer.value is None:
        value, words = "–", str(answer.get_missing_display())
    else:
        value, words = str(answer.value), labels.get(answer.value, "")
    seen = Seen(item.code, "assessments_answer", answer.pk, ("value", "missing"))
    return Field(item.code, f"{item.number} {_(item.name)}", value, words, seen)


def fields_of_baseline(row: Baseline) -> list[Field]:
    found = []
    for name in BaselineForm.Meta.fields:
        value: Any = getattr(row, name)
        label = getattr(Baseline._meta.get_field(name), "verbose_name", name)
        seen = Seen(name, "trial_baseline", row.pk, (name,))
        found.append(Field(name, str(label), spoken(Baseline, name, value), "", seen))
    return found


def totals_said(form: Form) -> list[dict[str, str]]:
    """The totals of a rating, derived; of another form none."""
    rating = Assessment.objects.filter(form=form).prefetch_related("answers").first()
    if rating is None:
        return []
    return totals_of(score(INSTRUMENTS[rating.instrument], rating.values()))
