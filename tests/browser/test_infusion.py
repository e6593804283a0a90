"""A nurse runs an infusion on a tablet, in the dark."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.bedside import asked, lot
from tests.browser.conftest import PASSWORD, Walk
from trial.models import Infusion, Participant

pytestmark = pytest.mark.browser


def fill(page: Any, values: dict[str, str]) -> None:
    for label, value in values.items():
        page.get_by_label(label, exact=True).fill(value)


def test_an_infusion_from_the_gate_to_the_discharge(
    walk: Walk, patient: Participant, signer: Any
) -> None:
    page = walk.page
    walk.expected = ("422",)
    page.set_viewport_size({"width": 768, "height": 1024})
    page.emulate_media(color_scheme="dark")
    infusion = patient.infusions.get(number=1)
    nurse, doctor = signer("infusion_nurse"), signer("investigator")
    lot(infusion)
    asked(infusion)
    walk.sign_in(nurse)
    walk.go("/")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No dose without the gate.")).to_be_visible()
    walk.look()
    began = timezone.localtime() - timedelta(minutes=41)
    through_the_gate(walk, began)
    second_person(walk, doctor.full_name)
    page.get_by_label("Started at").fill(f"{began:%Y-%m-%d %H:%M}")
    button = page.get_by_role("button", name="Start")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    button.click()
    expect(page.locator("[data-minutes-since]").first).to_have_text("41")
    walk.look()
    a_reading_past_a_limit(walk)
    page.get_by_role("button", name="pain", exact=True).click()
    expect(page.get_by_role("row", name="pain")).to_be_visible()
    lock_and_unlock(walk, patient.subject_id)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_role("heading", name="Discharge")).to_be_visible()
    page.get_by_label("walks unaided").check()
    page.get_by_role("button", name="Discharge").click()
    expect(page.get_by_text("Not yet: MOAA/S 5.").first).to_be_visible()
    walk.look()
    infusion.refresh_from_db()
    assert infusion.state == Infusion.State.GIVEN
    assert infusion.pain_reported is True


def through_the_gate(walk: Walk, began: Any) -> None:
    page = walk.page
    page.get_by_role("link", name="Gate").first.click()
    walk.look()
    ate, drank = began - timedelta(hours=12), began - timedelta(hours=4)
    fill(
        page,
        {
            "Weight, kg (optional)": "60",
            "Last food at (optional)": f"{ate:%Y-%m-%d %H:%M}",
            "Last clear fluids at (optional)": f"{drank:%Y-%m-%d %H:%M}",
            "Systolic, mmHg (optional)": "120",
            "Diastolic, mmHg (optional)": "80",
            "Medication today (optional)": "none",
        },
    )
    for name in ("Urine hCG (optional)", "Urine drug screen (optional)"):
        group = page.get_by_role("group", name=name)
        group.get_by_label("negative").check()
    page.get_by_role("group", name="An escort").get_by_label("yes").check()
    page.get_by_role("button", name="Save the gate").click()
    expect(page.get_by_text("The gate is passed.")).to_be_visible()
    walk.look()


def second_person(walk: Walk, name: str) -> None:
    page = walk.page
    page.get_by_role("link", name="Go on to the dose").click()
    page.get_by_role("button", name="Compute the dose").click()
    expect(page.get_by_text("30.00 mg").first).to_be_visible()
    walk.look()
    page.get_by_label("Second person", exact=True).select_option(label=name)
    page.get_by_label("Password of the second person").fill(PASSWORD)
    page.get_by_role("button", name="The second person has checked").click()
    expect(page.get_by_text("Checked by a second person")).to_be_visible()
    walk.look()
    page.get_by_role("link", name="To the run sheet").click()


def a_reading_past_a_limit(walk: Walk) -> None:
    page = walk.page
    page.get_by_label("Due at minute").select_option("10")
    page.get_by_label("systolic, mmHg").fill("190")
    page.get_by_label("diastolic, mmHg").fill("95")
    page.get_by_label("pulse, a minute").fill("80")
    page.get_by_label("SpO2, %").fill("98")
    page.get_by_role("button", name="Record the reading").click()
    limit = page.get_by_role("row", name="systolic 180 mmHg or more")
    expect(limit).to_be_visible()
    walk.look()


def lock_and_unlock(walk: Walk, subject_id: str) -> None:
    """Typed words stay under the lock; nobody's identity is in sight meanwhile."""
    page = walk.page
    page.get_by_text("Interruption", exact=True).click()
    page.get_by_label("Reason").first.fill("line blo")
    page.get_by_role("button", name="Lock the screen").click()
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    expect(
        page.get_by_role("dialog").get_by_text("min since the start")
    ).to_be_visible()
    expect(page.get_by_role("link", name=subject_id)).not_to_be_visible()
    walk.look()
    page.get_by_label("Your password").last.fill("wrong")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("That is not your password.")).to_be_visible()
    page.get_by_label("Your password").last.fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("heading", name="Locked")).not_to_be_visible()
    expect(page.get_by_label("Reason").first).to_have_value("line blo")
