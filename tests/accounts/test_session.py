"""Idle time: a person's acts start it anew, a page that asks by itself does not."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_poll_does_not_keep_the_session_alive_and_a_click_does(
    as_: Callable[[str], Client],
) -> None:
    client = as_("coordinator")
    key = client.session.session_key
    before = Session.objects.get(pk=key).expire_date
    client.get("/", headers={"X-Polling": "yes"})
    assert Session.objects.get(pk=key).expire_date == before
    client.get("/")
    assert Session.objects.get(pk=key).expire_date > before
