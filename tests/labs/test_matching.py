"""Wells meet specimens: by code, by map, by hand; never by position, never halfway."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Laboratory
from labs.drawing import draw
from labs.judging import accept, approve, reject
from labs.matching import match, suggestions, unmatched, warnings
from labs.models import Aliquot, Plate, Result, Specimen, Well
from labs.plate_map import codes_by_well
from labs.sheets import read_table
from records.models import Event
from tests.cast import Cast, enrolled
from tests.labs.conftest import curve_export, small_export, upload
from trial.models import Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]


def url(plate: Plate, tab: str = "match/") -> str:
    return f"/lab/plates/{plate.pk}/{tab}"


@pytest.fixture
def nameless(specimen: Specimen, cast: Cast) -> Plate:
    """A plate whose samples name nobody: B2 and C2 hold the specimen's blood."""
    return upload(small_export(specimen="SABCDEFQ"), cast).plate


@pytest.fixture
def aliquot(specimen: Specimen, cast: Cast) -> Aliquot:
    return Aliquot.objects.create(
        specimen=specimen,
        laboratory=cast.laboratory,
        number=1,
        code=f"{specimen.code}-1",
        volume_ul=250,
    )


def held(plate: Plate) -> dict[str, str]:
    wells = plate.wells.exclude(specimen=None).select_related("specimen")
    return {well.name: str(well.specimen) for well in wells}


def test_a_bar_code_of_a_tube_matches_its_specimen(
    aliquot: Aliquot, specimen: Specimen, cast: Cast
) -> None:
    plate = upload(small_export(specimen=aliquot.code.lower()), cast).plate
    well = plate.wells.get(name="B2")
    assert (well.specimen, well.aliquot, well.matched_by) == (specimen, aliquot, "file")


def test_what_does_not_match_waits_with_codes_that_look_like_it(
    nameless: Plate, specimen: Specimen, cast: Cast
) -> None:
    (waiting,) = unmatched(nameless.wells.all(), cast.laboratory.pk)
    assert (waiting.text, waiting.wells) == ("SABCDEFQ", ["B2", "C2"])
    assert waiting.suggestions == [specimen.code]
    accept(nameless, by=cast["lab_scientist"], reason="nothing to be had")
    assert approve(nameless, by=cast["second_reader"]) == 0
    assert not Result.objects.exists()


def test_letters_that_are_misread_for_digits_are_suggested_first() -> None:
    codes = ["SB8Q2222", "S88Q2222", "SXXXXXXX"]
    assert suggestions("5B8O2222", codes)[0] == "SB8Q2222"
    assert suggestions("", codes) == []


def test_a_suggestion_is_one_step_and_leaves_its_trace(
    as_: AsPerson, nameless: Plate, specimen: Specimen
) -> None:
    sent = {"how": "person", "well-B2": specimen.code, "well-C2": specimen.code}
    client = as_("lab_scientist")
    assert client.post(url(nameless), sent).status_code == 302
    assert held(nameless) == {"B2": specimen.code, "C2": specimen.code}
    events = Event.objects.filter(table_name="labs_well", kind="update")
    assert events.count() == 2
    assert client.post(url(nameless), sent).status_code == 302
    assert events.count() == 2


def test_a_match_is_undone_with_a_reason_only(
    as_: AsPerson, plate: Plate, specimen: Specimen
) -> None:
    client = as_("lab_scientist")
    sent = {"how": "person", "well-B2": ""}
    refused = client.post(url(plate), sent)
    assert refused.status_code == 422
    assert "Well B2 was matched before." in refused.content.decode()
    client.post(url(plate), sent | {"reason": "pipetted into the wrong well"})
    assert held(plate) == {"C2": specimen.code}
    event = Event.objects.filter(table_name="labs_well", kind="update").latest("id")
    assert event.reason == "pipetted into the wrong well"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"B2": "SABCDEFG", "C2": "SNOBODY2"}, "has the code SNOBODY2"),
        ({"A1": "SABCDEFG"}, "Well A1 holds a standard"),
        ({"H12": "SABCDEFG"}, "no well H12"),
    ],
)
def test_a_wrong_cell_refuses_the_whole_grid_and_keeps_what_was_typed(
    as_: AsPerson, nameless: Plate, typed: dict[str, str], says: str
) -> None:
    sent = {f"well-{name}": code for name, code in typed.items()} | {"how": "person"}
    response = as_("lab_scientist").post(url(nameless), sent)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert held(nameless) == {}


def test_another_laboratorys_specimen_is_not_known_to_be_there(
    nameless: Plate, specimen: Specimen
) -> None:
    elsewhere = Laboratory.objects.get(code="ELS")
    Specimen.objects.filter(pk=specimen.pk).update(laboratory=elsewhere)
    with pytest.raises(ValidationError) as theirs:
        match(nameless, {"B2": specimen.code}, how="person")
    with pytest.raises(ValidationError) as nobodys:
        match(nameless, {"B2": "SNOBODY2"}, how="person")
    said = theirs.value.messages[0].replace(specimen.code, "SNOBODY2")
    assert said == nobodys.value.messages[0]
    (waiting,) = unmatched(nameless.wells.all(), nameless.laboratory_id)
    assert waiting.suggestions == []


