"""The page that describes the API works under the content security policy."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Walk
from tests.cast import Cast
from trial.models import Participant

pytestmark = pytest.mark.browser


def test_a_call_is_described_and_tried_without_a_complaint_of_the_browser(
    walk: Walk, patient: Participant, cast: Cast
) -> None:
    page = walk.page
    walk.sign_in(cast["monitor"])
    answer = page.goto(f"{walk.address}/api/docs/")
    assert answer is not None
    assert "unsafe-inline" not in answer.headers["content-security-policy"]
    page.locator("#operations-participants-participants_list").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    shown = page.locator(".live-responses-table tbody")
    expect(shown).to_contain_text(patient.subject_id)
