"""A coordinator moves an infusion after seeing what it pushes, from the calendar."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Walk
from tests.cast import Cast, enrolled

pytestmark = pytest.mark.browser


def test_an_infusion_is_moved_from_the_calendar_by_keyboard(
    walk: Walk, cast: Cast
) -> None:
    page = walk.page
    walk.expected = ("422",)
    to_monday = 7 - timezone.localdate().weekday()
    patient = enrolled(cast, first_infusion_in_days=to_monday)
    second = patient.infusions.get(number=2)
    walk.sign_in(cast["coordinator"])
    walk.go(f"/calendar/?from={second.planned_on}")
    page.get_by_role("link", name="infusion 1").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Move infusion 2")).to_be_visible()
    to = second.planned_on + timedelta(days=1)
    page.get_by_label("New day").fill(f"{to:%Y-%m-%d}")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Everything stays inside its window.")).to_be_visible()
    row = page.get_by_role("row", name="infusion 3")
    expect(row.first).to_be_visible()
    walk.look()
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    walk.look()
    page.get_by_label("Reason for the move").fill("The pump is away")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("The course is planned anew.")).to_be_visible()
    second.refresh_from_db()
    assert second.planned_on == to
    for path in ("/calendar/feed/", "/chairs/", "/holidays/", "/reconsent/", "/"):
        walk.go(path)
    for act in ("leave", "contacts", "visits/new", "deviations/new"):
        walk.go(f"/participants/{patient.subject_id}/{act}/")
