"""The edit checks of visits and infusions, and what they look at."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_noop

from records import edit_checks, jobs
from records.edit_checks import Case, EditCheck, Finding, Place
from records.models import Form
from trial import edit_rules as rules
from trial import schedule
from trial.dose import dose_mg
from trial.models import Baseline, Infusion, Participant, Visit

INFUSION_CHECKS: tuple[EditCheck, ...] = (
    EditCheck(
        "infusion_before_enrolment",
        gettext_noop(
            "The infusion started on %(started)s, before enrolment on %(enrolled)s."
        ),
        rules.before_enrolment,
    ),
    EditCheck(
        "infusion_outside_hours",
        gettext_noop("The infusion started at %(time)s, outside 07:00 to 20:00."),
        rules.started_outside_hours,
    ),
    EditCheck(
        "weight_jump",
        gettext_noop(
            "The weight went from %(before)s to %(now)s kg between two infusions: more "
            "than 10 %%."
        ),
        rules.weight_jumped,
    ),
    EditCheck(
        "dose_against_weight",
        gettext_noop(
            "The dose is %(dose)s mg; the protocol gives %(planned)s mg for "
            "%(weight)s kg."
        ),
        rules.dose_off_weight,
    ),
)
VISIT_CHECKS: tuple[EditCheck, ...] = (
    EditCheck(
        "visit_far_off",
        gettext_noop(
            "Attended on %(attended)s, study day %(day)s: %(days)s days from the "
            "planned %(planned)s. Is the month right?"
        ),
        rules.date_far_off,
    ),
)
BASELINE_CHECKS: tuple[EditCheck, ...] = (
    EditCheck(
        "education_against_age",
        gettext_noop("%(years)s years of education at an age of %(age)s."),
        rules.schooled_before_born,
        field="education_years",
        is_hard=True,
    ),
    EditCheck(
        "illness_against_age",
        gettext_noop("%(months)s months of illness at an age of %(age)s."),
        rules.ill_before_born,
        field="illness_months",
        is_hard=True,
    ),
    EditCheck(
        "bmi_unusual",
        gettext_noop("Height and weight make a body mass index of %(bmi)s."),
        rules.bmi_unusual,
        field="weight_kg",
    ),
)
# What the rooms above know of a participant is checked by a job: trial asks no room
# above it.
CHECK_ALL = "desk.tasks.check_participant"
CHECKS = (*INFUSION_CHECKS, *VISIT_CHECKS, *BASELINE_CHECKS)


def find(participants: Iterable[int]) -> list[Finding]:
    """What these checks find about these participants: a query for each table."""
    rows = Participant.objects.filter(pk__in=participants)
    people = list(
        rows.select_related("site", "baseline").prefetch_related("infusions", "visits")
    )
    forms = dict(
        Form.objects.filter(
            participant_id__in=[row.pk for row in people], code="baseline"
        ).values_list("participant_id", "pk")
    )
    cases = [case for row in people for case in cases_of(row, forms.get(row.pk))]
    return edit_checks.findings(cases)


def cases_of(row: Participant, form_id: int | None) -> Iterable[Case]:
    zone = ZoneInfo(row.site.time_zone)
    infusions = sorted(row.infusions.all(), key=lambda one: one.number)
    yield from infusion_cases(row, infusions, zone)
    first = next((i.started_at for i in infusions if i.started_at), None)
    first_on = first.astimezone(zone).date() if first else None
    yield from visit_cases(row, first_on, zone)
    baseline = getattr(row, "baseline", None)
    if baseline is not None and form_id is not None:
        place = Place(row.site_id, row.pk, form_id)
        yield Case(place, facts_of_baseline(row, baseline), BASELINE_CHECKS)


def infusion_cases(
    row: Participant, infusions: Iterable[Infusion], zone: ZoneInfo
) -> Iterable[Case]:
    kind = ContentType.objects.get_for_model(Infusion).pk
    plan = schedule.protocol_of(row).infusion
    before = None
    for one in infusions:
        if one.started_at and one.weight_kg is not None and one.dose_mg is not None:
            facts = rules.InfusionFacts(
                started_at=one.started_at.astimezone(zone),
                enrolled_on=row.enrolled_on,
                weight_kg=one.weight_kg,
                weight_before_kg=before,
                dose_mg=one.dose_mg,
                planned_dose_mg=dose_mg(plan.dose_mg_per_kg, one.weight_kg),
            )
            place = Place(row.site_id, row.pk, None, kind, one.pk)
            yield Case(place, facts, INFUSION_CHECKS)
            before = one.weight_kg


def visit_cases(
    row: Participant, first_on: date | None, zone: ZoneInfo
) -> Iterable[Case]:
    kind = ContentType.objects.get_for_model(Visit).pk
    for one in row.visits.all():
        if one.attended_at and one.planned_on:
            on = one.attended_at.astimezone(zone).date()
            place = Place(row.site_id, row.pk, None, kind, one.pk)
            facts = rules.VisitFacts(on, one.planned_on, first_on)
            yield Case(place, facts, VISIT_CHECKS)


def facts_of_baseline(row: Participant, baseline: Baseline) -> rules.BaselineFacts:
    return rules.BaselineFacts(
        birth_year=baseline.birth_year,
        screened_in=row.screened_on.year,
        education_years=Decimal(baseline.education_years),
        illness_months=baseline.illness_months,
        bmi_kg_m2=baseline.bmi_kg_m2,
    )


def run(participant_id: int, saved: Form | None = None) -> None:
    """Check a participant after a save; a hard check refuses the form just saved."""
    if edit_checks.is_deferred():
        return
    found = find([participant_id])
    if saved is not None:
        edit_checks.refuse(found, saved.pk)
    edit_checks.settle(CHECKS, [participant_id], found)


def run_everywhere(participant_id: int) -> None:
    """Check now what this room knows, and by a job what the rooms above know."""
    if edit_checks.is_deferred():
        return
    run(participant_id)
    jobs.enqueue(CHECK_ALL, participant_id)
