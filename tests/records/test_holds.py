"""What is frozen or locked takes no change, whoever writes; how it is opened."""

from collections.abc import Callable

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.roles import ALLOWED
from assessments.entry import Circumstances, Sheet, complete_rating
from assessments.instruments import INSTRUMENTS
from assessments.models import Answer, Assessment
from records import forms, holds, lifecycle
from records.models import Draft, Event, Form, Hold
from tests.cast import Cast
from trial.models import Baseline, Infusion, Participant, Visit

pytestmark = pytest.mark.django_db
LOCKED, FROZEN = Hold.Level.LOCKED, Hold.Level.FROZEN


@pytest.fixture
def rated(visit: Visit, cast: Cast) -> Assessment:
    """A whole MADRS at the baseline visit."""
    return rate(visit, cast)


def rate(visit: Visit, cast: Cast, value: int = 3, reason: str = "") -> Assessment:
    sheet = Sheet({f"MADRS1{n:02}": value for n in range(1, 11)})
    how = Circumstances(cast["rater"], timezone.now(), "week")
    return complete_rating(visit, INSTRUMENTS["madrs"], sheet, how, reason=reason)


def scopes(visit: Visit) -> dict[str, holds.Scope]:
    form = Form.objects.get(about_id=visit.pk, code="madrs")
    return {
        "form": holds.scope_of(form),
        "visit": holds.scope_of(visit),
        "participant": holds.scope_of(visit.participant),
        "site": holds.scope_of(visit.site),
        "trial": holds.TRIAL,
    }


def refused_in_sql(change: Callable[[], object], level: str) -> None:
    words = f"This is {level}"
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        change()


@pytest.mark.parametrize("level", [FROZEN, LOCKED])
@pytest.mark.parametrize("kind", ["form", "visit", "participant", "site", "trial"])
def test_a_form_is_held_by_each_scope_above_it(
    visit: Visit, cast: Cast, rated: Assessment, kind: str, level: str
) -> None:
    assert holds.level_of(rated.form) == "open"
    holds.place(level, [scopes(visit)[kind]], reason="clean", by=cast["data_manager"])
    assert holds.level_of(rated.form) == level
    assert holds.level_in(holds.in_force(), rated.form) == level
    with pytest.raises(ValidationError, match=f"This is {level}"):
        rate(visit, cast, 4, "slip")
    for change in (
        lambda: rated.answers.update(value=1),
        lambda: Form.objects.filter(pk=rated.form_id).update(version=9),
        lambda: Draft.objects.create(form=rated.form, saved_by=cast["rater"]),
    ):
        refused_in_sql(change, level)


def test_what_lies_beside_is_not_held(
    visit: Visit, cast: Cast, rated: Assessment
) -> None:
    other = Form.objects.get(about_id=visit.pk, code="sfmpq")
    holds.place(LOCKED, [holds.scope_of(other)], reason="x", by=cast["data_manager"])
    rate(visit, cast, 4, "slip")
    assert holds.level_of(rated.form) == "open"


@pytest.mark.parametrize("kind", ["participant", "site", "trial"])
def test_a_held_participant_keeps_every_clinical_row(
    visit: Visit, cast: Cast, kind: str
) -> None:
    holds.place(FROZEN, [scopes(visit)[kind]], reason="x", by=cast["data_manager"])
    for change in (
        lambda: Baseline.objects.update(weight_kg=61),
        lambda: Participant.objects.update(end_reason="x"),
        lambda: visit.participant.consents.update(stored_blood=False),
        lambda: visit.participant.screenings.update(note="x"),
        lambda: Infusion.objects.update(pain_reported=None),
        lambda: Visit.objects.update(attended_at=None),
    ):
        refused_in_sql(change, FROZEN)


def test_a_new_form_under_a_held_visit_is_held_too(visit: Visit, cast: Cast) -> None:
    holds.place(LOCKED, [holds.scope_of(visit)], reason="x", by=cast["data_manager"])
    place = forms.Place(visit.site_id, visit.participant_id)
    form = forms.form_of(visit, "cadss", place)
    with pytest.raises(ValidationError, match="This is locked"):
        forms.save_draft(form, {}, by=cast["rater"])


def test_a_row_is_not_moved_into_what_is_locked(
    visit: Visit, cast: Cast, rated: Assessment
) -> None:
    later = visit.participant.visits.exclude(pk=visit.pk).first()
    assert later is not None
    holds.place(LOCKED, [holds.scope_of(later)], reason="x", by=cast["data_manager"])
    with pytest.raises(IntegrityError, match="This is locked"):
        Assessment.objects.filter(pk=rated.pk).update(visit=later)


def test_one_person_unfreezes_with_a_reason(visit: Visit, cast: Cast) -> None:
    by = cast["data_manager"]
    holds.place(FROZEN, [holds.scope_of(visit)], reason="clean", by=by)
    hold = Hold.objects.get()
    with pytest.raises(ValidationError, match="Say why"):
        holds.unfreeze(hold, reason=" ", by=by)
    holds.unfreeze(hold, reason="typing error found", by=by)
    assert holds.level_of(visit) == "open"
    with pytest.raises(ValidationError, match="open again already"):
        holds.unfreeze(hold, reason="again", by=by)
    events = Event.objects.filter(table_name="records_hold").order_by("id")
    assert [e.kind for e in events] == ["insert", "update"]


