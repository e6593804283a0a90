"""The page of signing in tells the demo's sign-ins in the demo, and nowhere else."""

import pytest
from django.test import Client
from pytest_django import Settings

from demo.people import MEMBERS, PASSWORD

pytestmark = pytest.mark.django_db
ENTRANCE = "/accounts/login/"


def test_the_entrance_of_the_demo_lists_everybody_and_the_known_password(
    client: Client, settings: Settings
) -> None:
    settings.DEMO = True
    text = client.get(ENTRANCE).content.decode()
    assert f"<code>{PASSWORD}</code>" in text
    assert all(f"<code>{member.username}</code>" in text for member in MEMBERS)


def test_the_entrance_of_a_trial_says_nothing_of_the_demo(
    client: Client, settings: Settings
) -> None:
    settings.DEMO = False
    text = client.get(ENTRANCE).content.decode()
    assert PASSWORD not in text
    assert MEMBERS[0].full_name not in text
