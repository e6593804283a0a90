"""Code of others is served byte for byte as its manifest says."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
ROW = re.compile(
    r"^\| (?P<file>\S+\.js) \|.*\| (?P<hash>[0-9a-f]{64}) \|$", re.MULTILINE
)


def listed_hashes() -> dict[str, str]:
    text = (VENDOR / "MANIFEST.md").read_text(encoding="utf-8")
    return {row["file"]: row["hash"] for row in ROW.finditer(text)}


def test_every_vendored_file_is_listed_with_its_hash() -> None:
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.suffix != ".md"
    }
    assert found == listed_hashes()


def test_vendored_scripts_point_to_no_source_map_that_is_not_there() -> None:
    for name in listed_hashes():
        assert b"sourceMappingURL" not in (VENDOR / name).read_bytes()
