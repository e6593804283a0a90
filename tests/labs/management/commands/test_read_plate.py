"""`manage.py read_plate` prints one plate, or one line on stderr and exits 2."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

EXPORT = (
    b'"Program","xPONENT","","MAGPIX"\r\n"BatchStartTime","5/21/2019 2:07:33 PM"\r\n'
    b'"Results"\r\n"DataType:","Median"\r\n"Location","Sample","IL-6"\r\n'
    b'"1(1,A1)","=S1","< 12.5"\r\n\r\n'
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plate.csv"
    path.write_bytes(EXPORT)
    return path


def test_json_holds_the_fields_and_every_cell(file: Path) -> None:
    out = StringIO()
    call_command("read_plate", str(file), "--json", stdout=out)
    facts = json.loads(out.getvalue())
    assert facts["software"] == "xPONENT"
    assert facts["acquired_at"] == "2019-05-21T14:07:33"
    assert facts["blocks"] == ["Median"]
    assert facts["cells"] == {
        "Median": {"A1": {"Sample": ["=S1", None, None], "IL-6": ["< 12.5", 12.5, "<"]}}
    }
    assert [w["code"] for w in facts["warnings"]] == ["missing_block", "formula_text"]
    assert len(facts["sha256"]) == 64


def test_a_person_gets_the_plate_in_a_few_lines(file: Path) -> None:
    out = StringIO()
    call_command("read_plate", str(file), stdout=out)
    assert "Wells: 1, A1 to A1" in out.getvalue()
    assert "Batch: not in the file" in out.getvalue()
    assert "Warning (line 6): A spreadsheet would run" in out.getvalue()


@pytest.mark.parametrize("name", ["empty.csv", "absent.csv"])
def test_a_refused_file_leaves_one_line_on_stderr_and_exits_2(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty.csv").touch()
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("read_plate", str(tmp_path / name), stdout=out, stderr=err)
    assert left.value.code == 2
    assert out.getvalue() == ""
    assert len(err.getvalue().splitlines()) == 1
