"""Draws the pictures of the README and the documentation from the demo trial.

PICTURES=docs/pictures ./script/test tests/browser/test_pictures.py writes them anew.
"""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import FloatRect, Page, ViewportSize
from pytest_django import Settings

from accounts.models import User
from demo.load import load
from labs.models import Plate
from records.models import Form
from tests.browser.conftest import Walk
from trial.models import Infusion, Visit

FOLDER = os.environ.get("PICTURES", "")
SIZE: ViewportSize = {"width": 1440, "height": 720}
LARGEST_BYTES = 160_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not FOLDER, reason="set PICTURES to the folder to draw into"),
]


def test_the_demo_is_drawn_page_by_page(walk: Walk, settings: Settings) -> None:
    settings.DEMO = True
    load()
    walk.page.set_viewport_size(SIZE)
    sign_in(walk, "rater1")
    picture(walk, "/", "today")
    rating = due_rating()
    walk.go(f"/visits/{rating.pk}/madrs/")
    for digit in "433422":
        walk.page.keyboard.press(digit)
    walk.page.get_by_text("Draft saved").wait_for()
    draw(walk.page, "rating", height=600)
    sign_in(walk, "coord1")
    picture(walk, f"/participants/{course_in_full()}/", "participant")
    sign_in(walk, "lab1")
    picture(walk, f"/lab/plates/{Plate.objects.earliest('pk').pk}/", "plate")
    run_infusion(walk)
    draw(walk.page, "infusion", height=1080)
    sign_in(walk, "coord1")
    speak(walk, "zh-hans")
    picture(walk, "/participants/?state=all", "participants-chinese")


def sign_in(walk: Walk, name: str) -> None:
    walk.sign_in(User.objects.get(username=name))
    speak(walk, "en")


def speak(walk: Walk, language: str) -> None:
    name = settings.LANGUAGE_COOKIE_NAME
    cookie = {"name": name, "value": language, "url": walk.address}
    walk.page.context.add_cookies([cookie])  # type: ignore[list-item]


def due_rating() -> Visit:
    """The visit of the first rater's site whose MADRS can be rated now."""
    waiting = Form.objects.filter(code="madrs", completion=Form.Completion.NOT_STARTED)
    now = timezone.now()
    return Visit.objects.filter(
        pk__in=waiting.values("about_id"),
        participant__site__code="01",
        window_opens__lte=now,
    ).latest("window_opens")


def course_in_full() -> str:
    """Somebody between the last infusion and day 26: most to be seen."""
    six = Infusion.objects.filter(number=6, state=Infusion.State.GIVEN)
    last = six.filter(participant__site__code="01").latest("started_at")
    return last.participant.subject_id


def run_infusion(walk: Walk) -> None:
    """This afternoon's infusion, twenty minutes in."""
    page = walk.page
    planned = Infusion.objects.filter(
        state=Infusion.State.PLANNED, planned_on__lte=timezone.localdate()
    ).latest("planned_on")
    nurse = "nurse1" if planned.participant.site.code == "01" else "nurse2"
    sign_in(walk, nurse)
    walk.go(f"/infusions/{planned.pk}/")
    began = timezone.localtime() - timedelta(minutes=21)
    page.get_by_label("Weight today, kg").fill("60")
    page.get_by_label("Started at").fill(f"{began:%Y-%m-%d %H:%M}")
    page.get_by_role("button", name="Start").click()
    for minute, systolic in (("0", "122"), ("10", "138"), ("20", "184")):
        page.get_by_label("Due at minute").select_option(minute)
        at = began + timedelta(minutes=int(minute))
        page.locator("[name=observed_at]").fill(f"{at:%Y-%m-%d %H:%M}")
        for name, value in (("systolic_mmhg", systolic), ("diastolic_mmhg", "82")):
            page.locator(f"[name={name}]").fill(value)
        page.locator("[name=pulse_bpm]").fill("84")
        page.locator("[name=spo2_percent]").fill("97")
        page.get_by_role("button", name="Record the reading").click()
        page.get_by_role("row", name=f"{systolic}/82").wait_for()


def picture(walk: Walk, path: str, name: str) -> None:
    walk.go(path)
    draw(walk.page, name)


def draw(page: Page, name: str, height: int = 720) -> None:
    page.wait_for_load_state("networkidle")
    file = Path(FOLDER) / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    clip: FloatRect = {"x": 0, "y": 0, "width": 1440, "height": height}
    page.screenshot(path=file, animations="disabled", clip=clip, full_page=True)
    assert file.stat().st_size <= LARGEST_BYTES