def test_blood_that_was_never_drawn_matches_nothing(
    nameless: Plate, patient_visit: Visit, cast: Cast
) -> None:
    draw(patient_visit, cast.laboratory, at=None, missing_reason="no", code="SNODRAW2")
    with pytest.raises(ValidationError, match="SNODRAW2"):
        match(nameless, {"B2": "SNODRAW2"}, how="person")


@pytest.fixture
def patient_visit(cast: Cast) -> Visit:
    return enrolled(cast, first_infusion_in_days=0).visits.get(visit_type="baseline")


def test_a_judged_plate_is_matched_no_more(plate: Plate, cast: Cast) -> None:
    reject(plate, reason="drift", by=cast["lab_scientist"])
    with pytest.raises(ValidationError, match="rejected already"):
        match(plate, {"B2": ""}, how="person", reason="x")


def test_wells_and_visits_that_are_not_as_planned_are_pointed_at(
    plate: Plate, specimen: Specimen, cast: Cast
) -> None:
    day13 = specimen.participant.visits.get(visit_type="day13")
    second = draw(day13, cast.laboratory, at=timezone.now(), code="SSECOND2")
    other = upload(curve_export(second.code, second.code), cast).plate
    said = warnings(other, other.wells.select_related("specimen"))
    assert said[0].startswith("SSECOND2 lies in 4 wells (A3, B3, C3, D3)")
    assert said[1] == (
        "SSECOND2: another visit of the same person lies on plate PLATE_01."
    )
    assert specimen.participant.subject_id not in " ".join(said)
    reject(plate, reason="drift", by=cast["lab_scientist"])
    assert len(warnings(other, other.wells.select_related("specimen"))) == 1


def table_file(rows: list[list[object]], name: str) -> SimpleUploadedFile:
    if name.endswith(".xlsx"):
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for row in rows:
            sheet.append(row)
        content = io.BytesIO()
        book.save(content)
        return SimpleUploadedFile(name, content.getvalue())
    text = "\r\n".join(";".join(str(c or "") for c in row) for row in rows)
    return SimpleUploadedFile(name, text.encode())


LIST = [["Well", "Code"], ["B02", "S1"], ["C2", None], ["c3", "S2"]]
GRID = [
    ["Plate 7", None, None, None],
    [None, 1, 2, 3],
    ["A", None, None, None],
    ["B", None, "S1", None],
    ["C", None, None, "S2"],
]


@pytest.mark.parametrize("name", ["map.csv", "map.xlsx"])
@pytest.mark.parametrize("rows", [LIST, GRID])
def test_a_hole_in_a_map_shifts_nothing(rows: list[list[object]], name: str) -> None:
    found = codes_by_well(read_table(table_file(rows, name)))
    assert found == {"B2": "S1", "C3": "S2"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 broken", "no workbook"),
        (b"\x89PNG\0", "neither CSV nor"),
        (b"name,age\nx,1\n", "No plate map is seen"),
        (b"well,code\nZ99,S1\n", "Row 2 of the map names no well: Z99"),
        (b"well,code\nA1,S1\nA01,S2\n", "A1 stands twice"),
        (b'well,code\nA1,"' + b"x" * 200_000, "too long or has an open quote"),
    ],
)
def test_a_map_that_is_none_says_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        codes_by_well(read_table(SimpleUploadedFile("map.csv", content)))


def test_a_map_fills_the_grid_and_saves_nothing(
    as_: AsPerson, nameless: Plate, specimen: Specimen
) -> None:
    rows: list[list[object]] = [["well", "code"], ["B2", specimen.code], ["A1", "x"]]
    sent = {"map": table_file(rows, "map.xlsx")}
    response = as_("lab_scientist").post(url(nameless, "map/"), sent)
    text = response.content.decode()
    assert response.status_code == 200
    assert "2 codes were taken from the map. Nothing is saved yet" in text
    assert "these wells hold no specimen in the file: A1" in text
    assert f'value="{specimen.code}"' in text
    assert held(nameless) == {}


def test_a_broken_map_is_refused_beside_the_grid(
    as_: AsPerson, nameless: Plate
) -> None:
    sent = {"map": SimpleUploadedFile("map.csv", b"nothing here")}
    response = as_("lab_scientist").post(url(nameless, "map/"), sent)
    assert response.status_code == 422
    assert "No plate map is seen here." in response.content.decode()


@pytest.mark.parametrize("act", ["match/", "map/"])
def test_only_the_laboratory_itself_matches(
    as_: AsPerson, nameless: Plate, act: str
) -> None:
    assert as_("other_lab_scientist").post(url(nameless, act)).status_code == 404
    assert as_("data_manager").post(url(nameless, act)).status_code == 403
    assert as_("lab_scientist").put(url(nameless, act)).status_code == 405


def test_a_match_without_its_way_is_refused_by_the_database(plate: Plate) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Well.objects.filter(plate=plate, name="B2").update(matched_by="")
