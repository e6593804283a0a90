"""A lab scientist uploads a plate, looks, excludes a well, accepts and signs."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from accounts.models import User
from labs.models import Plate
from labs.plate_import import read_upload
from records.jobs import run
from records.models import Job
from tests.browser.conftest import PASSWORD, Walk
from tests.labs.luminex.exports import export

pytestmark = pytest.mark.browser


def test_a_plate_is_uploaded_read_looked_at_and_signed(
    walk: Walk, signer: Callable[[str], User]
) -> None:
    page = walk.page
    walk.sign_in(signer("lab_scientist"))
    walk.go("/lab/")
    file: FilePayload = {
        "name": "plate.csv",
        "mimeType": "text/csv",
        "buffer": export(),
    }
    page.get_by_label("Export files of the instrument").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("being read")).to_be_visible()
    walk.look()
    run(Job.objects.get().pk, read_upload)
    page.get_by_role("link", name="plate.csv").click()
    walk.look()
    page.get_by_label("Shown").select_option(label="Bead count")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".plate")).to_contain_text("61")
    page.locator(".plate a").nth(2).click()
    walk.look()
    for tab in ("Match", "Duplicates", "File", "Curve", "Picture"):
        page.get_by_role("link", name=tab, exact=True).click()
        walk.look()
    page.get_by_role("link", name="Judge the plate").click()
    walk.look()
    page.get_by_text("Leave a well out").click()
    page.get_by_label("For").select_option(label="IL-6")
    page.locator("#exclude-reason").fill("pipetted twice")
    walk.look()
    page.get_by_role("button", name="B1", exact=True).click()
    sign_in_page(page, "Accept and sign")
    expect(page.locator(".signature")).to_contain_text("Lab_Scientist")
    walk.look()
    walk.sign_in(signer("second_reader"))
    page.reload()
    walk.look()
    sign_in_page(page, "Approve and sign")
    expect(page.locator(".signature").last).to_contain_text("Second_Reader")
    assert Plate.objects.get().state == Plate.State.APPROVED


def sign_in_page(page: Page, act: str) -> None:
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name=act).click()


def test_a_file_that_is_no_plate_is_refused_with_the_reason(
    walk: Walk, signer: Callable[[str], User]
) -> None:
    page = walk.page
    walk.sign_in(signer("lab_scientist"))
    walk.go("/lab/")
    file: FilePayload = {
        "name": "notes.csv",
        "mimeType": "text/csv",
        "buffer": b"no plate\r\n",
    }
    page.get_by_label("Export files of the instrument").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    run(Job.objects.get().pk, read_upload)
    expect(page.get_by_text("not read")).to_be_visible()
    assert not Plate.objects.exists()
    walk.look()
