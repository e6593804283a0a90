"""The outbox shows what became of each mail; its text to its recipient alone."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from records.mail import post
from tests.cast import Cast

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]


@pytest.fixture(autouse=True)
def mail(cast: Cast) -> None:
    post(to=cast["rater"], subject="A question waits", text="Open /secret-link/.")


def page(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_an_administrator_sees_that_it_waits_and_not_its_text(as_: AsPerson) -> None:
    shown = page(as_("administrator"), "/setup/outbox/")
    assert "A question waits" in shown
    assert "waiting" in shown
    assert "secret-link" not in shown


def test_nobody_else_sees_the_outbox(as_: AsPerson) -> None:
    assert as_("principal_investigator").get("/setup/outbox/").status_code == 403


def test_in_the_demo_texts_are_read_there_and_by_each_under_me(
    as_: AsPerson, settings: Settings
) -> None:
    settings.DEMO = True
    assert "secret-link" in page(as_("administrator"), "/setup/outbox/")
    assert "secret-link" in page(as_("rater"), "/me/")
    assert "secret-link" not in page(as_("coordinator"), "/me/")


def test_outside_the_demo_nobody_reads_mails_here(as_: AsPerson) -> None:
    assert "secret-link" not in page(as_("rater"), "/me/")
