"""Freezing, locking, opening again: a form, visit, participant, site or the trial.

A hold is a row; what it holds follows from it, so that a form made later under a held
participant is held too.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Site, User
from records.models import Form, Hold

Level = Hold.Level
Key = tuple[str, int]


class Scope(NamedTuple):
    """What is held, and where it counts."""

    kind: str
    id: int
    site_id: int | None = None
    participant_id: int | None = None


TRIAL = Scope(Hold.Scope.TRIAL, 0)


def scope_of(row: models.Model) -> Scope:
    """The scope that a row is: a form, a visit, an infusion, a participant, a site."""
    kind = str(row._meta.model_name)
    if isinstance(row, Site):
        return Scope(kind, row.pk, row.pk)
    own = row.pk if kind == Hold.Scope.PARTICIPANT else None
    participant = own or getattr(row, "participant_id", None)
    return Scope(kind, row.pk, getattr(row, "site_id", None), participant)


def level_of(row: models.Model) -> str:
    """`open`, `frozen` or `locked`; until the transaction ends nobody changes it."""
    table = connection.ops.quote_name(row._meta.db_table)
    statement = f"SELECT records_hold_on(%s, to_jsonb(r)) FROM {table} r WHERE id = %s"  # noqa: S608 - a table of ours
    with connection.cursor() as cursor:
        cursor.execute(statement, [row._meta.db_table, row.pk])
        found = cursor.fetchone()
    return (found and found[0]) or "open"


def must_be(row: models.Model, levels: Iterable[str]) -> None:
    level = level_of(row)
    if level not in levels:
        raise refusal(level)


def refusal(level: str) -> ValidationError:
    words = {"open": _("open"), **dict(Level.choices)}
    return ValidationError(
        _("This is %(hold)s. Ask a data manager to open it."),
        code="held",
        params={"hold": words[level]},
    )


def refused(error: Exception) -> ValidationError | None:
    """What a person is told when the database refused a change of what is held."""
    diagnostic = getattr(error.__cause__, "diag", None)
    if (
        not isinstance(error, IntegrityError)
        or getattr(diagnostic, "constraint_name", "") != "hold_refuses_a_change"
    ):
        return None
    said = str(diagnostic.message_primary) if diagnostic else ""
    return refusal(Level.LOCKED if Level.LOCKED in said else Level.FROZEN)


def in_force() -> Mapping[Key, str]:
    """The level of everything that is held by itself, read at once."""
    rows = Hold.objects.filter(lifted_at=None).order_by("level")
    return {(h.scope, h.scope_id): h.level for h in rows}


def level_in(held: Mapping[Key, str], form: Form) -> str:
    """The level of a form by the holds of `in_force`: the hardest one counts."""
    about = ContentType.objects.get_for_id(form.about_type_id).model
    scopes = (
        (Hold.Scope.TRIAL, 0),
        (Hold.Scope.SITE, form.site_id),
        (Hold.Scope.PARTICIPANT, form.participant_id),
        (about, form.about_id),
        (Hold.Scope.FORM, form.pk),
    )
    return max((held[s] for s in scopes if s in held), default="open")


def over(scope: Scope) -> models.QuerySet[Hold]:
    """The holds in force on exactly this scope."""
    rows = Hold.objects.select_related("placed_by", "lift_asked_by")
    return rows.filter(scope=scope.kind, scope_id=scope.id, lifted_at=None)


@transaction.atomic
def place(level: str, scopes: Iterable[Scope], *, reason: str, by: User) -> int:
    """Freeze or lock all of these; how many were not yet. Waits for who writes now."""
    _must_say(reason)
    _alone()
    now = timezone.now()
    wanted = {(s.kind, s.id): s for s in scopes}
    ids = [scope_id for _kind, scope_id in wanted]
    standing = Hold.objects.filter(level=level, lifted_at=None, scope_id__in=ids)
    for key in standing.values_list("scope", "scope_id"):
        wanted.pop(key, None)
    made = Hold.objects.bulk_create(
        Hold(
            level=level,
            scope=scope.kind,
            scope_id=scope.id,
            site_id=scope.site_id,
            participant_id=scope.participant_id,
            reason=reason.strip()[:300],
            placed_by=by,
            placed_at=now,
        )
        for scope in wanted.values()
    )
    return len(made)


@transaction.atomic
def unfreeze(hold: Hold, *, reason: str, by: User) -> Hold:
    """Open again what was frozen: one person may."""
    _must_say(reason)
    hold = _held(hold)
    if hold.level != Level.FROZEN:
        raise ValidationError(_("What is locked is opened by two people."), code="two")
    hold.lift_reason, hold.lift_asked_by = reason.strip()[:300], by
    hold.lift_asked_at = hold.lifted_at = timezone.now()
    hold.lifted_by = by
    hold.save()
    return hold


@transaction.atomic
def ask_unlock(hold: Hold, *, reason: str, by: User) -> Hold:
    """Ask a second person to unlock, with the reason."""
    _must_say(reason)
    hold = _held(hold)
    if hold.lift_asked_by_id is not None:
        raise ValidationError(_("Unlocking has been asked for already."), code="asked")
    hold.lift_reason, hold.lift_asked_by = reason.strip()[:300], by
    hold.lift_asked_at = timezone.now()
    hold.save()
    return hold


@transaction.atomic
def grant_unlock(hold: Hold, *, by: User) -> Hold:
    """Unlock what another person asked for."""
    hold = _asked(hold)
    if hold.lift_asked_by_id == by.pk:
        raise ValidationError(
            _("Who asked to unlock cannot grant it: a second person does."),
            code="second_person",
        )
    hold.lifted_by, hold.lifted_at = by, timezone.now()
    hold.save()
    return hold


@transaction.atomic
def decline_unlock(hold: Hold) -> Hold:
    """It stays locked; whoever wants it opened asks anew."""
    hold = _asked(hold)
    hold.lift_reason, hold.lift_asked_by, hold.lift_asked_at = "", None, None
    hold.save()
    return hold


def waiting() -> models.QuerySet[Hold]:
    """Locks that somebody asked to open."""
    rows = Hold.objects.filter(lifted_at=None, lift_asked_by__isnull=False)
    return rows.select_related("lift_asked_by", "site").order_by(F("lift_asked_at"))


def _asked(hold: Hold) -> Hold:
    hold = _held(hold)
    if hold.lift_asked_by_id is None:
        raise ValidationError(_("Nobody asked to unlock this."), code="not_asked")
    return hold


def _held(hold: Hold) -> Hold:
    hold = Hold.objects.select_for_update().get(pk=hold.pk)
    if hold.lifted_at is not None:
        raise ValidationError(_("This is open again already."), code="lifted")
    return hold


def _must_say(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})


def _alone() -> None:
    """Wait until no running transaction has changed anything that a hold could hold."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock('records_hold'::regclass::bigint)")
