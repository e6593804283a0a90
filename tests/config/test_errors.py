"""An error page says what to do and its reference; never how the program is made."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AccessEvent
from records.reference import ReferenceFilter
from tests.cast import Cast
from trial.models import Participant

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
REFERENCE = re.compile(r"<code>([0-9a-f]{12})</code>")


def reference_of(text: str) -> str:
    found = REFERENCE.search(text)
    assert found is not None
    return found[1]


def shows_nothing_of_the_program(text: str) -> bool:
    return not re.search(r"Traceback|\.py\b|site-packages|DoesNotExist|SELECT", text)


def test_a_missing_page_has_its_reference(as_: AsPerson) -> None:
    response = as_("rater").get("/participants/GZ-999/")
    text = response.content.decode()
    assert response.status_code == 404
    assert "There is no such page" in text
    assert reference_of(text)
    assert shows_nothing_of_the_program(text)


def test_a_refusal_has_the_reference_of_its_access_event(
    as_: AsPerson, patient: Participant
) -> None:
    response = as_("statistician").get(f"/participants/{patient.subject_id}/")
    text = response.content.decode()
    assert response.status_code == 403
    assert "participant.view" in text
    refused = AccessEvent.objects.get(kind=AccessEvent.Kind.REFUSED)
    assert refused.request == reference_of(text)


def test_a_fault_has_the_reference_that_the_log_has(
    as_: AsPerson, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_args: object) -> None:
        raise ZeroDivisionError("secret of the program")

    monkeypatch.setattr("desk.today.infusions", fails)
    client = as_("infusion_nurse")
    client.raise_request_exception = False
    filled_in = ReferenceFilter()
    caplog.handler.addFilter(filled_in)
    response = client.get("/")
    caplog.handler.removeFilter(filled_in)
    text = response.content.decode()
    assert response.status_code == 500
    assert "Something failed here" in text
    logged = [r for r in caplog.records if r.name == "django.request"]
    assert [getattr(r, "reference", "") for r in logged] == [reference_of(text)]
    assert "secret of the program" not in text
    assert shows_nothing_of_the_program(text)


def test_a_form_without_its_token_is_explained(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(cast["rater"], backend=backend)
    response = client.post("/me/language/", {"language": "en"})
    text = response.content.decode()
    assert response.status_code == 403
    assert "This page was open too long." in text
    assert shows_nothing_of_the_program(text)


def test_a_request_that_makes_no_sense_is_explained(as_: AsPerson) -> None:
    response = as_("rater").get("/", headers={"Host": "elsewhere.example"})
    text = response.content.decode()
    assert response.status_code == 400
    assert shows_nothing_of_the_program(text)


def test_each_request_has_a_reference_of_its_own(as_: AsPerson) -> None:
    client = as_("rater")
    found = {
        reference_of(client.get("/participants/GZ-999/").content.decode())
        for _time in range(3)
    }
    assert len(found) == 3
