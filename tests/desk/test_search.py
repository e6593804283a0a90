"""One box finds participants, specimens and plates that the person may see."""

from collections.abc import Callable

import pytest
from django.test import Client

from labs.drawing import draw
from tests.cast import Cast, enrolled
from trial.models import Participant, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]


@pytest.fixture
def specimen(visit: Visit, cast: Cast) -> str:
    return draw(visit, cast.laboratory, at=visit.window_opens, code="SABCDEFG").code


def found(client: Client, text: str) -> list[str]:
    response = client.get("/search/", {"q": text})
    return [label for _kind, label, _url in response.context["found"]]


def test_a_single_match_is_opened_at_once(as_: AsPerson, patient: Participant) -> None:
    response = as_("coordinator").get("/search/?q=gz-001")
    assert response.headers["Location"] == "/participants/GZ-001/"


def test_several_matches_are_listed(as_: AsPerson, cast: Cast) -> None:
    for _time in range(2):
        enrolled(cast, first_infusion_in_days=0)
    assert found(as_("coordinator"), "GZ") == ["GZ-001", "GZ-002"]


def test_a_participant_of_another_site_is_not_found(
    as_: AsPerson, patient: Participant
) -> None:
    assert found(as_("other_coordinator"), "GZ-001") == []


def test_a_specimen_is_found_by_its_code_where_it_was_drawn_and_where_it_lies(
    as_: AsPerson, specimen: str
) -> None:
    for person in ("coordinator", "lab_scientist"):
        response = as_(person).get("/search/", {"q": "abcd"})
        assert response.headers["Location"] == f"/lab/specimens/{specimen}/"
    for person in ("other_coordinator", "other_lab_scientist", "statistician"):
        assert found(as_(person), "abcd") == []


def test_a_laboratory_finds_no_participant(as_: AsPerson, patient: Participant) -> None:
    assert found(as_("lab_scientist"), patient.subject_id) == []


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "\0", "x" * 5000, "GZ-001' --"])
def test_strange_words_find_nothing_and_break_nothing(
    as_: AsPerson, patient: Participant, text: str
) -> None:
    assert found(as_("coordinator"), text) == []
