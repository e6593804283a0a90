"""A coordinator takes a person from the first line of the log into the trial."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Walk
from tests.cast import Cast
from trial.models import Participant

pytestmark = pytest.mark.browser


def test_a_person_is_screened_consents_and_is_enrolled(walk: Walk, cast: Cast) -> None:
    page = walk.page
    today = timezone.localdate()
    walk.sign_in(cast["coordinator"])
    walk.go("/screening/")
    page.get_by_role("link", name="Screen a person").first.click()
    page.get_by_role("radio", name="patient").check()
    page.get_by_label("Date of screening").fill(f"{today:%Y-%m-%d}")
    walk.look()
    page.get_by_role("button", name="Open the screening").click()
    expect(page.get_by_role("heading", name="Eligibility")).to_be_visible()
    answer_criteria(page)
    page.get_by_role("button", name="Save").click()
    walk.look()
    page.get_by_role("link", name="Record a consent").click()
    page.get_by_label("Version of the consent form").fill("1.0")
    page.get_by_label("Date of consent").fill(f"{today:%Y-%m-%d}")
    page.get_by_role("radio", name="Chinese").check()
    page.get_by_label("Explained by").fill("Li Jianhua")
    page.get_by_role("group", name="A signed copy was given").get_by_label(
        "yes"
    ).check()
    page.get_by_role("group", name="Agrees to stored blood").get_by_label("yes").check()
    walk.look()
    page.get_by_role("button", name="Record the consent").click()
    expect(page.get_by_text("Version 1.0, given on")).to_be_visible()
    expect(page.get_by_text("eligible", exact=True)).to_be_visible()
    page.get_by_role("link", name="Baseline characteristics").first.click()
    describe(page)
    walk.look()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Enrol").click()
    page.get_by_label("Date of enrolment").fill(f"{today:%Y-%m-%d}")
    monday = today + timedelta(days=7 - today.weekday())
    page.get_by_label("Date of infusion 1").fill(f"{monday:%Y-%m-%d}")
    walk.look()
    page.get_by_role("button", name="Enrol").click()
    expect(page.get_by_text("enrolled", exact=True)).to_be_visible()
    walk.look()
    person = Participant.objects.get()
    assert (person.state, person.infusions.count()) == ("enrolled", 6)
    walk.go("/participants/")


def answer_criteria(page: Page) -> None:
    for group in page.locator(".answers fieldset").all():
        wanted = "yes" if "inclusion" in group.inner_text() else "no"
        group.get_by_label(wanted, exact=True).check()


def describe(page: Page) -> None:
    for name, value in {
        "birth_year": "1990",
        "education_years": "12",
        "height_cm": "170",
        "weight_kg": "60",
        "illness_months": "24",
        "antidepressant_dose_mg_day": "40",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("radio", name="female").check()
    for group in page.locator("fieldset.field").all():
        no = group.get_by_label("no", exact=True)
        if no.count():
            no.check()
