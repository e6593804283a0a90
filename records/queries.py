"""A question about a value: raised, answered, closed."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from records.models import Form, Query, QueryMessage


@transaction.atomic
def raise_query(form: Form, text: str, *, by: User, field: str = "") -> Query:
    """Ask about a form, or one field of it."""
    query = Query.objects.create(
        form=form,
        site_id=form.site_id,
        participant_id=form.participant_id,
        field=field,
        raised_by=by,
    )
    _write(query, text, by)
    return query


@transaction.atomic
def answer(query: Query, text: str, *, by: User) -> Query:
    """Add to the thread; an open query is then answered."""
    query = _held(query)
    if query.state == Query.State.CLOSED:
        raise ValidationError(
            _("This question is closed. Reopen it by asking anew."), code="closed"
        )
    query.state = Query.State.ANSWERED
    query.save(update_fields=["state"])
    _write(query, text, by)
    return query


@transaction.atomic
def close(query: Query, text: str, *, by: User) -> Query:
    """Settle the question, with what settled it. Closing twice changes nothing."""
    query = _held(query)
    if query.state != Query.State.CLOSED:
        query.state, query.closed_at = Query.State.CLOSED, timezone.now()
        query.save(update_fields=["state", "closed_at"])
        _write(query, text, by)
    return query


def _held(query: Query) -> Query:
    return Query.objects.select_for_update().get(pk=query.pk)


def _write(query: Query, text: str, by: User) -> None:
    if not text.strip():
        raise ValidationError({"text": _("Write what you want to say.")})
    QueryMessage.objects.create(query=query, text=text.strip(), written_by=by)
