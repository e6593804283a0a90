"""The edit checks of specimens, and what they look at."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db.models import Min
from django.utils.translation import gettext_noop

from labs import edit_rules as rules
from labs.models import Specimen
from records import edit_checks
from records.edit_checks import Case, EditCheck, Finding, Place
from trial import edit_checks as trial_checks
from trial import schedule
from trial.models import Consent, Visit

DRAW_CHECKS = (
    EditCheck(
        "draw_before_consent",
        gettext_noop("Drawn on %(drawn)s, before consent on %(consented)s."),
        rules.before_consent,
    ),
    EditCheck(
        "draw_outside_hours",
        gettext_noop("Drawn at %(time)s, outside 07:00 to 20:00."),
        rules.drawn_outside_hours,
    ),
)
OWED_CHECKS = (
    EditCheck(
        "specimen_missing_reason",
        gettext_noop(
            "Blood is drawn at this visit; neither a tube nor the reason for none is "
            "recorded."
        ),
        rules.neither_blood_nor_reason,
    ),
)
CHECKS = (*DRAW_CHECKS, *OWED_CHECKS)


def find(participants: Iterable[int]) -> list[Finding]:
    """What these checks find about these participants, in a fixed number of queries."""
    ids = list(participants)
    specimens = {
        one.visit_id: one for one in Specimen.objects.filter(participant__in=ids)
    }
    first_consent = dict(
        Consent.objects.filter(participant__in=ids)
        .values_list("participant_id")
        .annotate(on=Min("consented_on"))
    )
    cases: list[Case] = []
    visits = Visit.objects.filter(participant__in=ids)
    for visit in visits.select_related("participant__site"):
        planned = schedule.type_of(visit)
        if not planned.specimens:
            continue
        specimen = specimens.get(visit.pk)
        cases.append(owed_case(visit, specimen))
        if specimen is not None and specimen.drawn_at is not None:
            zone = ZoneInfo(visit.participant.site.time_zone)
            facts = rules.DrawFacts(
                specimen.drawn_at.astimezone(zone),
                first_consent.get(visit.participant_id),
            )
            cases.append(Case(place_of(specimen), facts, DRAW_CHECKS))
    return edit_checks.findings(cases)


def owed_case(visit: Visit, specimen: Specimen | None) -> Case:
    attended = visit.state == Visit.State.ATTENDED
    facts = rules.OwedFacts(attended, specimen is not None)
    return Case(place_of(visit), facts, OWED_CHECKS)


def place_of(row: Visit | Specimen) -> Place:
    kind = ContentType.objects.get_for_model(row).pk
    return Place(row.site_id, row.participant_id, None, kind, row.pk)


def run(participant_id: int) -> None:
    """Check a participant after blood was recorded."""
    if edit_checks.is_deferred():
        return
    trial_checks.run(participant_id)
    edit_checks.settle(CHECKS, [participant_id], find([participant_id]))
