"""One simulated course, entered as the people of its site would enter it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from accounts.models import Site, User
from accounts.roles import Role
from assessments.entry import Circumstances, Sheet, complete_rating, content_of
from assessments.instruments import INSTRUMENTS, score
from demo.bedside import Bedside
from demo.cohort import Illness
from demo.course import TIME_ZONE, Course, Infusion, Visit
from demo.people import Cast
from labs.drawing import draw
from records import forms
from records.context import acting
from records.models import Signature
from records.signing import sign
from trial import assignments, consents, enrolment, infusions, models, schedule
from trial.eligibility import computed_answers

CONSENT_VERSION = "1.0"
# The rater must not see how much pain there is: an investigator takes the pain scales.
_RATED_BY = {"madrs": Role.RATER, "hamd17": Role.RATER}
# What stands in place of the bar code where no tube was drawn.
_NO_TUBE = "SX9"


@dataclass(frozen=True)
class Entry:
    """A course on its way into the database. `codes` are the bar codes of its tubes by
    visit; the ratings named in `unsigned` (visit, instrument) wait for signature."""

    cast: Cast
    course: Course
    codes: dict[str, str]
    unsigned: frozenset[tuple[str, str]] = frozenset()

    @property
    def site(self) -> Site:
        return self.cast.sites[self.course.person.site]

    @contextmanager
    def as_(self, role: Role) -> Iterator[User]:
        """Act as the person with that role at the course's site."""
        person = self.cast.who(role, self.course.person.site)
        with acting(person=person.pk, role=role.value):
            yield person


def enter(entry: Entry, *, ended: bool) -> models.Participant:
    """From the first line of the screening log to where the course stands; a course
    that has `ended` is closed."""
    course = entry.course
    participant = _screen(entry)
    screening = [visit for visit in course.visits if visit.code == "screening"]
    for visit in screening:
        _attend(entry, participant, visit)
    if course.enrolled_on is not None:
        _answer_criteria(entry, participant)
        _enrol(entry, participant, course.enrolled_on)
    beside = _bedside(entry, participant)
    for step in _steps(course):
        if isinstance(step, Infusion):
            _give(entry, participant, step)
        elif step not in screening:
            _attend(entry, participant, step)
    if beside is not None:
        with entry.as_(Role.INFUSION_NURSE):
            beside.after()
    if ended:
        with entry.as_(Role.COORDINATOR) as by:
            last_on = course.visits[-1].attended_at.date()
            enrolment.complete(participant, on=last_on, by=by)
    return participant


def _steps(course: Course) -> list[Infusion | Visit]:
    """Infusions given and visits, in the order of time."""
    steps: list[tuple[datetime, Infusion | Visit]] = [
        (given.started_at, given) for given in course.infusions if given.started_at
    ]
    steps += [(visit.attended_at, visit) for visit in course.visits]
    return [step for _at, step in sorted(steps, key=lambda pair: pair[0])]


def _screen(entry: Entry) -> models.Participant:
    course = entry.course
    with entry.as_(Role.COORDINATOR):
        participant = enrolment.screen(
            entry.site, course.person.arm, on=course.screened_on
        )
    with entry.as_(Role.INVESTIGATOR) as by:
        consents.give(
            participant,
            CONSENT_VERSION,
            on=course.screened_on,
            stored_blood=True,
            by=by,
        )
    return participant


def _answer_criteria(entry: Entry, participant: models.Participant) -> None:
    """Everybody of the demo is eligible: numbers decide what they decide."""
    person = entry.course.person
    protocol = schedule.protocol_of(participant)
    answers: dict[str, bool | None] = {
        line.code: line.kind == "inclusion" for line in protocol.criteria_of(person.arm)
    }
    total = None
    if person.illness is not None:
        sheet = entry.course.visit("screening").sheets["hamd17"]
        total = score(INSTRUMENTS["hamd17"], sheet).value("HAMD118")
    answers |= computed_answers(
        protocol,
        person.arm,
        age_years=person.age_years,
        hamd17_total=None if total is None else int(total),
    )
    with entry.as_(Role.INVESTIGATOR) as by:
        enrolment.record_criteria(participant, answers, by=by)


def _enrol(entry: Entry, participant: models.Participant, on: date) -> None:
    course = entry.course
    with entry.as_(Role.COORDINATOR) as by:
        _write_baseline(entry, participant, on, by)
    first_on = course.infusions[0].planned_on if course.infusions else None
    with entry.as_(Role.INVESTIGATOR):
        enrolment.enrol(participant, on=on, first_infusion_on=first_on)
    with entry.as_(Role.COORDINATOR):
        _move_infusions(participant, course)


