from datetime import datetime
from pathlib import Path

import pytest

from labs.luminex.bioplex import read_xml
from labs.luminex.plate import PlateFileError

RUN = """<Wells><Well RowNo="1" ColNo="1"><PlateID>555</PlateID>
<AcquisitionTime>2023-05-09T18:55:02Z</AcquisitionTime>
<RunProtocolDocumentName>panel</RunProtocolDocumentName>
<MachineInfo><SerialNumber>LX1</SerialNumber></MachineInfo><BeadRegions>
<BeadRegion RegionNumber="12"><RegionCount>60</RegionCount></BeadRegion>
<BeadRegion RegionNumber="99"><RegionCount>1</RegionCount></BeadRegion>
</BeadRegions></Well></Wells>"""
EQUATION = "FI = 1 + (900 - 1) / ((1 + (Conc / 12)^-1.5))^0.25"


def member(column: int, reading: str, concentration: str, row: int = 1) -> str:
    return f"""<MemberWell RowNo="{row}" ColNo="{column}"><MWAnalytes>
<MWAnalyte RegionNumber="12"><AnalyteName>IL-6</AnalyteName>
<Reading>{reading}</Reading>{concentration}</MWAnalyte></MWAnalytes></MemberWell>"""


def sample(kind: str, label: str, members: str, expected: str = "0.0E+000") -> str:
    return f"""<{kind}s><{kind}><Description>d{label}</Description>
<Label>{label}</Label><Analytes><Analyte RegionNumber="12">
<AnalyteName>IL-6</AnalyteName><ExpectedConc>{expected}</ExpectedConc></Analyte>
</Analytes><MemberWells>{members}</MemberWells></{kind}></{kind}s>"""


def curve(valid: str) -> str:
    return f"""<StandardCurves><Interpolators>
<Interpolator RegionNumber="12" IsValid="{valid}"><AnalyteName>IL-6</AnalyteName>
<WorkingRecoveryRange IsValid="true" MinConc="2.5" MaxConc="80" />
<Regression>Logistic - 5PL</Regression><Equation>{EQUATION}</Equation>
</Interpolator></Interpolators></StandardCurves>"""


def export(*parts: str, samples: str) -> bytes:
    body = "".join(parts) + f"<Samples>{samples}</Samples>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><bpm:BioPlexManager xmlns:bpm="urn:b" '
        f'BioPlexManagerVersion="6.2.0.175">{body}</bpm:BioPlexManager>'
    ).encode()


BLANK = sample("Blank", "B", member(12, "6.2E+001", ""))
OK = '<MWObsConc ReadingOK="true">2.5E+001</MWObsConc>'
FAILED = '<MWObsConc ReadingOK="false" ReadError="not set">0.0E+000</MWObsConc>'
UNKNOWN = sample("Unknown", "X1", member(1, "510.5", OK) + member(2, "499", FAILED))


def test_an_export_gives_readings_counts_and_its_head() -> None:
    plate = read_xml(export(RUN, samples=BLANK + UNKNOWN))
    assert (plate.software, plate.build) == ("Bio-Plex Manager", "6.2.0.175")
    assert (plate.batch, plate.protocol) == ("555", "panel")
    assert plate.serial_number == "LX1"
    assert plate.acquired_at == datetime.fromisoformat("2023-05-09T18:55:02")
    assert plate.analytes == ("IL-6",)
    assert plate.wells == ("A12", "A1", "A2")
    assert plate.types == {"A12": "B", "A1": "X1", "A2": "X1"}
    assert plate.descriptions["A1"] == "dX1"
    assert list(plate.blocks) == ["Reading", "MWObsConc", "RegionCount"]
    assert plate.cell("Reading", "A12", "IL-6").text == "6.2E+001"
    assert plate.cell("RegionCount", "A1", "IL-6").value == 60.0
    with pytest.raises(KeyError):
        plate.cell("RegionCount", "A2", "IL-6")


def test_a_concentration_that_the_file_calls_no_result_has_no_value() -> None:
    plate = read_xml(export(RUN, samples=UNKNOWN))
    failed = plate.cell("MWObsConc", "A2", "IL-6")
    assert (failed.text, failed.value) == ("0.0E+000", None)
    assert plate.cell("MWObsConc", "A1", "IL-6").value == 25.0


def test_fewer_wells_of_the_run_than_members_are_a_doubt() -> None:
    assert "missing_well" in {
        w.code for w in read_xml(export(RUN, samples=UNKNOWN)).warnings
    }


def test_an_export_without_wells_says_that_counts_are_unknown() -> None:
    plate = read_xml(export(samples=UNKNOWN))
    assert "RegionCount" not in plate.blocks
    assert [w.code for w in plate.warnings] == ["missing_block"]
    assert plate.acquired_at is None


def test_an_expected_concentration_of_zero_was_not_set() -> None:
    standards = [
        sample("Standard", "S1", member(3, "9", ""), "1.0E+002"),
        sample("Standard", "S2", member(4, "8", ""), "0.0E+000"),
    ]
    plate = read_xml(export(samples="".join(standards)))
    assert [(s.standard, s.expected_concentration) for s in plate.standards] == [
        ("S1", 100.0)
    ]


def test_only_a_valid_interpolator_is_a_curve() -> None:
    assert read_xml(export(curve("false"), samples=UNKNOWN)).curves == {}
    found = read_xml(export(curve("true"), samples=UNKNOWN)).curves["IL-6"]
    assert found.coefficients["F"] == 0.25
    assert (found.lloq, found.uloq) == (2.5, 80.0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'<Well RowNo="1" ColNo="1"></Well>', "not a Luminex export"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "entities"),
        (b"<a><b></a>", "line 1"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "XML file"),
        (b"<a>" + b"<b/>" * 2_000_001 + b"</a>", "too large"),
        (export(samples=""), "no plate"),
        (export(samples=UNKNOWN * 2), "A1 stands twice"),
        (export(samples=sample("Unknown", "X", member(1, "5", "", row=27))), "row 27"),
        (export(samples=sample("Unknown", "X", member(1, "5", "", row=-1))), "-1"),
    ],
)
def test_what_is_no_whole_export_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(PlateFileError, match=words):
        read_xml(data)


def test_the_shown_export_is_read(shared: Path) -> None:
    path = shared / "luminex" / "files" / "bioplexxml_example01.xml"
    plate = read_xml(path.read_bytes())
    assert len(plate.wells) == 96
    assert plate.cell("Reading", "E1", "delta").value == 510.5
    assert plate.cell("MWObsConc", "E1", "delta").value is None
    assert plate.cell("RegionCount", "A8", "lima").value == 55.0
