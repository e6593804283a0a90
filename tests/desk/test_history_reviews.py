"""Histories filtered, reviewed and handed out."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import AccessEvent
from records import history, signing
from records.models import Event, Form, Signature
from tests.cast import Cast
from trial.models import Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
WHOLE = {f"item_MADRS1{n:02}": str(n % 5) for n in range(1, 11)}


@pytest.fixture
def form(visit: Visit, as_: AsPerson) -> Form:
    as_("rater").post(f"/visits/{visit.pk}/madrs/", WHOLE)
    return Form.objects.get(about_id=visit.pk, code="madrs")


def change(value: int, item: str = "MADRS104") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessments_answer SET value = %s WHERE item = %s", [value, item]
        )


def found(review: str) -> list[tuple[str, str]]:
    rows = history.reviewed(Event.objects.order_by("id"), review)
    return [(row.table_name, row.kind) for row in rows]


def test_what_changed_after_a_signature_is_found(form: Form, cast: Cast) -> None:
    change(1)
    signing.sign(
        form, by=cast["rater"], meaning=Signature.Meaning.AUTHORED, content={"a": 1}
    )
    assert found("after_signature") == []
    change(2)
    signing.take_away(form, reason="changed")
    assert found("after_signature") == [("assessments_answer", "update")]


def test_what_changed_after_a_lock_is_found(form: Form) -> None:
    change(1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_event (transaction_id, table_name, row_id, kind, old, "
            "new, at, database_role, role, request, task, reason) VALUES (1, "
            "'records_form', %s, 'update', '{\"hold\": \"open\"}', "
            "'{\"hold\": \"locked\"}', now(), '', '', '', '', '')",
            [form.pk],
        )
    assert found("after_lock") == []
    change(2)
    assert found("after_lock") == [("assessments_answer", "update")]


def test_a_value_changed_three_times_is_found(form: Form) -> None:
    for value in (0, 1):
        change(value)
    change(6, "MADRS105")
    assert found("often") == []
    change(2)
    assert found("often") == [("assessments_answer", "update")] * 3


def test_what_was_entered_more_than_three_days_late_is_found(form: Form) -> None:
    assert found("late") == []
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_event SET new = jsonb_set(new, '{rated_at}', "
            "to_jsonb((now() - interval '73 hours')::text)) "
            "WHERE table_name = 'assessments_assessment' AND kind = 'insert'"
        )
    assert found("late") == [("assessments_assessment", "insert")]


def test_what_was_entered_at_night_is_found(form: Form) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    noon = datetime(2026, 3, 9, 12, tzinfo=zone)
    Event.objects.update(at=noon)
    assert found("night") == []
    Event.objects.filter(table_name="assessments_assessment").update(
        at=noon + timedelta(hours=11)
    )
    assert found("night") == [("assessments_assessment", "insert")]


def test_a_fields_history_is_one_field_only(
    as_: AsPerson, form: Form, visit: Visit
) -> None:
    change(0)
    change(6, "MADRS105")
    url = f"/forms/{form.pk}/history/?field=MADRS104"
    lines = [s.sentence for s in as_("monitor").get(url).context["history"]]
    assert len(lines) == 2
    assert all("MADRS item 4" in line for line in lines)


def test_the_filters_of_the_address(as_: AsPerson, form: Form, cast: Cast) -> None:
    change(0)
    client = as_("monitor")
    today = timezone.localdate()

    def count(query: str) -> int:
        page = client.get(f"/forms/{form.pk}/history/?{query}").context["page"]
        return int(page.paginator.count)

    everything = count("")
    assert count("kind=update") < everything
    assert count(f"person={cast['rater'].pk}") < everything
    assert count(f"person={cast['monitor'].pk}") == 0
    assert count(f"from={today}&until={today}") == everything
    assert count(f"from={today + timedelta(days=1)}") == 0
    assert count("from=x&person=y&kind=z&review=w&until=2026-13-01") == everything


def test_the_csv_has_a_line_for_each_field_and_keeps_what_was_empty_empty(
    as_: AsPerson, form: Form, cast: Cast
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessments_answer SET value = NULL, missing = 'refused' "
            "WHERE item = 'MADRS104'"
        )
    response = as_("monitor").get(f"/forms/{form.pk}/history/?field=MADRS104&as=csv")
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    cleared = [(r["field"], r["old"], r["new"]) for r in rows if r["kind"] == "update"]
    assert cleared == [("missing", "", "refused"), ("value", "4", "")]
    taken = AccessEvent.objects.get(kind="export")
    assert taken.person == cast["monitor"]
    assert "as csv" in taken.what


def test_the_pdf_is_one_and_a_read_of_it_is_an_export(
    as_: AsPerson, form: Form
) -> None:
    response = as_("inspector").get(f"/forms/{form.pk}/history/?as=pdf")
    assert response.content.startswith(b"%PDF-")
    assert AccessEvent.objects.filter(kind="export").count() == 1


def test_a_persons_history_holds_what_they_did(
    as_: AsPerson, form: Form, cast: Cast
) -> None:
    url = f"/people/{cast['rater'].pk}/history/"
    lines = [s.sentence for s in as_("monitor").get(url).context["history"]]
    assert lines
    assert all(line.startswith("Rater ") for line in lines)
    other = as_("other_coordinator").get(url)
    assert other.context["page"].paginator.count == 0
    assert as_("monitor").get("/people/999999/history/").status_code == 404


def test_every_clinical_table_has_a_name_for_its_rows(
    as_: AsPerson, form: Form, visit: Visit
) -> None:
    url = f"/participants/{visit.participant.subject_id}/history/"
    lines = [s.sentence for s in as_("monitor").get(url).context["history"]]
    assert any("the visit baseline" in line for line in lines)
    assert any("infusion 1" in line for line in lines)
    assert any("the criterion" in line for line in lines)
