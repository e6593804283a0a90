"""What people do with a form: open, keep a draft, complete, mark missed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from records import lifecycle, signing
from records.context import acting
from records.models import Draft, Form


class ChangedMeanwhileError(ValidationError):
    """Another person changed the form since it was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("Another person has changed this form since you opened it."),
            code="changed_meanwhile",
        )


class Place(NamedTuple):
    """Where a form counts: its participant and the site, by id."""

    site_id: int
    participant_id: int


def form_of(about: models.Model, code: str, place: Place) -> Form:
    """The form `code` about this object, made when it is first asked for in writing."""
    form, _made = Form.objects.get_or_create(
        about_type=ContentType.objects.get_for_model(about),
        about_id=about.pk,
        code=code,
        defaults=place._asdict(),
    )
    return form


def expect(about: models.Model, codes: Iterable[str], place: Place) -> None:
    """The forms that this object needs, not started; those that are there stay."""
    kind = ContentType.objects.get_for_model(about)
    Form.objects.bulk_create(
        [
            Form(about_type=kind, about_id=about.pk, code=code, **place._asdict())
            for code in codes
        ],
        ignore_conflicts=True,
    )


def begun(about: models.Model, code: str) -> Form | None:
    """The form `code` about this object, if anybody has written into it."""
    kind = ContentType.objects.get_for_model(about)
    rows = Form.objects.select_related("draft__saved_by")
    return rows.filter(about_type=kind, about_id=about.pk, code=code).first()


def locked(form: Form, version: int | None) -> Form:
    """The form's row, held until the transaction ends; refused when it moved on."""
    held = Form.objects.select_for_update().get(pk=form.pk)
    if version is not None and held.version != version:
        raise ChangedMeanwhileError
    return held


@transaction.atomic
def save_draft(form: Form, values: dict[str, Any], *, by: User) -> Draft:
    """Keep what was typed. A form not yet complete is then in progress."""
    # The form before its draft, as in completing: two people never wait for each other.
    form = locked(form, None)
    lifecycle.check(form, "save_draft")
    draft, _made = Draft.objects.update_or_create(
        form=form, defaults={"values": values, "saved_by": by}
    )
    if form.completion == Form.Completion.NOT_STARTED:
        form.completion = Form.Completion.IN_PROGRESS
        form.save(update_fields=["completion"])
    return draft


@transaction.atomic
def discard_draft(form: Form) -> None:
    """Drop what was typed and not completed; a form only begun is not started again."""
    form = locked(form, None)
    lifecycle.check(form, "discard_draft")
    Draft.objects.filter(form=form).delete()
    if form.completion == Form.Completion.IN_PROGRESS:
        form.completion = Form.Completion.NOT_STARTED
        form.save(update_fields=["completion"])


@transaction.atomic
def complete(
    form: Form,
    *,
    by: User,
    version: int | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Form:
    """Mark the form complete, now or as of `at`, and drop its draft.

    A change of a form that was complete before needs a reason and takes away the
    signatures that stand on it.
    """
    form = locked(form, version)
    lifecycle.check(form, "complete", reason=reason)
    again = form.completion == Form.Completion.COMPLETE
    form.completion = Form.Completion.COMPLETE
    form.not_done_reason = ""
    form.completed_at, form.completed_by = at or timezone.now(), by
    form.version += 1
    with acting(reason=reason):
        form.save()
        if again:
            signing.take_away(form, reason=reason)
    Draft.objects.filter(form=form).delete()
    return form


@transaction.atomic
def mark_missed(form: Form, *, reason: str, version: int | None = None) -> Form:
    """The visit passed without this form; the reason stands beside it."""
    return _close(form, "mark_missed", reason, version)


@transaction.atomic
def mark_not_done(form: Form, *, reason: str, version: int | None = None) -> Form:
    """The visit took place but this was not done; the reason stands beside it."""
    return _close(form, "mark_not_done", reason, version)


def _close(form: Form, act: str, reason: str, version: int | None) -> Form:
    form = locked(form, version)
    form.completion = lifecycle.check(form, act, reason=reason).to or form.completion
    form.not_done_reason = reason.strip()[:200]
    form.version += 1
    form.save()
    return form
