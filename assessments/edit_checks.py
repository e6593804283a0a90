"""The edit checks of ratings, and what they look at."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_noop

from assessments import edit_rules as rules
from assessments.models import Assessment
from records import edit_checks
from records.edit_checks import Case, EditCheck, Finding, Place
from records.models import Form
from trial import edit_checks as trial_checks
from trial import schedule
from trial.models import Infusion, Visit

OPEN = (Form.Completion.NOT_STARTED, Form.Completion.IN_PROGRESS)

CHECKS_OF_ALL = (
    EditCheck(
        "rating_outside_window",
        gettext_noop("Rated at %(rated)s, outside the window %(opens)s to %(closes)s."),
        rules.outside_window,
    ),
    EditCheck(
        "rating_before_infusion",
        gettext_noop(
            "Rated at %(rated)s, before infusion %(number)s started at %(started)s, "
            "which it follows."
        ),
        rules.before_its_infusion,
        is_hard=True,
    ),
    EditCheck(
        "total_0",
        gettext_noop("The total is 0 after %(n)s ratings of %(lowest)s or more."),
        rules.zero_after_high,
    ),
    EditCheck(
        "identical_answers",
        gettext_noop("Every item is answered %(value)s."),
        rules.identical_throughout,
    ),
    EditCheck(
        "same_as_before",
        gettext_noop("All %(n)s answers are those of the visit before."),
        rules.same_as_before,
    ),
)
CHECKS_OF_SCALE: dict[str, tuple[EditCheck, ...]] = {
    "madrs": (
        EditCheck(
            "suicidality_apart",
            gettext_noop(
                "MADRS item 10 is %(madrs)s at baseline; HAMD item 3 was %(hamd)s at "
                "screening."
            ),
            rules.suicidality_apart,
            field="MADRS110",
        ),
    ),
    "sfmpq": (
        EditCheck(
            "pain_words_without_vas",
            gettext_noop("The descriptors add up to %(total)s; the VAS is 0."),
            rules.words_without_line,
            field=rules.VAS_MM,
        ),
        EditCheck(
            "vas_without_pain_words",
            gettext_noop(
                "The VAS is %(mm)s mm; every descriptor and the intensity are 0."
            ),
            rules.line_without_words,
            field=rules.VAS_MM,
        ),
    ),
}
AWAITED_CHECKS = (
    EditCheck(
        "baseline_missing",
        gettext_noop(
            "Infusion 1 started at %(started)s; this baseline form is not complete."
        ),
        rules.baseline_missing,
    ),
)
CHECKS = (
    *CHECKS_OF_ALL,
    *(check for checks in CHECKS_OF_SCALE.values() for check in checks),
    *AWAITED_CHECKS,
)


def find(participants: Iterable[int]) -> list[Finding]:
    """What these checks find about these participants, in a fixed number of queries."""
    ids = list(participants)
    ratings: dict[int, list[Assessment]] = defaultdict(list)
    for rating in (
        Assessment.objects.filter(participant__in=ids)
        .select_related("visit__participant__site")
        .prefetch_related("answers")
        .order_by("rated_at", "pk")
    ):
        ratings[rating.participant_id].append(rating)
    started: dict[int, dict[int, datetime]] = defaultdict(dict)
    for one in Infusion.objects.filter(participant__in=ids, started_at__isnull=False):
        assert one.started_at is not None
        started[one.participant_id][one.number] = one.started_at
    cases: list[Case] = []
    for participant_id, rows in ratings.items():
        cases += rating_cases(rows, started[participant_id])
    cases += awaited_cases(ids, started)
    return edit_checks.findings(cases)


def rating_cases(
    ratings: Sequence[Assessment], started: dict[int, datetime]
) -> Iterable[Case]:
    """The ratings of one participant, in order of time."""
    before: dict[str, list[dict[str, int | None]]] = defaultdict(list)
    for rating in ratings:
        answers = rating.values()
        place = Place(rating.site_id, rating.participant_id, rating.form_id)
        facts = facts_of(rating, answers, started, before)
        checks = (*CHECKS_OF_ALL, *CHECKS_OF_SCALE.get(rating.instrument, ()))
        yield Case(place, facts, checks)
        before[rating.instrument].append(answers)


def facts_of(
    rating: Assessment,
    answers: dict[str, int | None],
    started: dict[int, datetime],
    before: dict[str, list[dict[str, int | None]]],
) -> rules.RatingFacts:
    visit = rating.visit
    zone = ZoneInfo(visit.participant.site.time_zone)
    planned = schedule.type_of(visit)
    follows = planned.anchor.event == "infusion" and not planned.ends_at_anchor
    number = planned.anchor.number if follows else 0
    is_baseline = rating.instrument == "madrs" and visit.visit_type == "baseline"
    screened = before["hamd17"]
    return rules.RatingFacts(
        instrument=rating.instrument,
        answers=answers,
        rated_at=rating.rated_at.astimezone(zone),
        window_opens=local(visit.window_opens, zone),
        window_closes=local(visit.window_closes, zone),
        infusion_started_at=local(started.get(number), zone),
        infusion_number=number,
        before=tuple(before[rating.instrument]),
        hamd17=screened[-1] if is_baseline and screened else None,
    )


def awaited_cases(
    participants: Iterable[int], started: dict[int, dict[int, datetime]]
) -> Iterable[Case]:
    """The forms that have to be complete before infusion 1 starts."""
    kind = ContentType.objects.get_for_model(Visit)
    visits = {
        visit.pk: visit
        for visit in Visit.objects.filter(
            participant__in=participants, visit_type="baseline"
        ).select_related("participant__site")
    }
    forms = Form.objects.filter(about_type=kind, about_id__in=list(visits))
    for form in forms:
        zone = ZoneInfo(visits[form.about_id].participant.site.time_zone)
        first = local(started.get(form.participant_id, {}).get(1), zone)
        place = Place(form.site_id, form.participant_id, form.pk)
        facts = rules.AwaitedFacts(form.completion in OPEN, first)
        yield Case(place, facts, AWAITED_CHECKS)


def local(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return at.astimezone(zone) if at else None


def run(participant_id: int, saved: Form | None = None) -> None:
    """Check a participant after a save; a hard check refuses the form just saved."""
    if edit_checks.is_deferred():
        return
    trial_checks.run(participant_id)
    found = find([participant_id])
    if saved is not None:
        edit_checks.refuse(found, saved.pk)
    edit_checks.settle(CHECKS, [participant_id], found)
