"""Moving an infusion, missing a visit, a form not done, a visit more, holidays."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Holiday
from assessments.entry import Circumstances, Sheet, complete_rating
from assessments.instruments import INSTRUMENTS
from records.models import Event, Form
from tests.bedside import given, started
from tests.cast import Cast, enrolled
from trial import visits
from trial.models import Deviation, Infusion, Participant, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]


@pytest.fixture
def second(cast: Cast) -> Infusion:
    """Infusion 2 of a course that begins on the next Monday."""
    to_monday = 7 - timezone.localdate().weekday()
    return enrolled(cast, first_infusion_in_days=to_monday).infusions.get(number=2)


def days(participant: Participant) -> list[date]:
    rows = participant.infusions.order_by("number")
    return list(rows.values_list("planned_on", flat=True))


def url(infusion: Infusion) -> str:
    return f"/infusions/{infusion.pk}/move/"


def test_what_a_move_does_is_shown_and_nothing_is_written(
    as_: AsPerson, second: Infusion
) -> None:
    client, before = as_("coordinator"), Event.objects.count()
    to = second.planned_on + timedelta(days=1)
    response = client.get(url(second), {"to": f"{to}"})
    labels = [shift.label for shift in response.context["shifts"]]
    assert {"infusion 2", "24 h after infusion 2"} <= set(labels)
    assert response.context["n_breaks"] == 0
    assert "Study day" not in response.content.decode()
    assert Event.objects.count() == before
    assert days(second.participant)[1] == second.planned_on


def test_confirmed_with_a_reason_the_course_moves_and_the_history_says_why(
    as_: AsPerson, second: Infusion
) -> None:
    to = second.planned_on + timedelta(days=1)
    client = as_("coordinator")
    refused = client.post(url(second), {"to": f"{to}"})
    assert refused.status_code == 422
    assert days(second.participant)[1] == second.planned_on
    client.post(url(second), {"to": f"{to}", "reason": "the pump is away"})
    assert days(second.participant)[1] == to
    why = Event.objects.filter(table_name="trial_visit", kind="update")
    assert {event.reason for event in why} == {"the pump is away"}
    old = {(event.old or {}).get("planned_on") for event in why}
    assert f"{second.planned_on + timedelta(days=1)}" in old


def test_the_same_move_again_changes_nothing(as_: AsPerson, second: Infusion) -> None:
    sent = {"to": f"{second.planned_on + timedelta(days=1)}", "reason": "pump"}
    as_("coordinator").post(url(second), sent)
    before = Event.objects.count()
    as_("coordinator").post(url(second), sent)
    assert Event.objects.count() == before


def test_what_breaks_is_said_before_it_is_confirmed(
    as_: AsPerson, second: Infusion
) -> None:
    to = second.planned_on + timedelta(days=6)
    page = as_("investigator").get(url(second), {"to": f"{to}"})
    assert page.context["n_breaks"] > 0
    assert "after its window has closed" in page.content.decode()


@pytest.mark.parametrize("late", [-1, -30])
def test_too_near_or_past_is_refused_with_what_was_typed(
    as_: AsPerson, second: Infusion, late: int
) -> None:
    to = second.planned_on + timedelta(days=late)
    response = as_("coordinator").get(url(second), {"to": f"{to}"})
    assert response.status_code == 422
    assert f'value="{to}"' in response.content.decode()


def test_a_rating_outside_its_window_makes_one_deviation(
    visit: Visit, cast: Cast
) -> None:
    late = visit.window_closes
    assert late is not None
    for code in ("madrs", "sfmpq"):
        scale = INSTRUMENTS[code]
        sheet = Sheet({item.code: item.values[0] for item in scale.items})
        how = Circumstances(
            cast["rater"], late + timedelta(hours=1), scale.recall[0].code
        )
        complete_rating(visit, scale, sheet, how)
    row = Deviation.objects.get()
    assert (row.kind, row.about, row.recorded_by) == ("window", visit, None)


@pytest.mark.parametrize("edge", ["window_opens", "window_closes"])
def test_at_both_edges_of_the_window_a_rating_is_no_deviation(
    visit: Visit, cast: Cast, edge: str
) -> None:
    scale = INSTRUMENTS["madrs"]
    sheet = Sheet({item.code: item.values[0] for item in scale.items})
    how = Circumstances(cast["rater"], getattr(visit, edge), scale.recall[0].code)
    complete_rating(visit, scale, sheet, how)
    assert not Deviation.objects.exists()


def test_an_infusion_outside_its_window_makes_a_deviation(patient: Participant) -> None:
    long_ago = timezone.now() - timedelta(days=8)
    first, second = patient.infusions.order_by("number")[:2]
    given(first, long_ago)
    started(second, timezone.now())
    noticed = Deviation.objects.get(kind="window")
    assert noticed.about == second


def test_a_missed_visit_closes_its_forms_and_enters_the_log(
    as_: AsPerson, visit: Visit
) -> None:
    path, client = f"/visits/{visit.pk}/missed/", as_("coordinator")
    assert client.post(path, {"reason": ""}).status_code == 422
    for _time in range(2):
        client.post(path, {"reason": "snow"})
    visit.refresh_from_db()
    assert (visit.state, visit.missed_reason) == ("missed", "snow")
    forms = {form.completion for form in visits.forms_of(visit)}
    assert forms == {"missed"}
    assert Deviation.objects.get().kind == "procedure"


def test_a_visit_that_took_place_was_not_missed(as_: AsPerson, visit: Visit) -> None:
    visit.attend(timezone.now())
    response = as_("coordinator").post(f"/visits/{visit.pk}/missed/", {"reason": "x"})
    assert response.status_code == 422
    assert not Deviation.objects.exists()


def test_a_form_is_not_done_at_a_visit_that_took_place(
    as_: AsPerson, visit: Visit
) -> None:
    form = Form.objects.get(about_id=visit.pk, code="sfmpq")
    path, client = f"/forms/{form.pk}/not-done/", as_("rater")
    assert client.post(path, {"reason": " "}).status_code == 422
    client.post(path, {"reason": "too tired"})
    form.refresh_from_db()
    assert (form.completion, form.not_done_reason) == ("not_done", "too tired")
    assert client.post(path, {"reason": "again"}).status_code == 422


def test_an_unscheduled_visit_brings_the_forms_that_were_chosen(
    as_: AsPerson, patient: Participant
) -> None:
    client = as_("coordinator")
    path = f"/participants/{patient.subject_id}/visits/new/"
    typed = {"on": f"{timezone.localdate()}", "reason": "feels worse"}
    assert client.post(path, typed).status_code == 422
    client.post(path, typed | {"instruments": ["madrs"]})
    extra = patient.visits.get(visit_type="extra1")
    assert [form.code for form in visits.forms_of(extra)] == ["madrs"]
    assert client.get(f"/visits/{extra.pk}/madrs/").status_code == 200
    assert client.get(f"/visits/{extra.pk}/sfmpq/").status_code == 404
    assert client.get(f"/participants/{patient.subject_id}/").status_code == 200
    assert client.get("/participants/").status_code == 200


def test_an_unscheduled_visit_without_a_reason_is_refused_by_both_layers(
    patient: Participant,
) -> None:
    with pytest.raises(ValidationError, match="has its reason"):
        visits.add_unscheduled(
            patient, on=timezone.localdate(), reason=" ", instruments=["madrs"]
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(
            participant=patient, site=patient.site, visit_type="extra1"
        )


def test_nobody_who_has_ended_gets_another_visit(patient: Participant) -> None:
    Participant.objects.filter(pk=patient.pk).update(
        state="withdrawn", ended_on=timezone.localdate(), end_reason="moved away"
    )
    with pytest.raises(ValidationError, match="no more visits"):
        visits.add_unscheduled(
            patient, on=timezone.localdate(), reason="x", instruments=["madrs"]
        )


def test_a_holiday_is_kept_with_who_entered_it_and_what_stands_on_it(
    as_: AsPerson, cast: Cast, second: Infusion
) -> None:
    client = as_("coordinator")
    typed = {"site": cast.site.pk, "on": f"{second.planned_on}", "name": "Qingming"}
    client.post("/holidays/new/", typed)
    assert client.post("/holidays/new/", typed).status_code == 422
    (line,) = client.get("/holidays/").context["lines"]
    assert line.entered_by == cast["coordinator"]
    assert line.planned == [second]
    page = client.get(url(second), {"to": f"{second.planned_on + timedelta(days=1)}"})
    assert page.context["n_breaks"] == 0


def test_a_holiday_of_another_site_is_not_kept_here(as_: AsPerson, cast: Cast) -> None:
    row = Holiday.objects.create(site=cast.site, on="2026-10-01", name="National Day")
    client = as_("other_coordinator")
    typed = {"site": cast.site.pk, "on": "2026-10-02", "name": "x"}
    assert client.post(f"/holidays/{row.pk}/", typed).status_code == 404
    assert client.post("/holidays/new/", typed).status_code == 422
    assert client.get("/holidays/").context["lines"] == []


def test_a_wrong_holiday_is_put_right(as_: AsPerson, cast: Cast) -> None:
    row = Holiday.objects.create(site=cast.site, on="2026-10-01", name="National Day")
    typed = {"site": cast.site.pk, "on": "2026-10-02", "name": "National Day"}
    as_("coordinator").post(f"/holidays/{row.pk}/", typed)
    row.refresh_from_db()
    assert row.on == date(2026, 10, 2)


@pytest.mark.parametrize("person", ["infusion_nurse", "rater", "monitor"])
def test_who_may_not_plan_is_refused(
    as_: AsPerson, second: Infusion, person: str
) -> None:
    assert as_(person).get(url(second)).status_code == 403
    assert as_(person).post("/holidays/new/").status_code == 403


def test_another_sites_coordinator_moves_and_misses_nothing(
    as_: AsPerson, visit: Visit
) -> None:
    client = as_("other_coordinator")
    first = visit.participant.infusions.get(number=1)
    assert client.post(url(first)).status_code == 404
    assert client.post(f"/visits/{visit.pk}/missed/").status_code == 404
    new = f"/participants/{visit.participant.subject_id}/visits/new/"
    assert client.post(new).status_code == 404
