"""The audit trail as a person looks through it: filters, and the saved reviews."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from records.models import Event, Form, Signature

# The tables whose rows are what somebody entered, not what the program keeps of it.
MACHINERY = ("records_", "accounts_", "analysis_")
# When what an event tells of happened, by the column that says so.
HAPPENED = ("rated_at", "drawn_at", "attended_at", "observed_at", "started_at")
LATE = timedelta(days=3)
NIGHT_FROM, NIGHT_UNTIL = 22, 6

# Forms of a row: their own, or the one that a rating or an answer belongs to.
FORM_OF_EVENT = """
CASE records_event.table_name
WHEN 'records_form' THEN records_event.row_id
WHEN 'assessments_assessment' THEN (SELECT a.form_id FROM assessments_assessment a
    WHERE a.id = records_event.row_id)
WHEN 'assessments_answer' THEN (SELECT a.form_id FROM assessments_assessment a
    JOIN assessments_answer w ON w.assessment_id = a.id
    WHERE w.id = records_event.row_id)
WHEN 'trial_baseline' THEN (SELECT f.id FROM records_form f
    WHERE f.code = 'baseline' AND f.participant_id = records_event.participant_id)
END
"""
CHANGED_OFTEN = """
SELECT e.table_name, e.row_id, k FROM records_event e, jsonb_object_keys(e.new) k
WHERE e.kind = 'update' GROUP BY 1, 2, 3 HAVING count(*) >= 3
"""
IN_OFTEN_CHANGED = f"""
(records_event.table_name, records_event.row_id) IN (
    SELECT table_name, row_id FROM ({CHANGED_OFTEN}) often
    WHERE often.k = ANY(ARRAY(SELECT jsonb_object_keys(records_event.new))))
"""  # noqa: S608 no value of a person


@dataclass(frozen=True)
class Review:
    code: str
    name: "str | StrPromise"


REVIEWS = (
    Review("after_signature", _("changed after it was signed")),
    Review("after_lock", _("changed after it was locked")),
    Review("often", _("one value changed three times or more")),
    Review("late", _("entered more than 3 days late")),
    Review("night", _("entered or changed at night, 22:00 to 06:00")),
)


def entered(events: QuerySet[Event]) -> QuerySet[Event]:
    """Events of clinical rows only."""
    wanted = Q()
    for prefix in MACHINERY:
        wanted &= ~Q(table_name__startswith=prefix)
    return events.filter(wanted)


def reviewed(events: QuerySet[Event], code: str) -> QuerySet[Event]:
    """The events that a saved review asks for; an unknown one asks for all."""
    found = {
        "after_signature": after_signature,
        "after_lock": after_lock,
        "often": changed_often,
        "late": entered_late,
        "night": at_night,
    }.get(code)
    return found(entered(events)) if found else events


def with_form(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.annotate(form_id=RawSQL(FORM_OF_EVENT, ()))  # noqa: S611 constant


def signature_before() -> QuerySet[Signature]:
    """The signatures on the event's form from before it, fallen or not."""
    return Signature.objects.filter(
        target_type=ContentType.objects.get_for_model(Form),
        target_id=OuterRef("form_id"),
        signed_at__lt=OuterRef("at"),
    ).order_by("signed_at")


def after_signature(events: QuerySet[Event]) -> QuerySet[Event]:
    changes = with_form(events.filter(kind=Event.Kind.UPDATE))
    return changes.filter(Exists(signature_before()))


def after_lock(events: QuerySet[Event]) -> QuerySet[Event]:
    locks = Event.objects.filter(
        table_name="records_form",
        row_id=OuterRef("form_id"),
        new__hold="locked",
        pk__lt=OuterRef("pk"),
    )
    return with_form(events).filter(Exists(locks))


def changed_often(events: QuerySet[Event]) -> QuerySet[Event]:
    often = RawSQL(IN_OFTEN_CHANGED, ())  # noqa: S611 constant
    return events.filter(kind=Event.Kind.UPDATE).alias(often=often).filter(often=True)


def entered_late(events: QuerySet[Event]) -> QuerySet[Event]:
    columns = ", ".join(f"new->>'{name}'" for name in HAPPENED)
    happened = f"coalesce({columns})::timestamptz < at - %s"
    late = RawSQL(happened, (LATE,))  # noqa: S611 names of this file
    return events.filter(kind=Event.Kind.INSERT).alias(late=late).filter(late=True)


def at_night(events: QuerySet[Event]) -> QuerySet[Event]:
    hours = Q(at__hour__gte=NIGHT_FROM) | Q(at__hour__lt=NIGHT_UNTIL)
    return events.filter(hours, person__isnull=False)


def filtered(events: QuerySet[Event], asked: Mapping[str, str]) -> QuerySet[Event]:
    """The events that an address asks for; what it says wrongly is passed over."""
    wanted = Q()
    if asked.get("kind") in Event.Kind.values:
        wanted &= Q(kind=asked["kind"])
    person = asked.get("person", "")
    if person.isdecimal() and len(person) < 10:
        wanted &= Q(person=int(person))
    if first := moment(asked.get("from", "")):
        wanted &= Q(at__gte=first)
    if last := moment(asked.get("until", "")):
        wanted &= Q(at__lt=last + timedelta(days=1))
    return reviewed(events.filter(wanted), asked.get("review", ""))


def moment(text: str) -> datetime | None:
    """The local midnight that begins the day of an ISO date."""
    try:
        on = parse_date(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(on, time())) if on else None
