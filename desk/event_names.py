"""What the rows of events are called: by item, visit, number or person, in words."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from accounts.models import Membership
from assessments.instruments import INSTRUMENTS
from assessments.models import Answer, Assessment
from desk.places import form_name, item_name, object_name, place_name, query_name
from labs.models import Specimen, Well
from records.models import Event, Form, Query, QueryMessage, Signature, Verification
from records.sentences import Names
from trial.models import (
    Baseline,
    Consent,
    Infusion,
    Interruption,
    Participant,
    Screening,
    Visit,
    VitalSigns,
)
from trial.schedule import protocol_of, visit_label


def names_of(events: Iterable[Event]) -> Names:
    """A query or two for each table that occurs."""
    ids: dict[str, set[int]] = defaultdict(set)
    for event in events:
        ids[event.table_name].add(event.row_id)
    found: dict[tuple[str, int], str] = {}
    for table, pks in ids.items():
        if table in NAMERS:
            found |= {(table, pk): name for pk, name in NAMERS[table](pks)}
    return found


Named = Iterable[tuple[int, str]]


def answers(pks: set[int]) -> Named:
    for one in Answer.objects.filter(pk__in=pks).select_related("assessment"):
        yield one.pk, item_name(one.assessment.instrument, one.item)


def ratings(pks: set[int]) -> Named:
    rows = Assessment.every.filter(pk__in=pks).select_related("visit__participant")
    for one in rows:
        scale = INSTRUMENTS[one.instrument].abbreviation
        yield one.pk, f"{scale}, {visit_label(one.visit)}"


def forms(pks: set[int]) -> Named:
    for one in Form.objects.filter(pk__in=pks).prefetch_related("about"):
        place = f", {visit_label(one.about)}" if isinstance(one.about, Visit) else ""
        name = f"{form_name(one.code)}{place}"
        yield one.pk, _("the form %(name)s") % {"name": name}


def queries(pks: set[int]) -> Named:
    rows = Query.objects.filter(pk__in=pks).select_related("form")
    for one in rows.prefetch_related("about", "form__about"):
        yield one.pk, _("the question about %(name)s") % {"name": query_name(one)}


def messages(pks: set[int]) -> Named:
    rows = QueryMessage.objects.filter(pk__in=pks).select_related("query__form")
    for one in rows.prefetch_related("query__about", "query__form__about"):
        name = query_name(one.query)
        yield one.pk, _("an entry of the question about %(name)s") % {"name": name}


def signatures(pks: set[int]) -> Named:
    for one in Signature.objects.filter(pk__in=pks).prefetch_related("target"):
        target = one.target
        name = form_name(target.code) if isinstance(target, Form) else str(target)
        yield one.pk, _("a signature on %(name)s") % {"name": name}


def verifications(pks: set[int]) -> Named:
    for one in Verification.objects.filter(pk__in=pks).select_related("form"):
        name = place_name(one.form.code, one.field)
        yield one.pk, _("the verification of %(name)s") % {"name": name}


def visits(pks: set[int]) -> Named:
    rows = Visit.objects.filter(pk__in=pks).select_related("participant")
    for one in rows:
        yield one.pk, _("the visit %(name)s") % {"name": visit_label(one)}


def infusions(pks: set[int]) -> Named:
    for one in Infusion.objects.filter(pk__in=pks):
        yield one.pk, object_name(one)


def readings(pks: set[int]) -> Named:
    for one in VitalSigns.objects.filter(pk__in=pks).select_related("infusion"):
        values = {"minute": one.minute, "number": one.infusion.number}
        yield (
            one.pk,
            _("vital signs of minute %(minute)s, infusion %(number)s") % values,
        )


def interruptions(pks: set[int]) -> Named:
    for one in Interruption.objects.filter(pk__in=pks).select_related("infusion"):
        number = {"number": one.infusion.number}
        yield one.pk, _("an interruption of infusion %(number)s") % number


def screenings(pks: set[int]) -> Named:
    for one in Screening.objects.filter(pk__in=pks).select_related("participant"):
        lines = {
            line.code: line.words for line in protocol_of(one.participant).criteria
        }
        words = _(lines.get(one.criterion, one.criterion))
        yield one.pk, _("the criterion “%(words)s”") % {"words": words}


def consents(pks: set[int]) -> Named:
    for one in Consent.objects.filter(pk__in=pks):
        yield one.pk, _("the consent, version %(version)s") % {"version": one.version}


def baselines(pks: set[int]) -> Named:
    for one in Baseline.objects.filter(pk__in=pks).select_related("participant"):
        yield one.pk, _("the baseline of %(name)s") % {"name": one.participant}


def participants(pks: set[int]) -> Named:
    for one in Participant.objects.filter(pk__in=pks):
        yield one.pk, _("participant %(name)s") % {"name": one.subject_id}


def specimens(pks: set[int]) -> Named:
    for one in Specimen.objects.filter(pk__in=pks):
        yield one.pk, object_name(one)


def wells(pks: set[int]) -> Named:
    for pk, name in Well.objects.filter(pk__in=pks).values_list("pk", "name"):
        yield pk, _("well %(name)s") % {"name": name}


def roles(pks: set[int]) -> Named:
    for one in Membership.objects.filter(pk__in=pks).select_related("person"):
        yield one.pk, _("a role of %(name)s") % {"name": one.person}


NAMERS: dict[str, Callable[[set[int]], Named]] = {
    "accounts_membership": roles,
    "assessments_answer": answers,
    "assessments_assessment": ratings,
    "labs_specimen": specimens,
    "labs_well": wells,
    "records_form": forms,
    "records_query": queries,
    "records_querymessage": messages,
    "records_signature": signatures,
    "records_verification": verifications,
    "trial_baseline": baselines,
    "trial_consent": consents,
    "trial_infusion": infusions,
    "trial_interruption": interruptions,
    "trial_participant": participants,
    "trial_screening": screenings,
    "trial_visit": visits,
    "trial_vitalsigns": readings,
}
