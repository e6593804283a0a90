"""The commands of the demo: what they print, and where they are refused."""

from functools import partial

import pytest
from allauth.mfa.totp.internal.auth import validate_totp_code
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Site, User
from config.context import shell
from demo import load as loading
from demo.people import MEMBERS, PASSWORD, totp_secret
from demo.progress import KIND, DemoError
from records.models import Event, Job
from trial.models import Participant


@pytest.fixture
def demo(settings: Settings) -> None:
    settings.DEMO = True


@pytest.mark.parametrize("arguments", [["demo"], ["demo_code", "pi"]])
def test_outside_the_demo_both_commands_are_refused(
    arguments: list[str], settings: Settings
) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo"):
        call_command(*arguments)


@pytest.mark.usefixtures("demo")
def test_sign_ins_are_printed_without_a_database(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("demo", "--sign-ins")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(MEMBERS)
    assert lines[0].split() == (
        f"pi principal investigator all sites {PASSWORD} + one-time code".split()
    )


@pytest.mark.usefixtures("demo")
def test_the_printed_code_is_the_one_that_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("demo_code", "rater1")
    assert validate_totp_code(totp_secret("rater1"), capsys.readouterr().out.strip())


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("name", ["monitor", "nobody"])
def test_who_signs_nothing_has_no_code(name: str) -> None:
    with pytest.raises(CommandError, match=f"{name} has no one-time codes"):
        call_command("demo_code", name)


def test_a_person_of_the_demo_signs_in_with_the_known_password(
    demo_trial: Job,
) -> None:
    client = Client()
    page = reverse("account_login")
    answer = client.post(page, {"login": "monitor", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(
        User.objects.get(username="monitor").pk
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_a_database_that_holds_a_trial_is_left_alone() -> None:
    Site.objects.create(code="GZ", name="Guangzhou")
    with pytest.raises(CommandError, match="needs an empty one"):
        call_command("demo")
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_a_large_trial_needs_the_demo_first() -> None:
    with pytest.raises(CommandError, match="Load the demo first"):
        call_command("demo", "--participants", "100")


@pytest.mark.django_db
def test_a_load_that_died_goes_on_at_the_step_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def steps(names: list[str], dies_at: str) -> list[loading.Step]:
        def act(name: str) -> None:
            if name == dies_at:
                raise DemoError("died")
            done.append(name)

        return [loading.Step(name, partial(act, name)) for name in names]

    names = ["people", "patient", "plate"]
    monkeypatch.setattr(loading, "Steps", lambda _study: steps(names, "patient"))
    with pytest.raises(DemoError), transaction.atomic():
        loading.load()
    job = Job.objects.filter(kind=KIND)
    assert not job.exists()
    with pytest.raises(DemoError, match="died"):
        loading.load()
    assert done == ["people", "people"]
    assert job.get().done_steps == 1
    monkeypatch.setattr(loading, "Steps", lambda _study: steps(names, ""))
    assert loading.load() is True
    assert done == ["people", "people", "patient", "plate"]
    assert job.get().state == Job.State.DONE


def test_a_large_trial_is_copied_whole_with_its_events(
    demo_trial: Job, capsys: pytest.CaptureFixture[str]
) -> None:
    there = Participant.objects.count()
    events = Event.objects.count()
    call_command("demo", "--participants", str(there + 1))
    assert capsys.readouterr().out == f"{there + 66} participants\n"
    copy = Participant.objects.order_by("-pk")[0]
    assert copy.visits.count() == 9
    assert copy.infusions.count() == 6
    madrs = copy.visits.get(visit_type="day13").assessments.get(instrument="madrs")
    assert madrs.answers.count() == 10
    assert madrs.form.about == madrs.visit
    assert madrs.form.participant_id == copy.pk
    new = Event.objects.order_by("pk")[events:]
    assert all(event.kind == "insert" and event.person for event in new[:200])
    numbers = Participant.objects.filter(site=copy.site).count()
    latest = Participant.objects.filter(site=copy.site).order_by("subject_id").last()
    assert latest is not None
    assert latest.subject_id == f"{copy.site.code}-{numbers:03}"


def test_pages_say_that_the_demo_is_being_loaded(
    demo_trial: Job, rf: RequestFactory
) -> None:
    assert shell(rf.get("/"))["demo_progress"] is None
    Job.objects.filter(pk=demo_trial.pk).update(
        state="running", leased_until=demo_trial.finished_at, finished_at=None
    )
    assert shell(rf.get("/"))["demo_progress"].total == 140


@pytest.mark.django_db
def test_outside_the_demo_no_page_asks_how_far_it_is(
    rf: RequestFactory, settings: Settings
) -> None:
    settings.DEMO = False
    assert shell(rf.get("/"))["demo_progress"] is None
