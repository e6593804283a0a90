"""Signing in with a one-time code, choosing a language, signing out."""

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import generate_totp_secret as new_secret
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, Walk
from tests.cast import Cast

pytestmark = pytest.mark.browser


def test_a_rater_signs_in_with_a_code_reads_chinese_and_signs_out(
    walk: Walk, cast: Cast
) -> None:
    person, secret = cast["rater"], new_secret()
    person.set_password(PASSWORD)
    person.save()
    TOTP.activate(person, secret)
    page = walk.page
    walk.go("/")
    page.get_by_label("Username").fill("rater")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="One-time code")).to_be_visible()
    walk.look()
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    page.locator("input[name=code]").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")
    walk.look()
    page.get_by_role("button", name="简体中文").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("今日")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    walk.look()
    page.locator(".menu summary").click()
    walk.look()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("登录")


def test_a_wrong_password_is_said_and_the_name_stays(walk: Walk, cast: Cast) -> None:
    page = walk.page
    walk.go("/accounts/login/")
    page.get_by_label("Username").fill("rater")
    page.get_by_label("Password").fill("not-the-password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page).to_have_title(
        "Error: Sign in – Six ketamine infusions in treatment-resistant depression"
    )
    expect(page.get_by_label("Username")).to_have_value("rater")
    walk.look()
