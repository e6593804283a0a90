"""A rater rates by keyboard, loses the network and signs; paper shows the signature."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import User
from assessments.models import Assessment
from records.models import Draft
from tests.browser.conftest import PASSWORD, Walk
from tests.cast import Cast, code_of
from trial.models import Visit

pytestmark = pytest.mark.browser


def test_a_madrs_takes_eleven_keys_is_signed_and_stands_in_the_history(
    walk: Walk, cast: Cast, visit: Visit, signer: Callable[[str], User]
) -> None:
    page = walk.page
    walk.sign_in(signer("rater"))
    walk.go(f"/visits/{visit.pk}/madrs/")
    for digit in "4443221123":
        page.keyboard.press(digit)
    expect(page.locator("[data-total=MADRS111]")).to_have_text("26")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    walk.look()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nobody has signed this form yet.")).to_be_visible()
    assert Assessment.objects.get().answers.count() == 10
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("One-time code").fill(code_of(cast["rater"]))
    page.get_by_role("button", name="Sign what is shown").click()
    signature = page.locator(".signature")
    expect(signature).to_contain_text("Rater — I entered this and it is right — ")
    walk.look()
    page.emulate_media(media="print")
    expect(signature).to_be_visible()
    expect(page.locator(".nav")).to_be_hidden()
    page.emulate_media(media="screen")
    expect(page.get_by_role("link", name="History")).to_have_count(0)
    walk.sign_in(cast["coordinator"])
    page.reload()
    page.get_by_role("link", name="History").click()
    expect(page.locator(".history")).to_contain_text("Rater")
    walk.look()


def test_answers_survive_a_spell_without_network(
    walk: Walk, visit: Visit, cast: Cast
) -> None:
    walk.expected = ("ERR_INTERNET_DISCONNECTED",)
    page = walk.page
    walk.sign_in(cast["rater"])
    walk.go(f"/visits/{visit.pk}/madrs/")
    page.context.set_offline(True)
    for digit in "421":
        page.keyboard.press(digit)
    expect(page.get_by_text("Not saved: no connection (3)")).to_be_visible()
    walk.look()
    page.context.set_offline(False)
    expect(page.get_by_text("Draft saved")).to_be_visible()
    kept = Draft.objects.get().values["values"]
    assert kept == {"MADRS101": 4, "MADRS102": 2, "MADRS103": 1}


def test_a_missing_item_is_named_and_focus_goes_to_the_summary(
    walk: Walk, visit: Visit, cast: Cast
) -> None:
    walk.expected = ("status of 422",)
    page = walk.page
    walk.sign_in(cast["rater"])
    walk.go(f"/visits/{visit.pk}/madrs/")
    page.get_by_role("button", name="Complete").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text(
        "MADRS item 10, suicidal thoughts"
    )
    walk.look()


def test_the_line_of_the_vas_shows_a_handle_only_after_a_click(
    walk: Walk, visit: Visit, cast: Cast
) -> None:
    page = walk.page
    walk.sign_in(cast["rater"])
    walk.go(f"/visits/{visit.pk}/sfmpq/")
    line = page.locator("svg[data-vas]")
    expect(line.locator(".touched")).to_have_count(0)
    box = line.bounding_box()
    assert box is not None
    line.click(position={"x": box["width"] * 0.3, "y": box["height"] / 2})
    expect(page.locator("#input-SFMP117")).to_have_value("30")
    expect(line.locator(".touched")).to_have_attribute("x1", "30")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("55")
    expect(line.locator(".touched")).to_have_attribute("x1", "55")
    walk.look()
