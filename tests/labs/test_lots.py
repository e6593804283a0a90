"""Lots of the kit and names of analytes: added with their reason, followed by data."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from labs.lots import add_lot, lot_of_file, use_lot
from labs.models import Analyte, AnalyteName, KitLot, LotLevel, Measurement, Plate
from labs.naming import name_analyte
from records.models import Event
from tests.cast import Cast
from tests.labs.conftest import LEVELS, curve_export, small_export, upload

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
HEAD = "kit,HSTCMAG-28SK\nlot,L42\nexpires,2027-12-31\n"
TITLES = "kind,name,analyte,expected_pg_ml,low_pg_ml,high_pg_ml\n"
ROWS = (
    "standard,Standard1,TNF-\u03b1,500,,\nstandard,Standard2,TNFa,125,,\n"
    "standard,Standard3,IL-10,,,\ncontrol,Control1,TNFa,,10,30\n"
)


def sheet(rows: str = ROWS, head: str = HEAD + TITLES) -> SimpleUploadedFile:
    return SimpleUploadedFile("lot.csv", (head + rows).encode())


def test_a_sheet_becomes_a_lot_with_what_it_says(cast: Cast) -> None:
    lot = add_lot(sheet(), cast.laboratory, by=cast["lab_scientist"])
    assert (str(lot), str(lot.expires_on)) == ("HSTCMAG-28SK L42", "2027-12-31")
    found = lot.levels.values_list("name", "expected_pg_ml", "low_pg_ml")
    assert list(found) == [
        ("Standard1", 500.0, None),
        ("Standard2", 125.0, None),
        ("Control1", None, 10.0),
    ]


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (sheet(head="kit,K\n" + TITLES), "no line lot"),
        (sheet(head=HEAD.replace("2027-12-31", "31/12/27") + TITLES), "2027-12-31"),
        (sheet(head=HEAD), "no line of titles"),
        (sheet("standard,Standard1,IL-99,5,,\n"), "Row 5: Standard1, IL-99 is unknown"),
        (sheet("standard,S1,IL-6,5,,\nstandard,S1,IL6,5,,\n"), "Row 6: .* twice"),
        (sheet('standard,S1,IL-6,"5,5",,\n'), "Row 5: 5,5 is no number"),
        (sheet("standard,S1,IL-6,-5,,\n"), "Row 5: A standard has its conc"),
        (sheet("control,C1,IL-6,,30,10\n"), "Row 5: A standard has its conc"),
        (sheet("standard,S1,IL-6,,,\n"), "holds no concentration"),
    ],
)
def test_a_wrong_sheet_is_refused_whole_with_its_row(
    cast: Cast, file: SimpleUploadedFile, says: str
) -> None:
    with pytest.raises(ValidationError, match=says), transaction.atomic():
        add_lot(file, cast.laboratory, by=cast["lab_scientist"])
    assert not KitLot.objects.exists()


def test_a_plate_is_judged_by_the_lot_that_is_chosen(
    curve_plate: Plate, cast: Cast
) -> None:
    assert curve_plate.analytes.get(analyte_name="TNFa").standards == {}
    lot = add_lot(sheet(), cast.laboratory, by=cast["lab_scientist"])
    use_lot(curve_plate, lot)
    tnf = curve_plate.analytes.get(analyte_name="TNFa")
    assert tnf.standards == {"standard1": 500.0, "standard2": 125.0}
    assert tnf.controls == {"control1": [10.0, 30.0]}
    curve_plate.refresh_from_db()
    assert curve_plate.lot == lot


def test_a_lot_is_entered_from_the_file_of_a_plate(
    curve_plate: Plate, cast: Cast
) -> None:
    by = cast["lab_scientist"]
    lot = lot_of_file(curve_plate, kit="K", number="7", by=by)
    assert lot.levels.filter(kind="standard").count() == len(LEVELS)
    assert lot.levels.get(kind="control").high_pg_ml == 130
    with pytest.raises(ValidationError, match="entered before"):
        lot_of_file(curve_plate, kit="K", number="7", by=by)


def test_a_level_without_its_numbers_is_refused_by_the_database(cast: Cast) -> None:
    lot = add_lot(sheet(), cast.laboratory, by=cast["lab_scientist"])
    with pytest.raises(IntegrityError), transaction.atomic():
        LotLevel.objects.filter(lot=lot, kind="control").update(high_pg_ml=None)


def test_the_page_adds_a_lot_once_and_gives_an_empty_sheet(
    as_: AsPerson, cast: Cast
) -> None:
    client = as_("lab_scientist")
    assert client.post("/lab/lots/", {"sheet": sheet()}).status_code == 302
    assert client.post("/lab/lots/", {"sheet": sheet()}).status_code == 422
    assert KitLot.objects.count() == 1
    text = client.get("/lab/lots/sheet.csv").content.decode()
    assert "standard,Standard7,IL-6" in text
    assert as_("data_manager").post("/lab/lots/", {"sheet": sheet()}).status_code == 403


def test_the_page_of_a_plate_takes_a_lot(
    as_: AsPerson, curve_plate: Plate, cast: Cast
) -> None:
    lot = add_lot(sheet(), cast.laboratory, by=cast["lab_scientist"])
    client, address = as_("lab_scientist"), f"/lab/plates/{curve_plate.pk}/lot/"
    assert client.post(address, {"lot": lot.pk}).status_code == 302
    assert client.post(address, {"lot": "none"}).status_code == 422
    new = {"kit": "K", "number": "8"}
    assert client.post(address, new).status_code == 302
    assert as_("other_lab_scientist").post(address, new).status_code == 404
    assert as_("data_manager").post(address, new).status_code == 403


@pytest.fixture
def nameless(cast: Cast) -> Plate:
    content = small_export().replace(b"TNFa", b"Cachectin (36)")
    return upload(content, cast).plate


def test_what_was_measured_under_a_name_follows_it(nameless: Plate, cast: Cast) -> None:
    tnf = Analyte.objects.get(code="TNF")
    rows = Measurement.objects.filter(well__plate=nameless, analyte=tnf)
    assert not rows.exists()
    followed = name_analyte(
        "Cachectin", tnf, reason="the kit's older name", by=cast["lab_scientist"]
    )
    assert followed == rows.count() == 6
    assert nameless.analytes.filter(analyte=tnf).count() == 1
    events = Event.objects.filter(table_name="labs_measurement", kind="update")
    assert {event.reason for event in events} == {"the kit's older name"}
    assert events.count() == 6


def test_a_spelling_has_one_meaning(cast: Cast) -> None:
    il6 = Analyte.objects.get(code="INTLK6")
    with pytest.raises(ValidationError, match="names an analyte already"):
        name_analyte("TNF-a", il6, reason="x", by=cast["lab_scientist"])
    with pytest.raises(ValidationError, match="Say why"):
        name_analyte("Cachectin", il6, reason=" ", by=cast["lab_scientist"])


def test_a_name_without_a_reason_is_refused_by_the_database(cast: Cast) -> None:
    row = AnalyteName.objects.all()[0]
    row.added_by = cast["lab_scientist"]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_the_page_offers_names_of_plates_and_adds_one(
    as_: AsPerson, nameless: Plate
) -> None:
    client = as_("lab_scientist")
    assert "Cachectin (36)" in client.get("/lab/analytes/").content.decode()
    tnf = Analyte.objects.get(code="TNF")
    sent = {"text": "Cachectin (36)", "analyte": tnf.pk, "reason": "older name"}
    assert client.post("/lab/analytes/", sent).status_code == 302
    assert client.post("/lab/analytes/", sent).status_code == 422
    assert as_("data_manager").post("/lab/analytes/", sent).status_code == 403
    other = as_("other_lab_scientist").get("/lab/analytes/").content.decode()
    assert "Cachectin (36)" not in other


def test_two_exports_of_one_lot_are_judged_alike(cast: Cast) -> None:
    plate = upload(curve_export("SNOBODY2"), cast).plate
    lot = lot_of_file(plate, kit="K", number="7", by=cast["lab_scientist"])
    before = plate.analytes.get(analyte_name="IL-6").standards
    use_lot(plate, lot)
    assert plate.analytes.get(analyte_name="IL-6").standards == before
