"""What the tabs of a plate show: its curve, its duplicates, its file."""

import gzip
import hashlib
import json
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from labs.curves import fit_curve
from labs.doubts import DOUBTS
from labs.duplicates import duplicates_of
from labs.heat_map import grid_of
from labs.judging import exclude_well
from labs.luminex.plate import WARNING_CODES
from labs.models import Plate, PlateAnalyte, Specimen
from labs.plate_curves import curve_of
from labs.units import in_pg_ml
from tests.cast import Cast
from tests.labs.conftest import CURVE, LEVELS, small_export, upload

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
TABS = ["", "match/", "curve/", "duplicates/", "file/"]


def url(plate: Plate, tab: str = "") -> str:
    return f"/lab/plates/{plate.pk}/{tab}"


def il6(plate: Plate) -> PlateAnalyte:
    return plate.analytes.get(analyte_name="IL-6")


def test_a_plate_knows_what_its_file_says_of_each_analyte(curve_plate: Plate) -> None:
    first, second = curve_plate.analytes.all()
    assert (first.analyte_name, second.analyte_name) == ("IL-6", "TNFa")
    assert first.standards["standard2"] == LEVELS[1]
    assert first.controls == {"control1": [70, 130]}
    assert first.file_coefficients == CURVE
    assert second.file_coefficients == {}
    assert curve_plate.wells.get(name="C1").level == "Standard2"


def test_both_curves_give_each_standard_back(curve_plate: Plate) -> None:
    found = curve_of(curve_plate, il6(curve_plate))
    assert found.fit is not None
    assert found.fit.converged
    assert len(found.standards) == 2 * len(LEVELS)
    for point in found.standards:
        assert point.recovery == pytest.approx(100, abs=5)
        assert point.instrument_recovery == pytest.approx(100, abs=5)
    assert [point.well.level for point in found.controls] == ["Control1"] * 2


def test_an_excluded_standard_is_shown_and_does_not_shape_our_curve(
    curve_plate: Plate, cast: Cast
) -> None:
    whole = curve_of(curve_plate, il6(curve_plate)).fit
    exclude_well(curve_plate, "A1", reason="bubble", by=cast["lab_scientist"])
    found = curve_of(curve_plate, il6(curve_plate))
    assert found.fit != whole
    counted = [p for p in found.standards if not p.excluded]
    x, y = zip(*((p.expected_pg_ml, p.net_mfi) for p in counted), strict=True)
    assert found.fit == fit_curve(x, y, recovery_limits=found.limits)
    assert [p.well.name for p in found.standards if p.excluded] == ["A1"]


def test_an_analyte_without_standards_says_so(
    as_: AsPerson, curve_plate: Plate
) -> None:
    address = url(curve_plate, "curve/?analyte=TNFa")
    text = as_("lab_scientist").get(address).content.decode()
    assert "No expected concentration of a standard is known." in text


def test_wells_that_hold_the_same_are_one_group(
    curve_plate: Plate, specimen: Specimen
) -> None:
    groups = {group.name: group for group in duplicates_of(curve_plate, "IL-6")}
    assert len(groups) == len(LEVELS) + 2
    pair = groups[specimen.code]
    assert [row.well.name for row in pair.rows] == ["A3", "B3"]
    assert pair.cv_percent == pytest.approx(1.4, abs=0.05)
    assert pair.verdict == "passes"


