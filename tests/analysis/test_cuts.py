import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.cuts import CutError, Facts, LeftOut, load_cut, write_cut

FACTS = Facts(
    name="final",
    as_of="2026-03-01T00:00:00+00:00",
    code_version="0.1.0",
    plan="published",
    plan_version="1.0",
    protocol_version="1.0",
    left_out=(LeftOut("participant", "in screening", 2),),
)


def some_frames() -> dict[str, pd.DataFrame]:
    return {
        "participants": pd.DataFrame({"participant": ["A-1", "A-2"]}),
        "ratings": pd.DataFrame(
            {"value": [31.0, None], "visit": ["baseline", "day13"]}
        ),
    }


def test_a_cut_gives_back_the_frames_that_were_written(tmp_path: Path) -> None:
    sha256 = write_cut(tmp_path, some_frames(), FACTS)
    cut = load_cut(tmp_path, sha256)
    assert cut.sha256 == sha256
    for name, frame in some_frames().items():
        pd.testing.assert_frame_equal(cut.frames[name], frame)


def test_the_manifest_counts_rows_and_says_what_was_left_out(tmp_path: Path) -> None:
    write_cut(tmp_path, some_frames(), FACTS)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert [(f["file"], f["rows"]) for f in manifest["files"]] == [
        ("participants.parquet", 2),
        ("ratings.parquet", 2),
    ]
    assert manifest["left_out"] == [
        {"what": "participant", "reason": "in screening", "n": 2}
    ]
    assert manifest["plan_version"] == "1.0"
    assert manifest["code_version"] == "0.1.0"
    assert manifest["protocol_version"] == "1.0"


def test_the_same_frames_and_facts_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert write_cut(first, some_frames(), FACTS) == write_cut(
        second, some_frames(), FACTS
    )
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()


@pytest.mark.parametrize("name", ["participants.parquet", "ratings.parquet"])
@pytest.mark.clause(
    "4.2.6",
    "frozen data name the file of which a byte was changed",
)
def test_one_changed_byte_is_found(tmp_path: Path, name: str) -> None:
    write_cut(tmp_path, some_frames(), FACTS)
    path = tmp_path / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CutError, match=f"{name} has changed"):
        load_cut(tmp_path)


def test_a_changed_manifest_is_found_by_the_hash_of_the_whole(tmp_path: Path) -> None:
    sha256 = write_cut(tmp_path, some_frames(), FACTS)
    path = tmp_path / "manifest.json"
    path.write_text(path.read_text().replace("in screening", "by mistake!!"))
    with pytest.raises(CutError, match=r"manifest\.json has changed"):
        load_cut(tmp_path, sha256)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    write_cut(tmp_path, some_frames(), FACTS)
    (tmp_path / "ratings.parquet").unlink()
    with pytest.raises(CutError, match=r"ratings\.parquet is missing"):
        load_cut(tmp_path)


def test_a_file_that_the_manifest_does_not_know_is_named(tmp_path: Path) -> None:
    write_cut(tmp_path, some_frames(), FACTS)
    some_frames()["ratings"].to_parquet(tmp_path / "more.parquet")
    with pytest.raises(CutError, match=r"more\.parquet is not in the manifest"):
        load_cut(tmp_path)


def test_a_cut_is_never_written_over(tmp_path: Path) -> None:
    write_cut(tmp_path, some_frames(), FACTS)
    with pytest.raises(FileExistsError):
        write_cut(tmp_path, some_frames(), FACTS)
