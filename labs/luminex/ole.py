"""The old Office container (OLE) and the records of an .xls, looked at before opening.

A damaged .xls can place a cell in column 65,535, and a library that lays its cells out
as a table then asks for more memory than there is. So the records are walked first:
what they are is told by two numbers each, and nothing is unpacked.
"""

import struct
from collections.abc import Iterator
from typing import Final

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEADER: Final = 512
_IN_HEADER: Final = 109
_LAST_SECTOR: Final = 0xFFFFFFFA
_ENTRY: Final = 128
_STREAM: Final = 2

_FILE_PASS: Final = 0x002F
_SHARED_STRINGS: Final = 0x00FC
_SHEET_START: Final = 0x0809
# Records that begin with the row and the column of a cell: formula, number, label,
# boolean, RK, label of a shared string, and their spellings of older versions.
_CELLS: Final = frozenset(
    {0x0006, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x0003, 0x0004, 0x0005, 0x00D6}
)
_MANY_CELLS: Final = frozenset({0x00BD, 0x00BE})


class BrokenContainerError(Exception):
    """The bytes are no whole container of this kind."""


class Compound:
    """The directory of an OLE file. BrokenContainerError where it has none."""

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER or not data.startswith(MAGIC):
            raise BrokenContainerError("no header")
        self._data = data
        self._shift = int(struct.unpack_from("<H", data, 30)[0])
        if self._shift not in (9, 12):
            raise BrokenContainerError("no sector size")
        self._sector = 1 << self._shift
        self._fat = self._allocation()
        (directory,) = struct.unpack_from("<I", data, 48)
        self.streams = dict(_entries(self._chain(directory)))

    def stream(self, name: str) -> bytes:
        """The bytes of a stream of at least 4,096 bytes."""
        start, size = self.streams[name]
        return self._chain(start)[:size]

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) << self._shift
        return self._data[start : start + self._sector]

    def _allocation(self) -> list[int]:
        listed = list(struct.unpack_from(f"<{_IN_HEADER}I", self._data, 76))
        (more,) = struct.unpack_from("<I", self._data, 68)
        seen = set()
        while more < _LAST_SECTOR and more not in seen:
            seen.add(more)
            numbers = _numbers(self._at(more))
            if not numbers:
                break
            listed += numbers[:-1]
            more = numbers[-1]
        table: list[int] = []
        for sector in listed:
            if sector < _LAST_SECTOR:
                table += _numbers(self._at(sector))
        return table

    def _chain(self, sector: int) -> bytes:
        parts, seen = [], set()
        while sector < len(self._fat):
            if sector in seen:
                raise BrokenContainerError("sectors run in a ring")
            seen.add(sector)
            parts.append(self._at(sector))
            sector = self._fat[sector]
        return b"".join(parts)


def _numbers(sector: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4]))


def _entries(directory: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        entry = directory[at : at + _ENTRY]
        (length,) = struct.unpack_from("<H", entry, 64)
        if entry[66] == _STREAM and 2 <= length <= 64:
            name = entry[: length - 2].decode("utf-16-le", errors="replace")
            yield name, struct.unpack_from("<II", entry, 116)


def is_encrypted(records: bytes) -> bool:
    """Whether the records of a workbook say that a password locks it."""
    return any(kind == _FILE_PASS for kind, _ in _records(records))


def cells_spanned(records: bytes) -> int:
    """The cells of the tables that all sheets span, filled or not.

    BrokenContainerError where more texts are announced than bytes are there.
    """
    total = rows = columns = 0
    for kind, body in _records(records):
        if kind == _SHEET_START:
            total += rows * columns
            rows = columns = 0
        elif kind in _CELLS and len(body) >= 4:
            row, column = struct.unpack_from("<HH", body)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif kind in _MANY_CELLS and len(body) >= 6:
            row, first = struct.unpack_from("<HH", body)
            (last,) = struct.unpack_from("<H", body, len(body) - 2)
            rows, columns = max(rows, row + 1), max(columns, first + 1, last + 1)
        elif kind == _SHARED_STRINGS and len(body) >= 8:
            texts = max(struct.unpack_from("<II", body))
            if texts > len(records):
                raise BrokenContainerError("more texts than bytes")
    return total + rows * columns


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
