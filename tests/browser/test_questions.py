"""A data manager asks, the rater answers, the data manager closes; search; keys."""

import pytest
from playwright.sync_api import expect

from records.models import Form, Query
from tests.browser.conftest import Walk
from tests.cast import Cast
from trial.models import Participant, Visit

pytestmark = pytest.mark.browser


def test_a_question_is_asked_answered_and_closed(
    walk: Walk, visit: Visit, cast: Cast
) -> None:
    page = walk.page
    walk.sign_in(cast["data_manager"])
    form = Form.objects.get(about_id=visit.pk, code="madrs")
    walk.go(f"/visits/{visit.pk}/madrs/")
    page.get_by_role("link", name="Ask a question").click()
    page.get_by_label("Your words").fill("Is the rating of the day before meant?")
    walk.look()
    page.get_by_role("button", name="Ask").click()
    question = Query.objects.get(form=form)
    walk.sign_in(cast["rater"])
    walk.go("/")
    page.get_by_role("link", name="MADRS").last.click()
    expect(page.get_by_text("Is the rating of the day before meant?")).to_be_visible()
    page.get_by_label("Your words").fill("Yes, it was rated on that day.")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator(".thread")).to_contain_text("Yes, it was rated on that day.")
    walk.look()
    walk.sign_in(cast["data_manager"])
    walk.go(f"/queries/{question.pk}/")
    page.get_by_label("Your words").fill("Thank you.")
    page.get_by_role("button", name="Close the question").click()
    expect(page.get_by_text("closed", exact=True)).to_be_visible()
    walk.go("/oversight/")


def test_a_participant_is_found_and_opened_without_a_mouse(
    walk: Walk, patient: Participant, cast: Cast
) -> None:
    page = walk.page
    walk.sign_in(cast["coordinator"])
    walk.go("/participants/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    walk.look()
    page.keyboard.press("Escape")
    walk.go("/search/?q=nobody")
    page.keyboard.press("/")
    page.keyboard.type(patient.subject_id)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(patient.subject_id)
    walk.look()
