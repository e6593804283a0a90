"""Plates as the trial lays them out, in files that the reader takes as they are."""

import zlib
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from demo.cytokines import CYTOKINES, bar_codes, specimens
from demo.plates import dealt_to_plates, pairs_of_wells, plate_exports
from demo.readout import Coefficients
from demo.study import simulate
from labs.luminex import PlateFile, read_plate

STUDY = simulate(date(2026, 11, 24))
TUBES = specimens(STUDY)
EXPORTS = plate_exports(STUDY)


@pytest.fixture(scope="module")
def plates(tmp_path_factory: pytest.TempPathFactory) -> list[PlateFile]:
    folder = tmp_path_factory.mktemp("plates")
    return [_read(folder / one.name, one.content) for one in EXPORTS]


def _read(path: Path, content: bytes) -> PlateFile:
    path.write_bytes(content)
    return read_plate(path)


def test_253_tubes_with_codes_that_tell_nothing() -> None:
    assert len(TUBES) == 66 * 3 - 5 + 60
    assert len({tube.code for tube in TUBES}) == 253
    assert {tube.code for tube in TUBES} < set(bar_codes(STUDY).values())


def test_levels_have_the_means_and_spreads_of_table_2() -> None:
    for place, cytokine in enumerate(CYTOKINES):
        for pain, wanted in ((True, cytokine.pain), (False, cytokine.no_pain)):
            for visit, mean in zip(("baseline", "day13"), wanted.means, strict=False):
                levels = [
                    tube.log10_pg_ml[place]
                    for tube in TUBES
                    if tube.visit == visit and tube.person.pain is pain
                ]
                assert np.mean(levels) == pytest.approx(mean)
                assert np.std(levels, ddof=1) == pytest.approx(wanted.sd)


def test_il_6_falls_with_depression_in_the_pain_group() -> None:
    il6 = [cytokine.name for cytokine in CYTOKINES].index("IL-6")
    levels = {
        (tube.person.subject_id, tube.visit): tube.log10_pg_ml[il6] for tube in TUBES
    }
    falls = []
    for course in STUDY.patients:
        if course.person.pain:
            person = course.person.subject_id
            madrs = [
                sum(filter(None, course.visit(visit).sheets["madrs"].values()))
                for visit in ("baseline", "day13")
            ]
            change = levels[person, "day13"] - levels[person, "baseline"]
            falls.append((change, madrs[1] - madrs[0]))
    correlation = np.corrcoef(np.asarray(falls).T)[0, 1]
    assert 0.2 < correlation < 0.7


def test_all_tubes_of_a_person_lie_on_one_plate() -> None:
    plates = dealt_to_plates(TUBES)
    assert sum(map(len, plates)) == 253
    people = [{tube.person.subject_id for tube in plate} for plate in plates]
    assert sum(map(len, people)) == len(set.union(*people))


def test_each_plate_holds_both_groups_and_controls_in_proportion() -> None:
    for plate in dealt_to_plates(TUBES):
        assert len(plate) <= 37
        people = {tube.person.subject_id: tube.person for tube in plate}.values()
        kinds = Counter((person.arm, person.pain) for person in people)
        assert kinds["patient", True] in (4, 5)
        assert kinds["patient", False] in (4, 5)
        assert 6 <= kinds["control", False] <= 11


def test_a_person_too_many_for_a_plate_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 37 specimens"):
        dealt_to_plates([*TUBES, *TUBES])


def test_the_files_read_without_a_warning(plates: list[PlateFile]) -> None:
    assert len(plates) == 7
    for plate, exported in zip(plates, EXPORTS, strict=True):
        assert plate.warnings == ()
        assert plate.checksum == "matches"
        assert plate.instrument == "LX100/LX200"
        assert plate.acquired_at == exported.started_at.replace(tzinfo=None)
        assert plate.analytes == tuple(cytokine.name for cytokine in CYTOKINES)
        assert set(plate.curves) == set(plate.analytes)


def test_each_plate_has_standards_blank_controls_and_bridge_in_duplicate(
    plates: list[PlateFile],
) -> None:
    for plate, exported in zip(plates, EXPORTS, strict=True):
        names = Counter(plate.descriptions[well] for well in plate.wells)
        assert set(names.values()) == {2}
        assert set(names) == {
            "Background0",
            *(f"Standard{level}" for level in range(1, 8)),
            "Control1",
            "Control2",
            "Bridge",
            *exported.specimen_codes,
        }


def test_duplicates_lie_side_by_side(plates: list[PlateFile]) -> None:
    assert len(pairs_of_wells()) == 48
    for plate in plates:
        for left, right in pairs_of_wells():
            assert plate.descriptions.get(left) == plate.descriptions.get(right)


def test_results_estimate_what_is_in_the_tubes(plates: list[PlateFile]) -> None:
    true = {tube.code: tube.log10_pg_ml for tube in TUBES}
    errors = []
    for plate in plates:
        for code in set(plate.descriptions.values()) & set(true):
            for place, analyte in enumerate(plate.analytes):
                cell = plate.cell("Avg Result", code, analyte)
                if cell.value is not None and cell.qualifier is None:
                    errors.append(np.log10(cell.value) - true[code][place])
    assert len(errors) > 4500
    assert abs(np.mean(errors)) < 0.01
    assert np.std(errors) < 0.08


def test_one_well_found_no_liquid_and_says_so(plates: list[PlateFile]) -> None:
    dry = [
        (number, well)
        for number, plate in enumerate(plates, 1)
        for well in plate.wells
        if plate.cell("Median", well, "IL-6").value is None
    ]
    ((number, well),) = dry
    assert number == 4
    plate = plates[number - 1]
    assert plate.cell("Count", well, "IL-6").value == 0
    assert plate.cell("Result", well, "IL-6").text == "NaN"
    (row,) = plate.blocks["Warnings/Errors"].rows
    assert row[0] == f"1,{well}"


def test_the_checksum_covers_all_that_stands_before_it() -> None:
    content = EXPORTS[0].content
    body, ending = content.split(b"-- CRC --")
    assert ending == f"\r\nCRC32: {zlib.crc32(body):08X}".encode()


def test_the_curve_and_its_inverse_agree_and_end_at_the_asymptotes() -> None:
    curve = Coefficients(a=0.5, b=20_000, c=200, d=-0.9, f=1.1)
    for x in (0.1, 10.0, 500.0):
        assert curve.concentration(curve.net_mfi(x)) == pytest.approx(x)
    assert curve.concentration(0.5) is None
    assert curve.concentration(20_000) is None
    assert curve.net_mfi(0) == 0
