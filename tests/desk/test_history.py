"""What happened, as sentences, to those who may read it."""

from collections.abc import Callable

import pytest
from django.test import Client

from records.models import Event, Form
from tests.cast import BASELINE
from trial.models import Baseline, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
WHOLE = {f"item_MADRS1{n:02}": "3" for n in range(1, 11)}


@pytest.fixture
def form(visit: Visit, as_: AsPerson) -> Form:
    """A MADRS that was completed, then changed in item 4."""
    client = as_("rater")
    client.post(f"/visits/{visit.pk}/madrs/", WHOLE)
    again = WHOLE | {"item_MADRS104": "4", "version": "1", "reason": "slip"}
    client.post(f"/visits/{visit.pk}/madrs/", again)
    return Form.objects.get(about_id=visit.pk, code="madrs")


def said(client: Client, url: str) -> list[str]:
    return [line.sentence for line in client.get(url).context["history"]]


@pytest.mark.clause(
    "4.2.3",
    "the history of a form is a page that a reviewer reads",
)
def test_a_changed_item_is_told_by_its_number_and_name_with_its_reason(
    as_: AsPerson, form: Form
) -> None:
    response = as_("monitor").get(f"/forms/{form.pk}/history/")
    change = "Rater changed MADRS item 4, reduced sleep, value, from 3 to 4"
    line = next(s for s in response.context["history"] if s.sentence == change)
    assert line.why == "slip"


def test_a_forms_history_holds_nothing_of_another_form(
    as_: AsPerson, form: Form, visit: Visit
) -> None:
    other = Form.objects.get(about_id=visit.pk, code="sfmpq")
    lines = said(as_("monitor"), f"/forms/{other.pk}/history/")
    assert not any("MADRS" in line for line in lines)


def test_the_history_of_the_baseline_holds_what_was_entered(
    as_: AsPerson, visit: Visit
) -> None:
    Baseline.objects.all().delete()
    typed = {name: str(value) for name, value in BASELINE.items()} | {"version": "0"}
    subject = visit.participant.subject_id
    as_("coordinator").post(f"/participants/{subject}/baseline/", typed)
    form = Form.objects.get(code="baseline")
    lines = said(as_("monitor"), f"/forms/{form.pk}/history/")
    assert any("year of birth 1985" in line for line in lines)


@pytest.mark.clause(
    "11.10(b)",
    "the whole history of a participant is told in sentences, page by page",
)
def test_a_participants_history_is_told_page_by_page_newest_first(
    as_: AsPerson, form: Form, visit: Visit
) -> None:
    url = f"/participants/{visit.participant.subject_id}/history/"
    lines = said(as_("monitor"), url)
    assert any("MADRS item 4" in line for line in lines)
    events = Event.objects.filter(participant_id=visit.participant_id)
    response = as_("monitor").get(url)
    assert response.context["page"].paginator.count == events.count()


@pytest.mark.parametrize("person", ["rater", "infusion_nurse", "statistician"])
def test_who_may_not_read_histories_is_refused(
    as_: AsPerson, form: Form, visit: Visit, person: str
) -> None:
    for url in (
        f"/forms/{form.pk}/history/",
        f"/participants/{visit.participant.subject_id}/history/",
    ):
        assert as_(person).get(url).status_code == 403


def test_another_site_has_no_history_here(
    as_: AsPerson, form: Form, visit: Visit
) -> None:
    client = as_("other_coordinator")
    assert client.get(f"/forms/{form.pk}/history/").status_code == 404
    subject = visit.participant.subject_id
    assert client.get(f"/participants/{subject}/history/").status_code == 404


def test_the_set_up_tells_whose_role_was_given(as_: AsPerson) -> None:
    sentences = said(as_("administrator"), "/setup/history/")
    assert any("a role of Rater" in sentence for sentence in sentences)
    assert as_("rater").get("/setup/history/").status_code == 403