def _write_baseline(
    entry: Entry, participant: models.Participant, on: date, by: User
) -> None:
    person = entry.course.person
    row = models.Baseline(
        participant=participant,
        birth_year=on.year - person.age_years,
        sex=person.sex,
        education_years=person.education_years,
        employed=person.employed,
        height_cm=Decimal(str(person.height_cm)),
        weight_kg=Decimal(str(person.weight_kg)),
        **_illness(person.illness),
    )
    row.full_clean()
    row.save()
    place = forms.Place(participant.site_id, participant.pk)
    form = forms.form_of(participant, "baseline", place)
    forms.complete(form, by=by, at=datetime.combine(on, time(9), TIME_ZONE))


def _illness(illness: Illness | None) -> dict[str, int | bool]:
    if illness is None:
        return {}
    return {
        "illness_months": illness.months,
        "psychiatric_comorbidity": illness.psychiatric_comorbidity,
        "family_history": illness.family_history,
        "antidepressant_dose_mg_day": illness.antidepressant_dose_mg_day,
        "antipsychotic": illness.antipsychotic,
        "mood_stabiliser": illness.mood_stabiliser,
        "benzodiazepine": illness.benzodiazepine,
    }


def _move_infusions(participant: models.Participant, course: Course) -> None:
    """Where the course has other dates than the protocol would plan."""
    for simulated in course.infusions:
        row = participant.infusions.get(number=simulated.number)
        if row.planned_on != simulated.planned_on:
            schedule.move_infusion(row, simulated.planned_on)


def _give(entry: Entry, participant: models.Participant, simulated: Infusion) -> None:
    """Start, run sheet, stop: after the gate and the dose of `Bedside.before`."""
    assert simulated.started_at is not None
    assert simulated.stopped_at is not None
    with entry.as_(Role.INFUSION_NURSE) as by:
        assignments.take(participant, by, models.Assignment.Duty.INFUSION_NURSE)
        row = participant.infusions.get(number=simulated.number)
        infusions.begin(
            row,
            weight_kg=simulated.weight_kg,
            dose_mg=simulated.dose_mg,
            at=simulated.started_at,
        )
        sheet = [models.VitalSigns(**vars(line)) for line in simulated.readings]
        infusions.record_readings(row, sheet)
        infusions.end(
            row, at=simulated.stopped_at, pain_reported=simulated.pain_reported
        )


def _bedside(entry: Entry, participant: models.Participant) -> Bedside | None:
    """What stands around the infusions that were given; None where none was."""
    if not any(one.started_at for one in entry.course.infusions):
        return None
    with entry.as_(Role.INVESTIGATOR) as doctor:
        nurse = entry.cast.who(Role.INFUSION_NURSE, entry.course.person.site)
        beside = Bedside(participant, entry.course, nurse, doctor)
        beside.before()
    return beside


def _attend(entry: Entry, participant: models.Participant, simulated: Visit) -> None:
    row = participant.visits.get(visit_type=simulated.code)
    if simulated.drawn_at is not None or simulated.blood_missing:
        with entry.as_(Role.INFUSION_NURSE):
            _draw(entry, row, simulated)
    for code in simulated.sheets:
        with entry.as_(_RATED_BY.get(code, Role.INVESTIGATOR)) as by:
            _rate(entry, row, simulated, code, by)


def _draw(entry: Entry, row: models.Visit, simulated: Visit) -> None:
    number = entry.course.person.number
    draw(
        row,
        entry.cast.laboratory,
        at=simulated.drawn_at,
        missing_reason=simulated.blood_missing,
        code=entry.codes.get(simulated.code) or f"{_NO_TUBE}{number:03}",
    )


def _rate(
    entry: Entry, row: models.Visit, simulated: Visit, code: str, by: User
) -> None:
    """Rated at the visit, entered ten minutes later and signed a minute after."""
    instrument = INSTRUMENTS[code]
    rated_at = simulated.attended_at
    entered_at = rated_at + timedelta(minutes=10)
    assessment = complete_rating(
        row,
        instrument,
        Sheet(simulated.sheets[code]),
        Circumstances(by, rated_at, instrument.recall[0].code),
        at=entered_at,
    )
    if (simulated.code, code) in entry.unsigned:
        return
    sign(
        assessment.form,
        by=by,
        meaning=Signature.Meaning.AUTHORED,
        content=content_of(assessment, instrument),
        at=entered_at + timedelta(minutes=1),
    )
