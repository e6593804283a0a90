"""A nurse runs an infusion on a tablet, in the dark."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import Walk
from tests.cast import Cast
from trial.models import Infusion, Participant

pytestmark = pytest.mark.browser


def test_an_infusion_is_started_read_beyond_a_limit_and_stopped(
    walk: Walk, patient: Participant, cast: Cast
) -> None:
    page = walk.page
    page.set_viewport_size({"width": 768, "height": 1024})
    page.emulate_media(color_scheme="dark")
    walk.sign_in(cast["infusion_nurse"])
    walk.go("/")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Infusion 1")).to_be_visible()
    walk.look()
    began = timezone.localtime() - timedelta(minutes=41)
    page.get_by_label("Weight today, kg").fill("60")
    page.get_by_label("Started at").fill(f"{began:%Y-%m-%d %H:%M}")
    button = page.get_by_role("button", name="Start")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 48
    button.click()
    expect(page.locator("[data-minutes-since]")).to_have_text("41")
    expect(page.get_by_text("(0.5 mg/kg × 60.0 kg)")).to_be_visible()
    walk.look()
    page.get_by_label("Due at minute").select_option("10")
    readings = {
        "systolic, mmHg": "190",
        "diastolic, mmHg": "95",
        "pulse, a minute": "80",
        "SpO2, %": "98",
    }
    for label, value in readings.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Record the reading").click()
    limit = page.get_by_role("row", name="systolic 180 mmHg or more")
    expect(limit).to_be_visible()
    walk.look()
    page.get_by_role("radio", name="no").check()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("given", exact=True)).to_be_visible()
    walk.look()
    assert patient.infusions.get(number=1).state == Infusion.State.GIVEN
