"""Ratings from elsewhere: each cell error, all or nothing, undone whole, who may."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as some
from openpyxl import Workbook, load_workbook

from assessments.importing.checking import check
from assessments.importing.reading import LARGEST_BYTES, UnreadableError, read
from assessments.importing.template import csv_template, heads_of, xlsx_template
from assessments.importing.writing import content_of
from assessments.instruments import INSTRUMENTS
from assessments.models import Answer, Assessment, ImportBatch
from records.holds import place, scope_of
from records.models import Event, Form
from records.signing import sign
from tests.cast import Cast
from trial.models import Visit

AsPerson = Callable[[str], Client]
MADRS = INSTRUMENTS["madrs"]
HEADS = heads_of(MADRS)


def row(visit: Visit, **other: str) -> dict[str, str]:
    rated_at = timezone.localtime() - timedelta(minutes=5)
    said = {
        "participant": visit.participant.subject_id,
        "visit": visit.visit_type,
        "rated at": f"{rated_at:%Y-%m-%d %H:%M}",
        "rater": "rater",
    }
    return said | {item.code: "3" for item in MADRS.items} | other


def csv_of(*rows: dict[str, str]) -> bytes:
    lines = [HEADS, *([one[head] for head in HEADS] for one in rows)]
    return "\n".join(",".join(line) for line in lines).encode()


def xlsx_of(one: dict[str, str]) -> bytes:
    book = Workbook()
    book.worksheets[0].append(HEADS)
    book.worksheets[0].append([one[head] for head in HEADS])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def upload(client: Client, cast: Cast, content: bytes) -> str:
    file = SimpleUploadedFile("old.csv", content)
    sent = {"site": cast.site.pk, "file": file}
    response = client.post("/oversight/imports/", sent)
    assert response.status_code == 302
    return response.headers["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("head", "text", "words"),
    [
        ("MADRS103", "7", "7 is not allowed. Allowed: 0 to 6."),
        ("MADRS103", "2.5", "2.5 is not allowed"),
        ("MADRS103", "", "has no answer"),
        ("MADRS103", "=1+1", "A formula is not read"),
        ("participant", "GZ-999", "There is no such participant at this site."),
        ("visit", "d999", "The participant has no such visit."),
        ("rated at", "03/04/2026 10:00", "no unambiguous date"),
        ("rated at", "2026-03-04", "no unambiguous date"),
        ("rated at", "2999-01-01 10:00", "in the future"),
        ("rater", "other_rater", "Nobody of this user name may rate at this site."),
        ("rater", "infusion_nurse", "Nobody of this user name may rate"),
        *(
            ("MADRS110", code, f"{code} is a code for a missing value")
            for code in ("-9", "-99", "999", "9999")
        ),
    ],
)
@pytest.mark.clause(
    "4.2.5",
    "data from elsewhere are refused by cell, with what is wrong and what is allowed",
)
def test_what_is_wrong_is_said_by_cell(
    visit: Visit, cast: Cast, head: str, text: str, words: str
) -> None:
    for content in (
        csv_of(row(visit) | {head: text}),
        xlsx_of(row(visit) | {head: text}),
    ):
        plan = check(content, cast.site)
        [error] = plan.errors
        assert error.cell.row == 2
        assert error.cell.column == HEADS.index(head) + 1
        assert words in error.words
        assert not plan.is_whole


@pytest.mark.django_db
def test_an_instrument_that_the_visit_does_not_ask_is_refused(
    visit: Visit, cast: Cast
) -> None:
    heads = heads_of(INSTRUMENTS["ymrs"])
    said = row(visit) | {head: "0" for head in heads if head not in HEADS}
    text = "\n".join(",".join(line) for line in (heads, [said[h] for h in heads]))
    words = [error.words for error in check(text.encode(), cast.site).errors]
    assert "YMRS is not asked at this visit." in words


@pytest.mark.django_db
def test_a_visit_of_another_site_is_as_unknown_as_one_that_is_not(
    visit: Visit, cast: Cast
) -> None:
    [error] = check(csv_of(row(visit)), cast.other_site).errors[:1]
    assert error.words == "There is no such participant at this site."


@pytest.mark.django_db
def test_a_visit_twice_in_the_file_is_refused(visit: Visit, cast: Cast) -> None:
    plan = check(csv_of(row(visit), row(visit)), cast.site)
    assert [e.words for e in plan.errors] == ["This visit stands in row 2 already."]


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_the_encodings_of_spreadsheets(
    visit: Visit, cast: Cast, encoding: str
) -> None:
    rows = csv_of(row(visit), row(visit, participant="张三")).decode()
    plan = check(rows.encode(encoding), cast.site)
    assert [e.cell.text for e in plan.errors] == ["张三"]


@pytest.mark.django_db
@pytest.mark.clause(
    "4.2.5",
    "data from elsewhere are written whole, by the functions of entry, with their file",
)
def test_a_file_is_checked_written_undone_and_written_again(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    client = as_("coordinator")
    content = csv_of(row(visit))
    url = upload(client, cast, content)
    assert b"1 can be written" in client.get(url).content
    assert not Assessment.objects.exists()
    assert client.post(f"{url}write/").status_code == 302
    rating, batch = Assessment.objects.get(), ImportBatch.objects.get()
    assert (rating.mode, rating.rater) == ("paper", cast["rater"])
    assert (rating.batch, content_of(batch)) == (batch, content)
    events = Event.objects.filter(table_name="assessments_answer")
    assert set(events.values_list("reason", "person")) == {
        ("import old.csv", cast["coordinator"].pk)
    }
    assert client.post(f"{url}write/").status_code == 422
    assert upload(client, cast, content) == url
    again = check(csv_of(row(visit, MADRS101="2")), cast.site)
    assert [e.words for e in again.errors] == ["MADRS of this visit is there already."]
    assert client.post(f"{url}undo/", {"reason": ""}).status_code == 422
    assert client.post(f"{url}undo/", {"reason": "wrong file"}).status_code == 302
    assert not Assessment.objects.exists()
    assert Form.objects.get(code="madrs", about_id=visit.pk).completion == "not_started"
    visit.refresh_from_db()
    assert visit.state == Visit.State.PLANNED
    assert Answer.objects.count() == 10
    anew = upload(client, cast, content)
    assert anew != url
    client.post(f"{anew}write/")
    assert Assessment.objects.get().pk == rating.pk


@pytest.mark.django_db
def test_a_signed_rating_keeps_the_whole_import(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    client = as_("data_manager")
    url = upload(client, cast, csv_of(row(visit)))
    client.post(f"{url}write/")
    form = Assessment.objects.get().form
    sign(form, by=cast["rater"], meaning="authored", content={"a": 1})
    response = client.post(f"{url}undo/", {"reason": "wrong"})
    assert response.status_code == 422
    assert "has been signed" in response.content.decode()
    assert ImportBatch.objects.get().state == "written"
    assert Assessment.objects.exists()


@pytest.mark.django_db
def test_one_refused_rating_leaves_nothing_written(
    as_: AsPerson, visit: Visit, cast: Cast
) -> None:
    """A form frozen since the dry run: the row is named, the others are taken back."""
    later = Visit.objects.filter(participant=visit.participant)
    other = next(
        v
        for v in later.exclude(pk=visit.pk)
        if Form.objects.filter(about_id=v.pk, code="madrs").exists()
    )

    client = as_("coordinator")
    url = upload(client, cast, csv_of(row(visit), row(other)))
    place("frozen", [scope_of(other)], reason="x", by=cast["data_manager"])
    response = client.post(f"{url}write/")
    assert response.status_code == 422
    assert "Row 3:" in response.content.decode()
    assert not Assessment.objects.exists()
    assert ImportBatch.objects.get().state == "checked"


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["", "write/", "undo/", "file/"])
def test_who_may(as_: AsPerson, visit: Visit, cast: Cast, what: str) -> None:
    url = upload(as_("coordinator"), cast, csv_of(row(visit))) + what

    def send(name: str) -> int:
        client = as_(name)
        act = client.post if what in ("write/", "undo/") else client.get
        return act(url).status_code

    assert send("other_coordinator") == 404
    assert send("rater") == 403
    wrong = as_("coordinator").put(url)
    assert wrong.status_code == 405


@pytest.mark.parametrize("code", sorted(INSTRUMENTS))
def test_a_template_has_heads_and_notes(code: str) -> None:
    heads = heads_of(INSTRUMENTS[code])
    assert csv_template(INSTRUMENTS[code]).decode("utf-8-sig").split() != []
    book = load_workbook(BytesIO(xlsx_template(INSTRUMENTS[code])))
    assert [cell.value for cell in book.worksheets[0][1]] == heads
    assert [line[0].value for line in book["notes"].iter_rows()] == heads


def test_a_file_over_5_mb_is_refused() -> None:
    with pytest.raises(UnreadableError, match="larger than 5 MB"):
        read(b"a" * (LARGEST_BYTES + 1))


WORKBOOK = xlsx_template(MADRS)


@bounds(max_examples=60)
@given(some.binary(max_size=300), some.integers(0, len(WORKBOOK)))
def test_no_bytes_crash_the_reader(noise: bytes, at: int) -> None:
    broken = WORKBOOK[:at] + noise + WORKBOOK[at + len(noise) :]
    for content in (noise, b"PK" + noise, broken):
        with suppress(UnreadableError):
            read(content)
