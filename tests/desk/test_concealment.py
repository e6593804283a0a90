"""What is concealed cannot be got: pages must not depend on it.

Every address that can be read is fetched as each role from which something is hidden,
before and after the hidden answers are changed: what comes back must be the same, or
the difference would tell. Nobody need think of a page: the addresses are found.
"""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Milestone
from accounts.roles import CONCEALED, Role
from assessments.entry import Circumstances, Sheet, complete_rating
from assessments.instruments import INSTRUMENTS
from assessments.models import Answer, Assessment
from records.models import Form, Query
from records.queries import raise_query
from tests.accounts.test_routes import READ, addresses
from tests.cast import Cast
from trial.models import Visit

__all__ = ["addresses"]
pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
BLIND = sorted(CONCEALED["pain_group"].roles)
# Tokens, references of a request and times of day.
PASSING = re.compile(
    rb'csrf[\w-]*"\s+(content|value)="\w+"|\b[0-9a-f]{12}\b|\d\d:\d\d(:\d\d)?'
)


def rate(visit: Visit, code: str, cast: Cast, by: str = "investigator") -> Assessment:
    instrument = INSTRUMENTS[code]
    sheet = Sheet({item.code: item.values[0] for item in instrument.items})
    how = Circumstances(
        rater=cast[by], rated_at=timezone.now(), recall=instrument.recall[0].code
    )
    return complete_rating(visit, instrument, sheet, how)


@pytest.fixture
def rated(visit: Visit, cast: Cast) -> list[Assessment]:
    """MADRS and SF-MPQ of baseline by the investigator, with a question on each."""
    rows = [rate(visit, code, cast) for code in ("madrs", "sfmpq")]
    for row in rows:
        raise_query(row.form, f"Item is {row.instrument}?", by=cast["monitor"])
    return rows


def change(rated: list[Assessment]) -> None:
    """Another group and other scores, and other words of the questions."""
    for row in rated:
        for item in INSTRUMENTS[row.instrument].items:
            Answer.objects.filter(assessment=row, item=item.code).update(
                value=item.values[-1]
            )
    for query in Query.objects.filter(form__in=[row.form_id for row in rated]):
        query.messages.update(text="The pain is the worst imaginable.")


def pages(client: Client, addresses: dict[str, str]) -> dict[str, bytes]:
    """What every address answers, without what differs from one minute to the next."""
    found = {}
    for name in READ:
        if name == "account_logout":
            continue
        answer = client.get(addresses[name])
        body = b"".join(answer) if answer.streaming else answer.content
        head = str(answer.status_code) + answer.headers.get("Content-Disposition", "")
        found[name] = PASSING.sub(b"", body) + head.encode()
    return found


@pytest.fixture
def every_address(
    addresses: dict[str, str], rated: list[Assessment], visit: Visit
) -> dict[str, str]:
    """Those of the walk, of the rated visit and its questions."""
    mine = {
        "rating": f"/visits/{visit.pk}/sfmpq/",
        "query": f"/queries/{Query.objects.latest('id').pk}/",
        "api-query-detail": f"/api/queries/{Query.objects.latest('id').pk}/",
        "api-assessment-detail": f"/api/assessments/{rated[1].pk}/",
    }
    return addresses | mine


@pytest.mark.parametrize("role", BLIND)
def test_no_page_depends_on_what_is_concealed(
    role: str, as_: AsPerson, every_address: dict[str, str], rated: list[Assessment]
) -> None:
    client = as_(role)
    client.raise_request_exception = False
    before = pages(client, every_address)
    change(rated)
    after = pages(client, every_address)
    assert {name for name in before if before[name] != after[name]} == set()


def test_the_walk_would_see_what_an_investigator_sees(
    as_: AsPerson, every_address: dict[str, str], rated: list[Assessment]
) -> None:
    client = as_(Role.INVESTIGATOR)
    client.raise_request_exception = False
    before = pages(client, every_address)
    change(rated)
    after = pages(client, every_address)
    told = {name for name in before if before[name] != after[name]}
    assert told >= {
        "api-assessment-list",
        "api-query-detail",
        "history",
        "participant",
        "participants",
        "query",
        "rating",
    }


def test_who_enters_the_pain_scale_sees_what_they_entered(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    mine = rate(visit, "sfmpq", cast, by="rater")
    assert as_("rater").get(f"/visits/{visit.pk}/sfmpq/").status_code == 200
    rows = as_("rater").get("/api/assessments/").json()["results"]
    assert [row["id"] for row in rows] == [mine.pk]


def test_a_form_that_tells_is_refused_whatever_is_asked_of_it(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    rate(visit, "sfmpq", cast)
    client, url = as_("rater"), f"/visits/{visit.pk}/sfmpq/"
    refused = client.get(url)
    assert refused.status_code == 403
    assert "database locked" in refused.content.decode()
    for act in ("", "draft/", "sign/", "discard/"):
        assert client.post(url + act).status_code == 403


def test_a_draft_of_another_tells_the_group_too(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    url = f"/visits/{visit.pk}/sfmpq/"
    as_("investigator").post(f"{url}draft/", {"item_SFMP117": "70"})
    assert Form.objects.filter(draft__isnull=False).exists()
    assert as_("rater").get(url).status_code == 403


def test_the_signed_milestone_uncovers(as_: AsPerson, visit: Visit, cast: Cast) -> None:
    rate(visit, "sfmpq", cast)
    Milestone.objects.create(
        code="database_locked", signed_by=cast["principal_investigator"]
    )
    assert as_("rater").get(f"/visits/{visit.pk}/sfmpq/").status_code == 200
    page = as_("rater").get(f"/participants/{visit.participant.subject_id}/")
    assert "concealed" not in page.content.decode()