@pytest.mark.parametrize("tab", TABS)
def test_the_arrows_lead_from_one_analyte_to_the_next(
    as_: AsPerson, curve_plate: Plate, tab: str
) -> None:
    text = as_("lab_scientist").get(url(curve_plate, tab)).content.decode()
    if tab in ("match/", "file/"):
        assert 'rel="next"' not in text
    else:
        assert 'rel="next" href="?analyte=TNFa"' in text


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_costs_as_many_queries_for_many_wells_as_for_few(
    as_: AsPerson,
    plate: Plate,
    curve_plate: Plate,
    tab: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = as_("lab_scientist")
    for row in (plate, curve_plate):
        with django_assert_max_num_queries(14):
            assert client.get(url(row, tab)).status_code == 200


@pytest.mark.parametrize("tab", [*TABS, "wells.csv"])
def test_another_laboratory_finds_no_tab(as_: AsPerson, plate: Plate, tab: str) -> None:
    assert as_("other_lab_scientist").get(url(plate, tab)).status_code == 404
    original = f"/lab/files/{plate.upload_id}/"
    assert as_("other_lab_scientist").get(original).status_code == 404


def test_the_file_comes_back_byte_for_byte_to_be_saved(
    as_: AsPerson, plate: Plate, specimen: Specimen
) -> None:
    response = as_("lab_scientist").get(f"/lab/files/{plate.upload_id}/")
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    assert content == small_export(specimen=specimen.code)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Type"] == "application/octet-stream"


def test_the_reading_is_kept_with_its_hash(plate: Plate) -> None:
    kept = plate.upload
    with kept.reading.open("rb") as file:
        packed = file.read()
    assert hashlib.sha256(packed).hexdigest() == kept.reading_sha256
    reading = json.loads(gzip.decompress(packed))
    assert reading["sha256"] == kept.sha256
    assert reading["cells"]["Result"]["C2"]["TNFa"] == ["< 1.25", 1.25, "<"]


def test_each_warning_of_the_reader_has_its_next_step() -> None:
    assert set(DOUBTS) == WARNING_CODES


def test_an_edited_file_says_so_with_what_to_do(as_: AsPerson, cast: Cast) -> None:
    edited = small_export().replace(b'"10.5"', b'"11.5"', 1)
    text = (
        as_("lab_scientist").get(url(upload(edited, cast).plate, "file/")).content
    ).decode()
    assert "The checksum in the file is not that of its bytes" in text
    assert "Ask who edited it" in text


def test_a_formula_in_a_name_stays_text_and_is_defused_in_the_table(
    as_: AsPerson, cast: Cast
) -> None:
    row = upload(small_export(specimen="=cmd|' /C calc'!A0"), cast).plate
    text = as_("lab_scientist").get(url(row, "wells.csv?analyte=IL-6"))
    lines = text.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 7
    assert lines[5].startswith("B2,'=cmd|' /C calc'!A0,unknown")


@pytest.mark.parametrize(
    ("unit", "pg_ml"),
    [("pg/mL", 2.0), ("", 2.0), ("ng/ml", 2e3), ("µg/mL", 2e6), ("ng/L", 2.0)],
)
def test_masses_in_volumes_are_told_in_pg_ml(unit: str, pg_ml: float) -> None:
    assert in_pg_ml(2.0, unit) == pytest.approx(pg_ml)


@pytest.mark.parametrize("unit", ["IU/mL", "AU", "Bead", "pmol/L"])
def test_a_number_in_another_unit_is_no_concentration(unit: str) -> None:
    assert in_pg_ml(2.0, unit) is None


def test_wells_that_were_averaged_as_one_lie_at_both_places(plate: Plate) -> None:
    plate.wells.filter(name="B2").update(name="B2,C2")
    plate.wells.filter(name="C2").update(name="C0")
    grid = grid_of(plate, "IL-6", "mfi")
    wells = {
        one.name: one.well for _letter, row in grid.rows for one in row if one.well
    }
    assert wells["B2"] == wells["C2"]
    assert [one.name for one in grid.beside] == ["C0"]


def test_the_page_of_a_well_with_a_comma_in_its_name_opens(
    as_: AsPerson, plate: Plate
) -> None:
    plate.wells.filter(name="B2").update(name="B2,C2")
    for tab in ("?well=B2", "match/", "judge/"):
        text = as_("lab_scientist").get(url(plate, tab)).content.decode()
        assert "B2,C2" in text or "Leave this well out" in text
