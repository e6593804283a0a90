"""The casebook of a participant: everything about them, approved as a whole.

What belongs to it are the rows of the tables that `records.guarding` guards: the same
whose change, whoever writes it, lets the investigator's signature fall.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from accounts.models import User
from records import lifecycle, signing
from records.models import Draft, Form, Query, Signature

GUARDED = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE t.tgname = 'guards_delete' AND c.relname <> 'records_draft' ORDER BY c.relname
"""
ROWS = "SELECT to_jsonb(r) FROM {table} r WHERE {key} = {participant} ORDER BY id"
# Keys of the machine, the same in every row of the casebook.
UNSAID = frozenset({"participant_id", "site_id", "about_type_id"})


def content_of(participant: models.Model) -> dict[str, Any]:
    """Every row of the casebook by table, as a signature is bound to it."""
    content: dict[str, Any] = {"participant": str(participant)}
    with connection.cursor() as cursor:
        cursor.execute(GUARDED)
        for (table,) in cursor.fetchall():
            key = "id" if table == participant._meta.db_table else "participant_id"
            query = sql.SQL(ROWS).format(
                table=sql.Identifier(table),
                key=sql.Identifier(key),
                participant=participant.pk,
            )
            cursor.execute(query)
            content[table] = [_said(json.loads(row)) for (row,) in cursor.fetchall()]
    return content


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in UNSAID}


def open_forms(participant_id: int) -> list[Form]:
    """The forms that are not complete, missed or not done, and those with a draft."""
    forms = Form.objects.filter(participant_id=participant_id)
    drafts = Draft.objects.filter(form__in=forms).values_list("form_id", flat=True)
    kept = set(drafts)
    return [
        form
        for form in forms.order_by("pk")
        if form.completion not in lifecycle.FINISHED or form.pk in kept
    ]


def open_queries(participant_id: int) -> int:
    rows = Query.objects.filter(participant_id=participant_id)
    return rows.exclude(state=Query.State.CLOSED).count()


@transaction.atomic
def sign(participant: models.Model, *, shown: str, by: User) -> Signature:
    """Approve the casebook whose content had the hash `shown`: whole, or not at all."""
    forms = Form.objects.filter(participant_id=participant.pk)
    for form in forms.select_for_update().order_by("pk"):
        lifecycle.check(form, "sign_casebook")
    if open_queries(participant.pk):
        raise ValidationError(_("A question is still open."), code="open_query")
    content = content_of(participant)
    if signing.sha256_of(signing.canonical(content)) != shown:
        raise ValidationError(
            _("The casebook has changed since it was shown to you. Look at it again."),
            code="changed_meanwhile",
        )
    return signing.sign(
        participant, by=by, meaning=Signature.Meaning.APPROVED, content=content
    )


def of(participant: models.Model) -> Signature | None:
    """The investigator's signature that stands on this casebook, if one does."""
    approved = signing.standing_on(participant)
    return approved.filter(meaning=Signature.Meaning.APPROVED).last()


def signed(participants: type[models.Model]) -> models.QuerySet[Signature]:
    """The standing signatures on all casebooks, for a data cut to join."""
    return Signature.objects.filter(
        target_type=ContentType.objects.get_for_model(participants),
        meaning=Signature.Meaning.APPROVED,
        fallen_at=None,
    )
