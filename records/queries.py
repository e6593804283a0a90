"""A question about a value: raised, answered, closed, reopened, in one thread."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from records.models import Form, Query, QueryMessage

Kind, State = QueryMessage.Kind, Query.State
# What a thread takes beside questions and answers, without a change of its state.
REMARKS = (Kind.NOTE, Kind.DEVIATION)


@transaction.atomic
def raise_query(
    about: models.Model,
    text: str,
    *,
    by: User,
    field: str = "",
    kind: str = Kind.QUERY,
) -> Query:
    """Ask about a form or one field of it, or about a visit, specimen or infusion.

    A thread that begins with a note or a deviation asks nothing: it is closed at once
    and can be reopened.
    """
    now = timezone.now()
    asks = kind == Kind.QUERY
    query = Query.objects.create(
        **place_of(about),
        field=field,
        raised_by=by,
        state=State.OPEN if asks else State.CLOSED,
        closed_at=None if asks else now,
        closed_by=None if asks else by,
    )
    _write(query, kind, text, by)
    return query


def place_of(about: models.Model) -> dict[str, object]:
    """Where a query about this object hangs, with site and participant beside it."""
    place = {
        "site_id": getattr(about, "site_id", None),
        "participant_id": getattr(about, "participant_id", None),
    }
    if isinstance(about, Form):
        return {"form": about, **place}
    kind = ContentType.objects.get_for_model(about)
    return {"about_type": kind, "about_id": about.pk, **place}


@transaction.atomic
def answer(query: Query, text: str, *, by: User) -> Query:
    """Answer an asking query; it is then for the reviewer to settle."""
    query = _held(query)
    if query.state == State.CLOSED:
        raise ValidationError(
            _("This question is closed. Reopen it with a reason."), code="closed"
        )
    query.state = State.ANSWERED
    query.save(update_fields=["state"])
    _write(query, Kind.ANSWER, text, by)
    return query


def remark(query: Query, text: str, *, by: User, kind: str = Kind.NOTE) -> Query:
    """Add a note or a deviation to the thread. Nobody is answered by it."""
    if kind not in REMARKS:
        raise ValidationError(_("That is no note and no deviation."), code="kind")
    _write(query, kind, text, by)
    return query


@transaction.atomic
def explain(query: Query, text: str, *, by: User) -> Query:
    """Say why a value that an edit check asks about is right: the reason is a note of
    the thread, and the reviewer settles it."""
    query = _held(query)
    if not query.check_code or not query.is_asking:
        raise ValidationError(_("No edit check asks about this now."), code="state")
    query.state = State.ANSWERED
    query.save(update_fields=["state"])
    _write(query, Kind.NOTE, text, by)
    return query


@transaction.atomic
def close(query: Query, text: str, *, by: User) -> Query:
    """Settle the question, with what settled it. Closing twice changes nothing."""
    query = _held(query)
    if query.state != State.CLOSED:
        query.state, query.closed_at, query.closed_by = (
            State.CLOSED,
            timezone.now(),
            by,
        )
        query.save(update_fields=["state", "closed_at", "closed_by"])
        _write(query, Kind.CLOSED, text, by)
    return query


@transaction.atomic
def reopen(query: Query, reason: str, *, by: User) -> Query:
    """Ask again what was answered or closed, with the reason."""
    query = _held(query)
    if query.is_asking:
        raise ValidationError(_("This question is open already."), code="open")
    query.state, query.closed_at, query.closed_by = State.REOPENED, None, None
    query.save(update_fields=["state", "closed_at", "closed_by"])
    _write(query, Kind.REOPENED, reason, by)
    return query


def threads_of(form: Form | None) -> dict[str, list[Query]]:
    """The questions of a form by field, the newest first; "" is the form itself."""
    found: dict[str, list[Query]] = {}
    rows = Query.objects.filter(form=form).order_by("-raised_at") if form else ()
    for query in rows:
        found.setdefault(query.field, []).append(query)
    return found


def _held(query: Query) -> Query:
    return Query.objects.select_for_update().get(pk=query.pk)


def _write(query: Query, kind: str, text: str, by: User) -> None:
    if not text.strip():
        raise ValidationError({"text": _("Write what you want to say.")})
    QueryMessage.objects.create(
        query=query, kind=kind, text=text.strip(), written_by=by
    )
