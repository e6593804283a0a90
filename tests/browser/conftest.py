"""What every walk through the pages has: Chromium, a person, a watchful eye."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client, override_settings
from playwright.sync_api import ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.cast import BACKEND, Cast

PASSWORD = "ketamine-and-rain"
# Playwright's own loop runs in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install --no-install-recommends chromium")
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"}


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """The server of all walks; static files as they lie, like in the other tests."""
    whitenoise = "whitenoise.middleware.WhiteNoiseMiddleware"
    middleware = [name for name in settings.MIDDLEWARE if name != whitenoise]
    with override_settings(MIDDLEWARE=middleware):
        server = LiveServer("localhost")
        yield server
        server.stop()


class Walk:
    """One person in one browser. What the console says is kept and must be nothing."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = ()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def sign_in(self, person: User) -> None:
        """As `person`, without the page of signing in, which has its own walk."""
        client = Client()
        client.force_login(person, backend=BACKEND)
        name = settings.SESSION_COOKIE_NAME
        cookie = client.cookies[name].value
        self.page.context.add_cookies(
            [{"name": name, "value": cookie, "url": self.address}]
        )

    def go(self, path: str) -> None:
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        self.look()

    def look(self) -> None:
        """The page as it stands breaks no rule of WCAG 2.2 A and AA that axe knows."""
        found = Axe().run(self.page, options=AXE)
        assert found.violations_count == 0, found.generate_report()

    def unexpected(self) -> list[str]:
        return [
            text
            for text in self.complaints
            if not any(words in text for words in self.expected)
        ]


@pytest.fixture
def walk(page: Page, live_server: LiveServer) -> Iterator[Walk]:
    page.set_default_timeout(8000)
    walk = Walk(page, live_server.url)
    yield walk
    assert walk.unexpected() == []


@pytest.fixture
def signer(cast: Cast, totp: Callable[[User], None]) -> Callable[[str], User]:
    """A person of the cast who can sign: a password and one-time codes."""

    def equipped(name: str) -> User:
        person = cast[name]
        person.set_password(PASSWORD)
        person.save()
        totp(person)
        return person

    return equipped
