"""Any bytes whatever give a plate or one refusal, and nothing else."""

from collections.abc import Callable

import numpy as np
import pytest

from labs.luminex import PlateFile, PlateFileError, read_bytes
from labs.luminex.as_json import plate_as_json
from tests.labs.luminex.exports import export, table

MUTATIONS = 40


def flipped(data: bytes, rng: np.random.Generator) -> bytes:
    out = bytearray(data)
    for at in rng.integers(len(out), size=rng.integers(1, 12)):
        out[at] ^= 1 << int(rng.integers(8))
    return bytes(out)


def cut(data: bytes, rng: np.random.Generator) -> bytes:
    return data[: rng.integers(len(data))]


def holed(data: bytes, rng: np.random.Generator) -> bytes:
    start, end = sorted(rng.integers(len(data), size=2))
    return data[:start] + data[end:]


def shuffled(data: bytes, rng: np.random.Generator) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join(lines[i] for i in rng.permutation(len(lines)))


def swapped(data: bytes, rng: np.random.Generator) -> bytes:
    cells = data.split(b",")
    for a, b in rng.integers(len(cells), size=(rng.integers(1, 20), 2)):
        cells[a], cells[b] = cells[b], cells[a]
    return b",".join(cells)


def filled(data: bytes, rng: np.random.Generator) -> bytes:
    at = rng.integers(len(data))
    units = [b'"', b",", b"\r", b"\n", b"\0", b"9", b"(1,Z99)", b"\xff", b"="]
    unit = units[rng.integers(len(units))]
    return data[:at] + unit * int(rng.choice([1, 3, 5000])) + data[at:]


@pytest.mark.parametrize("damage", [flipped, cut, holed, shuffled, swapped, filled])
@pytest.mark.parametrize("data", [export(), export(quote=""), table(signature=True)])
def test_a_damaged_file_gives_a_sound_plate_or_one_refusal(
    data: bytes, damage: Callable[[bytes, np.random.Generator], bytes]
) -> None:
    rng = np.random.default_rng(20190521)
    for _ in range(MUTATIONS):
        assert_handled(damage(data, rng))


def test_noise_gives_one_refusal() -> None:
    rng = np.random.default_rng(7)
    for size in (1, 2, 3, 10, 1000, 100_000):
        with pytest.raises(PlateFileError):
            read_bytes(rng.bytes(size))


@pytest.mark.parametrize("unit", [b",", b'"', b"\n", b"\r", b" ", b"A", b"\0", b"<"])
def test_a_flood_after_a_header_is_handled(unit: bytes) -> None:
    assert_handled(export()[:300] + unit * 1_500_000)


def assert_handled(data: bytes) -> None:
    plate, refusal = outcome(data)
    if plate is None:
        assert 20 <= len(refusal) <= 500
        assert refusal.isprintable()
    else:
        assert_sound(plate)


def outcome(data: bytes) -> tuple[PlateFile | None, str]:
    try:
        return read_bytes(data), ""
    except PlateFileError as refused:
        return None, str(refused)


def assert_sound(plate: PlateFile) -> None:
    assert plate.wells
    assert plate.analytes
    assert set(plate.descriptions) == set(plate.wells)
    assert len(set(plate.wells)) == len(plate.wells)
    assert plate_as_json(plate)["wells"] == list(plate.wells)