def test_unlocking_needs_a_reason_and_a_second_person(visit: Visit, cast: Cast) -> None:
    asker, other = cast["data_manager"], cast["principal_investigator"]
    holds.place(LOCKED, [holds.scope_of(visit)], reason="final", by=asker)
    hold = Hold.objects.get()
    with pytest.raises(ValidationError, match="two people"):
        holds.unfreeze(hold, reason="mine alone", by=asker)
    with pytest.raises(ValidationError, match="Nobody asked"):
        holds.grant_unlock(hold, by=other)
    with pytest.raises(ValidationError, match="Say why"):
        holds.ask_unlock(hold, reason="", by=asker)
    holds.ask_unlock(hold, reason="wrong scale", by=asker)
    assert list(holds.waiting()) == [hold]
    with pytest.raises(ValidationError, match="a second person"):
        holds.grant_unlock(hold, by=asker)
    assert holds.level_of(visit) == LOCKED
    holds.grant_unlock(hold, by=other)
    assert holds.level_of(visit) == "open"


def test_a_declined_request_leaves_it_locked(visit: Visit, cast: Cast) -> None:
    by = cast["data_manager"]
    holds.place(LOCKED, [holds.scope_of(visit)], reason="final", by=by)
    hold = holds.ask_unlock(Hold.objects.get(), reason="please", by=by)
    with pytest.raises(ValidationError, match="asked for already"):
        holds.ask_unlock(hold, reason="please", by=by)
    holds.decline_unlock(hold)
    assert holds.level_of(visit) == LOCKED
    assert not holds.waiting().exists()


def test_placing_twice_is_harmless_and_a_frozen_scope_can_be_locked(
    visit: Visit, cast: Cast
) -> None:
    by, scope = cast["data_manager"], [holds.scope_of(visit)]
    assert holds.place(FROZEN, scope, reason="x", by=by) == 1
    assert holds.place(FROZEN, scope, reason="x", by=by) == 0
    assert holds.place(LOCKED, scope, reason="x", by=by) == 1
    assert holds.level_of(visit) == LOCKED


SELF_GRANTED = (
    "UPDATE records_hold SET lift_reason = 'x', lift_asked_by_id = placed_by_id, "
    "lift_asked_at = now(), lifted_by_id = placed_by_id, lifted_at = now()"
)
BY_THE_WEB_ROLE = (
    ("UPDATE assessments_answer SET value = 0", "This is locked"),
    ("UPDATE assessments_assessment SET rated_at = now()", "This is locked"),
    ("UPDATE records_form SET version = 7", "This is locked"),
    ("UPDATE trial_visit SET missed_reason = ''", "This is locked"),
    (
        "INSERT INTO records_draft (form_id, values, saved_at, saved_by_id) "
        "SELECT form_id, '{}', now(), rater_id FROM assessments_assessment",
        "This is locked",
    ),
    ("UPDATE records_hold SET level = 'frozen'", "lifted once"),
    ("UPDATE records_hold SET scope_id = 999999", "lifted once"),
    (SELF_GRANTED, "hold_unlocked_by_a_second_person"),
    ("DELETE FROM records_hold", "permission denied"),
    ("ALTER TABLE assessments_answer DISABLE TRIGGER ALL", "must be owner"),
    ("SET session_replication_role = replica", "permission denied"),
)


@pytest.mark.django_db(transaction=True)
def test_the_role_of_the_application_cannot_change_what_is_locked(
    visit: Visit, cast: Cast, rated: Assessment, as_web: psycopg.Connection
) -> None:
    as_web.execute("UPDATE assessments_answer SET value = 2")
    holds.place(LOCKED, [holds.scope_of(visit)], reason="x", by=cast["data_manager"])
    for statement, words in BY_THE_WEB_ROLE:
        with pytest.raises(psycopg.Error, match=words):
            as_web.execute(statement)
    assert set(Answer.objects.values_list("value", flat=True)) == {2}


def test_every_act_is_permitted_by_a_line_of_the_table_of_roles() -> None:
    for transition in lifecycle.TRANSITIONS.values():
        assert set(transition.may) <= set(ALLOWED)


@pytest.mark.parametrize("act", sorted(lifecycle.TRANSITIONS))
def test_an_act_goes_only_from_the_states_of_its_line(
    act: str, visit: Visit, cast: Cast
) -> None:
    """Each act from each completion: allowed where its line says so, else refused."""
    line = lifecycle.TRANSITIONS[act]
    form = Form.objects.get(about_id=visit.pk, code="madrs")
    if "open" not in line.hold:
        level = next(iter(line.hold))
        holds.place(level, [holds.scope_of(form)], reason="x", by=cast["monitor"])
    for completion in Form.Completion:
        form.completion = completion
        try:
            lifecycle.check(form, act, reason="because")
            allowed = True
        except ValidationError:
            allowed = False
        assert allowed == (completion in line.completion), completion


def test_a_page_that_meets_a_hold_says_so(
    as_: Callable[[str], Client], visit: Visit, cast: Cast
) -> None:
    held = [holds.scope_of(visit.participant)]
    holds.place(FROZEN, held, reason="x", by=cast["data_manager"])
    infusion = visit.participant.infusions.get(number=1)
    said = {"not_given-reason": "tired", "reason": "tired"}
    response = as_("infusion_nurse").post(f"/infusions/{infusion.pk}/not-given/", said)
    assert response.status_code in (409, 422)
    assert "This is frozen" in response.content.decode()
