"""The life of a form: begun, completed, changed with a reason, missed, held."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from records import forms, holds, lifecycle
from records.models import Draft, Form
from tests.cast import Cast
from trial.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(visit: Visit) -> Form:
    """The MADRS form of the baseline visit, not started."""
    return Form.objects.get(about_id=visit.pk, code="madrs")


def test_a_form_is_made_once_an_object(visit: Visit, form: Form) -> None:
    place = forms.Place(visit.site_id, visit.participant_id)
    assert forms.form_of(visit, "madrs", place) == form
    forms.expect(visit, ["madrs", "sfmpq"], place)
    assert Form.objects.filter(about_id=visit.pk, code="madrs").count() == 1


def test_asking_for_a_form_that_nobody_began_makes_none(visit: Visit) -> None:
    assert forms.begun(visit, "cadss") is None
    assert not Form.objects.filter(code="cadss").exists()


def test_a_draft_puts_a_form_in_progress_and_dropping_it_takes_it_back(
    form: Form, cast: Cast
) -> None:
    forms.save_draft(form, {"values": {"MADRS101": 3}}, by=cast["rater"])
    form.refresh_from_db()
    assert form.completion == Form.Completion.IN_PROGRESS
    forms.discard_draft(form)
    form.refresh_from_db()
    assert form.completion == Form.Completion.NOT_STARTED
    assert not Draft.objects.exists()


def test_completing_drops_the_draft_and_says_who_and_when(
    form: Form, cast: Cast
) -> None:
    forms.save_draft(form, {}, by=cast["rater"])
    done = forms.complete(form, by=cast["rater"], version=0)
    assert (done.completion, done.completed_by, done.version) == (
        "complete",
        cast["rater"],
        1,
    )
    assert done.completed_at is not None
    assert not Draft.objects.exists()


@pytest.mark.parametrize("reason", ["", "   "])
@pytest.mark.clause(
    "4.2.4",
    "a change of a complete form needs a reason, kept with person and time",
)
def test_a_complete_form_is_not_changed_without_a_reason(
    form: Form, cast: Cast, reason: str
) -> None:
    forms.complete(form, by=cast["rater"])
    with pytest.raises(ValidationError, match="Say why this is changed"):
        forms.complete(form, by=cast["rater"], reason=reason)


def test_an_older_version_meets_another_persons_change(form: Form, cast: Cast) -> None:
    forms.complete(form, by=cast["rater"], version=0)
    with pytest.raises(forms.ChangedMeanwhileError):
        forms.complete(form, by=cast["investigator"], version=0, reason="mine")
    form.refresh_from_db()
    assert form.completed_by == cast["rater"]


@pytest.mark.parametrize("hold", ["frozen", "locked"])
@pytest.mark.clause(
    "4.2.6",
    "a frozen or locked form takes no entry",
)
def test_a_held_form_takes_neither_draft_nor_completion(
    form: Form, cast: Cast, hold: str
) -> None:
    holds.place(hold, [holds.scope_of(form)], reason="review", by=cast["data_manager"])
    for act in (
        lambda: forms.save_draft(form, {}, by=cast["rater"]),
        lambda: forms.complete(form, by=cast["rater"]),
        lambda: forms.mark_missed(form, reason="moved"),
    ):
        with pytest.raises(ValidationError, match=f"This is {hold}"):
            act()


def test_missed_and_not_done_have_their_reason(form: Form) -> None:
    with pytest.raises(ValidationError, match="Say why"):
        forms.mark_missed(form, reason=" ")
    assert forms.mark_missed(form, reason="moved").not_done_reason == "moved"
    Form.objects.update(completion="not_started", not_done_reason="")
    assert forms.mark_not_done(form, reason="tired").completion == "not_done"


@pytest.mark.clause(
    "11.10(f)",
    "an act that the state of a form does not allow is refused",
)
def test_what_is_complete_is_not_missed(form: Form, cast: Cast) -> None:
    forms.complete(form, by=cast["rater"])
    with pytest.raises(ValidationError, match="This form is complete"):
        forms.mark_missed(form, reason="moved")


def test_a_form_with_a_draft_is_not_ready_to_sign(form: Form, cast: Cast) -> None:
    form = forms.complete(form, by=cast["rater"])
    lifecycle.check(form, "sign")
    forms.save_draft(form, {}, by=cast["rater"])
    with pytest.raises(ValidationError, match="drop the draft"):
        lifecycle.check(form, "sign")


@pytest.mark.parametrize(
    "facts", [{"completion": "complete"}, {"completion": "missed"}]
)
def test_impossible_facts_are_refused_by_the_form_and_by_the_database(
    form: Form, facts: dict[str, str]
) -> None:
    for name, value in facts.items():
        setattr(form, name, value)
    with pytest.raises(ValidationError):
        form.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        form.save()
