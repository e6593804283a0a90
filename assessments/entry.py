"""Entering a rating: what was typed becomes a draft, then one complete assessment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from assessments import edit_checks
from assessments.instruments import Instrument, problems
from assessments.models import Answer, Assessment, ImportBatch
from records import forms
from records.context import acting
from records.models import Form
from trial import assignments, consents, windows
from trial.models import Assignment, Visit


@dataclass(frozen=True)
class Sheet:
    """What a person typed: values and, for items without one, the reason."""

    values: Mapping[str, int | None] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_post(cls, instrument: Instrument, post: Mapping[str, str]) -> "Sheet":
        """Read `item_CODE` and `missing_CODE`; text that is no number is kept aside."""
        values: dict[str, int | None] = {}
        unreadable: dict[str, str] = {}
        missing: dict[str, str] = {}
        for item in instrument.items:
            # The database keeps no NUL character, which only a broken client sends.
            text = post.get(f"item_{item.code}", "").replace("\0", "").strip()
            reason = post.get(f"missing_{item.code}", "").replace("\0", "")
            if text:
                try:
                    values[item.code] = int(text)
                except ValueError:
                    unreadable[item.code] = text
            elif reason:
                missing[item.code] = reason
        return cls(values, missing, unreadable)

    @classmethod
    def from_draft(cls, kept: Mapping[str, Mapping[str, str]]) -> "Sheet":
        values = {code: int(value) for code, value in kept.get("values", {}).items()}
        return cls(values, kept.get("missing", {}), kept.get("unreadable", {}))

    def as_draft(self) -> dict[str, Mapping[str, object]]:
        return {
            "values": dict(self.values),
            "missing": dict(self.missing),
            "unreadable": dict(self.unreadable),
        }


def errors_of(instrument: Instrument, sheet: Sheet) -> dict[str, str]:
    """What keeps this sheet from being complete, by item code."""
    errors: dict[str, str] = {}
    for code in sheet.unreadable:
        item = instrument.item(code)
        errors[code] = _(
            "%(scale)s item %(number)s, %(name)s, must be %(allowed)s."
        ) % {
            "scale": instrument.abbreviation,
            "number": item.number,
            "name": _(item.name),
            "allowed": item.allowed.said(_),
        }
    for problem in problems(instrument, sheet.values):
        errors.setdefault(problem.code, problem.message.said(_))
    known = set(Answer.Missing.values)
    for item in instrument.unanswered(sheet.values):
        if item.code in errors or sheet.missing.get(item.code) in known:
            continue
        errors[item.code] = _(
            "%(scale)s item %(number)s, %(name)s, has no answer. Answer it, or say why "
            "it is missing."
        ) % {
            "scale": instrument.abbreviation,
            "number": item.number,
            "name": _(item.name),
        }
    return errors


def rating_form(visit: Visit, instrument: Instrument) -> Form:
    place = forms.Place(visit.site_id, visit.participant_id)
    return forms.form_of(visit, instrument.code, place)


@dataclass(frozen=True)
class Circumstances:
    """Who rated, when, for which period, in which language and how."""

    rater: User
    rated_at: datetime
    recall: str
    language: str = "zh-hans"
    mode: str = Assessment.Mode.SCREEN
    batch: ImportBatch | None = None


@transaction.atomic
def complete_rating(
    visit: Visit,
    instrument: Instrument,
    sheet: Sheet,
    how: Circumstances,
    *,
    version: int | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Assessment:
    """Turn a sheet into the visit's assessment with this instrument, and its form,
    entered now or as of `at`.

    Raises ValidationError, by item, when an item has neither value nor reason, and
    with code `reason` when a complete form is changed without one.
    """
    errors = errors_of(instrument, sheet)
    if errors:
        raise ValidationError(errors)
    consents.check_entry(visit, how.rated_at)
    if instrument.code == "madrs":
        duty = Assignment.Duty.MADRS_RATER
        assignments.take(visit.participant, how.rater, duty)
    form = rating_form(visit, instrument)
    is_new = form.completion != Form.Completion.COMPLETE
    form = forms.complete(
        form,
        by=how.rater,
        version=version,
        reason=reason,
        at=at,
    )
    with acting(reason=reason):
        assessment = _write_assessment(form, visit, instrument, how)
        _write_answers(assessment, instrument, sheet)
        visit.attend(how.rated_at)
        if is_new:
            windows.note_visit(visit, how.rated_at)
        edit_checks.run(visit.participant_id, form)
    return assessment


def _write_assessment(
    form: Form, visit: Visit, instrument: Instrument, how: Circumstances
) -> Assessment:
    voided = Assessment.every.filter(form=form).exclude(void_reason="")
    voided.update(void_reason="", batch=None, rater=how.rater)
    assessment = Assessment.objects.filter(form=form).first() or Assessment(
        form=form,
        participant_id=visit.participant_id,
        site_id=visit.site_id,
        visit=visit,
        instrument=instrument.code,
        instrument_version=instrument.version,
        rater=how.rater,
    )
    assessment.batch = how.batch or assessment.batch
    assessment.rated_at, assessment.recall = how.rated_at, how.recall
    assessment.language, assessment.mode = how.language, how.mode
    # One query for each constraint would say again what the form and this function
    # have settled; the database checks them in any case.
    assessment.clean_fields(
        exclude=["form", "participant", "site", "visit", "rater", "batch"]
    )
    assessment.save()
    return assessment


def _write_answers(
    assessment: Assessment, instrument: Instrument, sheet: Sheet
) -> None:
    """Insert new answers and change those that differ; the others leave no event."""
    kept = {answer.item: answer for answer in assessment.answers.all()}
    new: list[Answer] = []
    changed: list[Answer] = []
    for item in instrument.asked(sheet.values):
        value = sheet.values.get(item.code)
        missing = "" if value is not None else sheet.missing.get(item.code, "")
        if value is None and not missing:
            missing = Answer.Missing.NOT_APPLICABLE
        answer = kept.get(item.code)
        if answer is None:
            new.append(
                Answer(
                    assessment=assessment,
                    participant_id=assessment.participant_id,
                    item=item.code,
                    value=value,
                    missing=missing,
                )
            )
        elif (answer.value, answer.missing) != (value, missing):
            answer.value, answer.missing = value, missing
            changed.append(answer)
    Answer.objects.bulk_create(new)
    Answer.objects.bulk_update(changed, ["value", "missing"])


def sheet_of(form: Form | None) -> Sheet:
    """What the form holds now: its draft where there is one, else its assessment."""
    if form is None:
        return Sheet()
    draft = getattr(form, "draft", None)
    if draft is not None:
        return Sheet.from_draft(draft.values)
    assessment = getattr(form, "assessment", None)
    if assessment is None:
        return Sheet()
    answers = list(assessment.answers.all())
    return Sheet(
        {a.item: a.value for a in answers if a.value is not None},
        {a.item: a.missing for a in answers if a.missing},
    )


def content_of(assessment: Assessment, instrument: Instrument) -> dict[str, object]:
    """Exactly what a signature of this rating is bound to."""
    return {
        "participant": assessment.visit.participant.subject_id,
        "visit": assessment.visit.visit_type,
        "instrument": instrument.code,
        "version": assessment.instrument_version,
        "rater": assessment.rater.full_name,
        "rated_at": assessment.rated_at.isoformat(),
        "recall": assessment.recall,
        "answers": {
            answer.item: answer.value if answer.missing == "" else answer.missing
            for answer in assessment.answers.order_by("item")
        },
    }
