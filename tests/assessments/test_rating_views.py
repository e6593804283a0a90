"""The page of a rating: who may, what is kept, what is refused."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from assessments.models import Answer, Assessment
from records.models import Draft, Event, Form, Signature
from tests.cast import Cast, code_of
from trial.models import Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
WHOLE = {f"item_MADRS1{n:02}": "3" for n in range(1, 11)}


def url(visit: Visit, what: str = "") -> str:
    return f"/visits/{visit.pk}/madrs/{what}"


def test_a_whole_sheet_becomes_one_assessment_with_ten_answers(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    response = as_("rater").post(url(visit), WHOLE)
    assert response.status_code == 302
    assessment = Assessment.objects.get()
    assert (assessment.rater, assessment.visit) == (cast["rater"], visit)
    assert [answer.value for answer in assessment.answers.all()] == [3] * 10
    visit.refresh_from_db()
    assert visit.state == Visit.State.ATTENDED


@pytest.mark.clause(
    "11.10(h)",
    "each event names person, role, request and the role of the database",
)
def test_the_events_name_the_rater_and_the_request(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    as_("rater").post(url(visit), WHOLE)
    events = Event.objects.filter(table_name="assessments_answer")
    assert events.count() == 10
    assert set(events.values_list("person_id", flat=True)) == {cast["rater"].pk}
    assert len(set(events.values_list("request", flat=True)) - {""}) == 1


def test_a_missing_item_is_refused_by_name_and_what_was_typed_stays(
    as_: AsPerson, visit: Visit
) -> None:
    sheet = WHOLE | {"item_MADRS103": ""}
    response = as_("rater").post(url(visit), sheet)
    assert response.status_code == 422
    text = response.content.decode()
    assert "MADRS item 3, inner tension, has no answer" in text
    assert text.count("checked") >= 9
    assert not Assessment.objects.exists()


@pytest.mark.clause(
    "4.2.1",
    "a value outside its range is refused at entry, with what is allowed",
)
def test_an_item_out_of_range_is_refused_with_what_is_allowed(
    as_: AsPerson, visit: Visit
) -> None:
    response = as_("rater").post(url(visit), WHOLE | {"item_MADRS110": "7"})
    assert response.status_code == 422
    assert "must be 0 to 6" in response.content.decode()


def test_a_missing_item_with_a_reason_completes_without_a_total(
    as_: AsPerson, visit: Visit
) -> None:
    sheet = WHOLE | {"item_MADRS103": "", "missing_MADRS103": "refused"}
    client = as_("rater")
    client.post(url(visit), sheet)
    answer = Answer.objects.get(item="MADRS103")
    assert (answer.value, answer.missing) == (None, "refused")
    assert "9 of 10 items answered" in client.get(url(visit)).content.decode()


def test_a_draft_is_kept_and_answers_with_the_total_but_makes_no_clinical_row(
    as_: AsPerson, visit: Visit
) -> None:
    response = as_("rater").post(url(visit, "draft/"), WHOLE)
    assert response.json()["totals"][0]["value"] == "30"
    assert Draft.objects.count() == 1
    assert not Assessment.objects.exists()


def test_a_change_of_a_complete_form_needs_a_reason(
    as_: AsPerson, visit: Visit
) -> None:
    client = as_("rater")
    client.post(url(visit), WHOLE)
    again = WHOLE | {"item_MADRS101": "5", "version": "1"}
    assert client.post(url(visit), again).status_code == 422
    assert client.post(url(visit), again | {"reason": "slip"}).status_code == 302
    changed = Event.objects.get(table_name="assessments_answer", kind="update")
    assert (changed.old, changed.new) == ({"value": 3}, {"value": 5})
    assert changed.reason == "slip"


def test_a_second_persons_change_in_between_is_shown_not_overwritten(
    as_: AsPerson, visit: Visit
) -> None:
    as_("rater").post(url(visit), WHOLE | {"item_MADRS101": "6"})
    late = as_("investigator").post(url(visit), WHOLE | {"version": "0"})
    assert late.status_code == 422
    assert "The other person entered 6." in late.content.decode()
    assert Answer.objects.get(item="MADRS101").value == 6


def test_completing_twice_changes_nothing_more(as_: AsPerson, visit: Visit) -> None:
    client = as_("rater")
    client.post(url(visit), WHOLE)
    events = Event.objects.count()
    client.post(url(visit), WHOLE)
    assert Event.objects.count() == events


@pytest.mark.parametrize("what", ["", "draft/", "sign/", "discard/"])
def test_another_sites_rater_finds_nothing(
    as_: AsPerson, visit: Visit, what: str
) -> None:
    assert as_("other_rater").post(url(visit, what), WHOLE).status_code == 404


@pytest.mark.parametrize("what", ["", "draft/", "sign/", "discard/"])
def test_a_monitor_may_not_write(as_: AsPerson, visit: Visit, what: str) -> None:
    assert as_("monitor").post(url(visit, what), WHOLE).status_code == 403
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("what", ["draft/", "sign/", "discard/"])
def test_acts_are_not_read(as_: AsPerson, visit: Visit, what: str) -> None:
    assert as_("rater").get(url(visit, what)).status_code == 405


def test_reading_the_page_writes_nothing(as_: AsPerson, visit: Visit) -> None:
    before = Event.objects.count()
    assert as_("rater").get(url(visit)).status_code == 200
    assert Event.objects.count() == before


def test_an_instrument_that_the_visit_lacks_is_not_there(
    as_: AsPerson, visit: Visit
) -> None:
    assert as_("rater").get(f"/visits/{visit.pk}/hamd17/").status_code == 404


@pytest.fixture
def signer(cast: Cast, totp: Callable[[User], None]) -> User:
    rater = cast["rater"]
    rater.set_password("correct horse battery")
    rater.save()
    totp(rater)
    return rater


def proof(signer: User) -> dict[str, str]:
    """What the author gives at the first signature of a sitting."""
    password = "correct horse battery"
    return {"password": password, "code": code_of(signer), "version": "1"}


@pytest.mark.clause(
    "11.50(a)",
    "name, time with zone and meaning stand with each signature",
)
def test_the_author_signs_what_is_shown(
    as_: AsPerson, visit: Visit, signer: User
) -> None:
    client = as_("rater")
    client.post(url(visit), WHOLE)
    client.post(url(visit, "sign/"), proof(signer))
    signature = Signature.objects.get()
    assert (signature.person, signature.meaning) == (signer, "authored")
    assert signature.target == Form.objects.get(pk=signature.target_id)
    assert '"MADRS101":3' in signature.content


def test_a_wrong_password_signs_nothing(
    as_: AsPerson, visit: Visit, signer: User
) -> None:
    client = as_("rater")
    client.post(url(visit), WHOLE)
    response = client.post(url(visit, "sign/"), proof(signer) | {"password": "wrong"})
    assert response.status_code == 422
    assert not Signature.objects.exists()


def test_nobody_signs_without_a_second_factor(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    rater = cast["rater"]
    rater.set_password("correct horse battery")
    rater.save()
    client = as_("rater")
    client.post(url(visit), WHOLE)
    given = {"password": "correct horse battery", "code": "123456", "version": "1"}
    response = client.post(url(visit, "sign/"), given)
    assert "one-time codes" in response.content.decode()
    assert not Signature.objects.exists()


@pytest.mark.clause(
    "11.10(j)",
    "what was signed stays with its author; a change by anybody shows",
)
def test_a_change_after_signing_takes_the_signature_away(
    as_: AsPerson, visit: Visit, signer: User
) -> None:
    client = as_("rater")
    client.post(url(visit), WHOLE)
    client.post(url(visit, "sign/"), proof(signer))
    again = WHOLE | {"item_MADRS101": "5", "version": "1", "reason": "slip"}
    client.post(url(visit), again)
    fallen = Signature.objects.get()
    assert fallen.fallen_at is not None
    assert fallen.fallen_reason == "slip"


def test_a_form_with_a_newer_draft_is_not_signed(
    as_: AsPerson, visit: Visit, signer: User
) -> None:
    client = as_("rater")
    client.post(url(visit), WHOLE)
    client.post(url(visit, "draft/"), WHOLE | {"item_MADRS101": "0"})
    client.post(url(visit, "sign/"), proof(signer))
    assert not Signature.objects.exists()
    client.post(url(visit, "discard/"))
    client.post(url(visit, "sign/"), {**proof(signer), "code": ""})
    assert Signature.objects.count() == 1
