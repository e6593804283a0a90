"""The demo as it stands in the database after loading."""

from datetime import date, datetime, time

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db.models import F

from accounts.models import Membership, User
from accounts.roles import SIGNING_ROLES, Role
from assessments.models import Assessment
from assessments.pain import pain_group_of
from assessments.totals import totals
from demo.course import TIME_ZONE
from demo.load import load
from demo.progress import KIND, progress
from labs.models import LayoutWell, Plate, Result, Specimen, Well
from records.models import Event, Form, Job, Query, Signature
from trial import drug
from trial.models import Infusion, Lot, Movement, Participant, Visit, VitalSigns

pytestmark = pytest.mark.usefixtures("demo_trial")

State = Participant.State
PATIENT = Participant.Arm.PATIENT


def finished(arm: str = PATIENT) -> list[int]:
    rows = Participant.objects.filter(arm=arm, state=State.COMPLETED)
    return list(rows.values_list("pk", flat=True))


def under_way() -> list[Participant]:
    return list(Participant.objects.filter(ended_on=None))


def test_66_patients_and_60_controls_have_finished_and_six_are_under_way() -> None:
    assert len(finished()) == 66
    assert len(finished(Participant.Arm.CONTROL)) == 60
    assert sorted(row.state for row in under_way()) == ["enrolled"] * 5 + ["screening"]


def test_each_site_counts_its_participants_in_the_order_of_screening() -> None:
    for code in ("01", "02"):
        rows = Participant.objects.filter(site__code=code).order_by("subject_id")
        days = [row.screened_on for row in rows]
        assert days == sorted(days)
        assert rows[0].subject_id == f"{code}-001"


def test_responders_and_remitters_are_as_published_by_pain_group() -> None:
    counts = {True: [0, 0, 0], False: [0, 0, 0]}
    course = totals(finished(), "madrs", "MADRS111")
    for participant in Participant.objects.filter(pk__in=finished()):
        by_visit = {one.visit_type: one.value for one in course[participant.pk]}
        before, after = by_visit["baseline"], by_visit["day13"]
        group = pain_group_of(participant)
        assert group is not None
        assert group.pain is not None
        assert before is not None
        assert after is not None
        row = counts[group.pain]
        row[0] += 1
        row[1] += after * 2 <= before
        row[2] += after <= 10
    assert counts == {True: [33, 24, 17], False: [33, 16, 9]}


def test_253_tubes_were_drawn_and_five_are_missing_with_their_reason() -> None:
    of_finished = Specimen.objects.filter(participant__ended_on__isnull=False)
    assert of_finished.filter(drawn_at__isnull=False).count() == 253
    missing = of_finished.filter(drawn_at=None)
    assert [one.visit.visit_type for one in missing] == ["day26"] * 5
    assert all(one.missing_reason for one in missing)


def test_seven_plates_are_accepted_and_signed_and_give_every_tube_19_results() -> None:
    plates = Plate.objects.all()
    assert [plate.state for plate in plates] == [Plate.State.APPROVED] * 7
    assert Result.objects.count() == 253 * 19
    kind = ContentType.objects.get_for_model(Plate)
    assert Signature.objects.filter(target_type=kind).count() == 14
    for plate in plates:
        assert plate.acquired_at is not None
        assert plate.judged_at is not None
        assert plate.acquired_at < plate.upload.uploaded_at < plate.judged_at


def test_the_tubes_that_wait_are_laid_out_for_the_next_plate() -> None:
    wells = LayoutWell.objects.exclude(specimen=None)
    assert set(wells.values_list("plate_number", flat=True)) == {1}
    assert not set(wells.values_list("specimen__wells", flat=True)) - {None}


def test_the_dry_well_is_excluded_with_its_reason() -> None:
    (well,) = Well.objects.exclude(excluded_at=None)
    assert "not one bead" in well.excluded_reason
    assert well.specimen is not None
    assert set(well.specimen.results.values_list("n_wells", flat=True)) == {1}


def test_nothing_of_the_six_is_on_a_plate() -> None:
    ids = [row.pk for row in under_way()]
    assert not Result.objects.filter(specimen__participant__in=ids).exists()


def test_the_run_sheets_are_whole_and_pain_was_reported_76_times() -> None:
    given = Infusion.objects.filter(participant__in=finished())
    assert given.filter(state=Infusion.State.GIVEN).count() == 396
    assert given.filter(pain_reported=True).count() == 76
    assert VitalSigns.objects.filter(infusion__in=given).count() == 396 * 9


