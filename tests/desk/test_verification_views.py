"""The monitor verifies field by field, a form, or many; the data manager plans."""

from collections.abc import Callable

import pytest
from django.test import Client

from records.models import Event, Form, Verification, VerificationPlan
from tests.cast import Cast
from trial.models import Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
WHOLE = {f"item_MADRS1{n:02}": str(n % 5) for n in range(1, 11)}


@pytest.fixture
def form(visit: Visit, as_: AsPerson) -> Form:
    as_("rater").post(f"/visits/{visit.pk}/madrs/", WHOLE)
    return Form.objects.get(about_id=visit.pk, code="madrs")


def test_a_monitor_verifies_the_next_field_then_the_whole_form(
    as_: AsPerson, form: Form
) -> None:
    client, url = as_("monitor"), f"/forms/{form.pk}/verify/"
    assert client.get(url).context["next"] == "rated_at"
    client.post(url, {"field": "rated_at"})
    assert client.get(url).context["next"] == "MADRS101"
    client.post(url)
    client.post(url)
    assert Verification.objects.count() == 11
    assert client.get(url).context["next"] == ""


def test_many_forms_at_once_and_progress_by_site(as_: AsPerson, form: Form) -> None:
    client = as_("monitor")
    (site,) = client.get("/oversight/verification/").context["sites"]
    assert (site.asked, site.verified) == (11, 0)
    client.post("/oversight/verification/many/", {"form": [form.pk, "x"]})
    (site,) = client.get("/oversight/verification/").context["sites"]
    assert (site.asked, site.verified, site.percent) == (11, 11, 100)


def test_a_data_manager_sets_the_plan(as_: AsPerson, form: Form, cast: Cast) -> None:
    typed = {"kind": "critical", "critical": "madrs.MADRS110", "reason": "risk"}
    as_("data_manager").post("/oversight/verification/plan/", typed)
    assert VerificationPlan.objects.get().critical == ["madrs.MADRS110"]
    (site,) = as_("monitor").get("/oversight/verification/").context["sites"]
    assert site.asked == 1
    refused = as_("data_manager").post("/oversight/verification/plan/", {"kind": "nth"})
    assert refused.status_code == 422


@pytest.mark.parametrize("person", ["coordinator", "data_manager", "inspector"])
def test_who_is_no_monitor_reads_and_does_not_verify(
    as_: AsPerson, form: Form, person: str
) -> None:
    url = f"/forms/{form.pk}/verify/"
    before = Event.objects.count()
    assert as_(person).get(url).status_code == 200
    assert Event.objects.count() == before
    assert as_(person).post(url).status_code == 403
    assert as_(person).post("/oversight/verification/many/").status_code == 403


def test_another_site_finds_no_form(as_: AsPerson, form: Form) -> None:
    assert as_("other_coordinator").get(f"/forms/{form.pk}/verify/").status_code == 404
