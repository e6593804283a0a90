"""Keeping a file of ratings, writing it whole, undoing it whole."""

import hashlib

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Site, User
from assessments import edit_checks
from assessments.entry import Circumstances, complete_rating
from assessments.importing.checking import Line, check
from assessments.importing.reading import LARGEST_BYTES
from assessments.instruments import Instrument
from assessments.models import Assessment, ImportBatch
from records import lifecycle, signing
from records.context import acting
from records.forms import locked
from records.models import Form
from trial import deviations
from trial.models import Deviation, Visit

State = ImportBatch.State


@transaction.atomic
def keep(
    content: bytes, name: str, site: Site, *, by: User
) -> tuple[ImportBatch, bool]:
    """The batch of this file, and whether it is new: the same bytes are recognised."""
    if len(content) > LARGEST_BYTES:
        raise ValidationError(_("The file is larger than 5 MB."))
    sha256 = hashlib.sha256(content).hexdigest()
    Site.objects.select_for_update().get(pk=site.pk)
    same = ImportBatch.objects.filter(site=site, sha256=sha256)
    known = same.exclude(state=State.UNDONE).first()
    if known is not None:
        return known, False
    batch = ImportBatch.objects.create(
        site=site,
        file=ContentFile(content, name=sha256),
        file_name=name[-200:],
        sha256=sha256,
        uploaded_by=by,
    )
    return batch, True


def content_of(batch: ImportBatch) -> bytes:
    with batch.file.open("rb") as kept:
        return bytes(kept.read())


@transaction.atomic
def write(batch: ImportBatch) -> int:
    """Write every rating of the file or none, as if typed; how many."""
    batch = _held(batch, State.CHECKED)
    plan = check(content_of(batch), batch.site)
    if not plan.is_whole or plan.instrument is None:
        raise ValidationError(_("The file has errors: nothing was written."))
    with acting(reason=f"import {batch.file_name}"):
        for line in plan.lines:
            _write(batch, plan.instrument, line)
        batch.state = State.WRITTEN
        batch.save(update_fields=["state"])
    return len(plan.lines)


def _write(batch: ImportBatch, instrument: Instrument, line: Line) -> None:
    how = Circumstances(
        rater=line.rater,
        rated_at=line.rated_at,
        recall=instrument.recall[0].code,
        mode=Assessment.Mode.PAPER,
        batch=batch,
    )
    try:
        reason = f"import {batch.file_name}"
        complete_rating(line.visit, instrument, line.sheet, how, reason=reason)
    except ValidationError as refusal:
        said = {"row": line.row, "words": refusal.messages[0]}
        raise ValidationError(_("Row %(row)s: %(words)s") % said) from refusal


@transaction.atomic
def undo(batch: ImportBatch, *, reason: str) -> int:
    """Take the whole file back while nothing of it is signed; how many ratings."""
    batch = _held(batch, State.WRITTEN)
    reason = reason.replace("\0", "").strip()[:200]
    if not reason:
        raise ValidationError(_("Say why the import is undone."))
    ratings = list(batch.ratings.select_related("form", "visit").order_by("form_id"))
    with acting(reason=reason):
        for rating in ratings:
            _void(rating, reason)
        batch.state, batch.undone_reason = State.UNDONE, reason
        batch.save(update_fields=["state", "undone_reason"])
        for participant_id in sorted({one.participant_id for one in ratings}):
            edit_checks.run(participant_id)
    return len(ratings)


def _void(rating: Assessment, reason: str) -> None:
    form = locked(rating.form, None)
    lifecycle.check(form, "undo_import", reason=reason)
    if signing.signatures_on(form).exists():
        raise ValidationError(
            _("%(form)s of %(participant)s has been signed: the import stays.")
            % {"form": rating.instrument, "participant": rating.participant}
        )
    form.completion, form.version = Form.Completion.NOT_STARTED, form.version + 1
    form.completed_at = form.completed_by = None
    form.save()
    rating.void_reason = reason
    Assessment.every.filter(pk=rating.pk).update(void_reason=reason)
    _take_back_visit(rating.visit, rating, reason)


def _take_back_visit(visit: Visit, rating: Assessment, reason: str) -> None:
    """A visit that only this file says took place is planned again."""
    kind = ContentType.objects.get_for_model(Visit)
    of_visit = Deviation.objects.filter(
        about_type=kind,
        about_id=visit.pk,
        kind=Deviation.Kind.WINDOW,
        happened_at=rating.rated_at,
        void_reason="",
    )
    for deviation in of_visit:
        deviations.void(deviation, reason=reason)
    done = Form.objects.filter(about_type=kind, about_id=visit.pk)
    others = done.filter(completion=Form.Completion.COMPLETE).exists()
    if visit.attended_at == rating.rated_at and not others:
        visit.state, visit.attended_at = Visit.State.PLANNED, None
        visit.save(update_fields=["state", "attended_at"])


def _held(batch: ImportBatch, state: str) -> ImportBatch:
    held = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if held.state != state:
        raise ValidationError(
            _("This import is %(state)s; that cannot be done to it now.")
            % {"state": held.get_state_display()}
        )
    return held