def test_every_infusion_had_its_gate_and_the_ledger_balances() -> None:
    given = Infusion.objects.filter(state=Infusion.State.GIVEN)
    assert given.filter(gate__state="passed", discharge__unmet="").count() == (
        given.count()
    )
    ended = given.filter(participant__in=finished())
    assert ended.filter(symptoms__code="pain").distinct().count() == 76
    rows = Movement.objects.select_related("lot", "infusion")
    assert drug.discrepancies(rows) == []
    balances = drug.balances(Lot.objects.all())
    assert all(line.open_mg == 0 for line in balances)
    assert sum(line.dispensed for line in balances) == given.count()


def test_every_finished_visit_was_attended_in_its_window() -> None:
    visits = Visit.objects.filter(participant__in=finished())
    assert visits.count() == 66 * (9 + 6)
    inside = visits.filter(
        attended_at__gte=F("window_opens"), attended_at__lte=F("window_closes")
    )
    assert inside.count() == visits.count()


def test_times_are_those_of_the_course() -> None:
    for rating in Assessment.objects.select_related("form")[:50]:
        signed = Signature.objects.filter(target_id=rating.form_id).first()
        assert rating.form.completed_at is not None
        assert rating.rated_at < rating.form.completed_at
        if signed is not None:
            assert rating.form.completed_at < signed.signed_at


def test_all_ratings_are_signed_by_their_rater_but_one() -> None:
    kind = ContentType.objects.get_for_model(Form)
    signed = dict(
        Signature.objects.filter(target_type=kind).values_list("target_id", "person")
    )
    left = []
    for rating in Assessment.objects.select_related("visit"):
        if rating.form_id in signed:
            assert signed[rating.form_id] == rating.rater_id
        else:
            left.append((rating.visit.visit_type, rating.instrument))
    assert left == [("day13", "madrs")]


def test_two_questions_of_the_data_manager_are_open() -> None:
    queries = Query.objects.filter(state=Query.State.OPEN)
    assert {query.field for query in queries} == {"MADRS104", "SFMP117"}
    assert {query.raised_by.username for query in queries if query.raised_by} == {"dm"}


def test_an_infusion_is_planned_for_the_day_of_loading(demo_trial: Job) -> None:
    today = date.fromordinal(demo_trial.argument)
    (waiting,) = Infusion.objects.filter(planned_on=today, state="planned")
    assert waiting.number == 3


def test_a_rating_is_late_and_another_is_due_today(demo_trial: Job) -> None:
    """At noon of the day of loading."""
    today = date.fromordinal(demo_trial.argument)
    noon = datetime.combine(today, time(12), TIME_ZONE)
    started = Infusion.objects.filter(number=1, started_at__lt=noon)
    day2 = Visit.objects.filter(
        visit_type="day2", state="planned", participant__infusions__in=started
    )
    assert day2.filter(window_closes__lt=noon).count() == 1
    assert day2.filter(planned_on=today).count() == 1


def test_every_event_has_a_person_with_a_role() -> None:
    nameless = Event.objects.exclude(table_name__startswith="labs_analyte").filter(
        person=None
    )
    assert not nameless.exists()
    assert not Event.objects.exclude(person=None).filter(role="").exists()


def test_every_role_has_somebody_and_signers_have_one_time_codes() -> None:
    held = Membership.objects.all()
    assert {one.role for one in held} == {role.value for role in Role}
    with_codes = User.objects.filter(authenticator__type="totp")
    signers = {one.person_id for one in held if one.role in SIGNING_ROLES}
    assert {user.pk for user in with_codes} == signers


def test_raters_never_take_the_pain_scales() -> None:
    raters = Membership.objects.filter(role=Role.RATER).values("person")
    rated = Assessment.objects.filter(rater__in=raters)
    assert set(rated.values_list("instrument", flat=True)) == {"madrs", "hamd17"}


def test_loading_twice_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    events = Event.objects.count()
    assert load() is False
    call_command("demo")
    assert capsys.readouterr().out == "The demo is loaded already.\n"
    assert Event.objects.count() == events


def test_no_progress_is_shown_when_the_load_is_done() -> None:
    assert progress() is None


def test_progress_is_shown_while_the_load_goes_on(demo_trial: Job) -> None:
    Job.objects.filter(kind=KIND).update(
        state=Job.State.RUNNING,
        leased_until=demo_trial.finished_at,
        finished_at=None,
        done_steps=12,
    )
    shown = progress()
    assert shown is not None
    assert (shown.done, shown.total) == (12, 142)
