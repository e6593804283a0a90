"""From bytes to text: encoding, physical lines, and the limits a text must keep.

A byte-order mark decides the encoding; without one a file is UTF-8 if it is valid
UTF-8, else Windows-1252. A character that the end of the file cuts in two is left out.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

from labs.luminex.plate import PlateFileError, PlateWarning

LONGEST_LINE: Final = 1 << 20
MOST_LINES: Final = 100_000

_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# Five bytes mean nothing in Windows-1252; they become U+FFFD like any lost character.
_WINDOWS_1252: Final = bytes(range(256)).decode("cp1252", errors="replace")
_ENDS_TO_PYTHON_ONLY: Final = "\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_CONTROLS: Final = bytes({*range(1, 32)} - {*b"\t\n\v\f\r\x1a"})
_SAMPLE: Final = 100_000


@dataclass(frozen=True)
class TextFile:
    """A decoded file: its text in physical lines, each with its line end."""

    data: bytes
    lines: tuple[str, ...]
    encoding: str
    mark: bytes

    def bytes_before(self, line: int) -> bytes:
        """The file's bytes before the physical line `line`, counted from 1."""
        text = "".join(self.lines[: line - 1])
        length = len(text.encode(self.encoding, errors="replace"))
        return self.data[: len(self.mark) + length]


def decode(data: bytes) -> TextFile:
    """The text of a file; PlateFileError where it is none or breaks a limit."""
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    encoding = _MARKS.get(mark, "")
    body = data[len(mark) :]
    if encoding.startswith("utf-16"):
        text = _decoded(body, encoding)
        _refuse_no_text(text.encode("utf-8"))
    else:
        _refuse_no_text(body)
        if encoding:
            text = _decoded(body, encoding)
        else:
            text, encoding = _without_mark(body)
    return TextFile(data, tuple(_physical_lines(text)), encoding, mark)


def encoding_doubt(file: TextFile) -> list[PlateWarning]:
    """Says so where neither a mark nor UTF-8 told the encoding."""
    if file.encoding != "cp1252":
        return []
    line = next((n for n, text in enumerate(file.lines, 1) if not text.isascii()), None)
    return [
        PlateWarning(
            "unknown_encoding",
            "The file does not say its encoding and is not UTF-8; it was read as "
            "Windows-1252, so compare letters such as µ or é with the instrument.",
            line,
        )
    ]


def _decoded(body: bytes, encoding: str) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(body)
    except UnicodeDecodeError as error:
        raise PlateFileError(
            f"This is not a text file: it is marked as {encoding.upper()}, but "
            f"byte {error.start + 1} is no such text. Export the plate again."
        ) from error


def _without_mark(body: bytes) -> tuple[str, str]:
    try:
        return codecs.utf_8_decode(body, "strict", False)[0], "utf-8"
    except UnicodeDecodeError:
        return codecs.charmap_decode(body, "strict", _WINDOWS_1252)[0], "cp1252"


def _refuse_no_text(body: bytes) -> None:
    sample = body[:_SAMPLE].replace(b"\0", b"")
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls * 50 > len(sample):
        raise PlateFileError(
            "This is not a text file and no workbook that we know. Choose the file "
            "that the instrument's software exported (.csv, .xls, .xlsx or .xml)."
        )
    nul = body.find(b"\0")
    if nul >= 0:
        above = body[:nul]
        line = 1 + above.count(b"\n") + above.count(b"\r") - above.count(b"\r\n")
        raise PlateFileError(
            f"Line {line} holds NUL bytes, so the file was damaged when it was copied "
            "or saved. Copy it again from the instrument, or export the plate again."
        )
    _refuse_too_long(body)


def _refuse_too_long(body: bytes) -> None:
    # Counted before they are taken apart, so that no flood of lines fills the memory.
    ends = max(body.count(b"\n"), body.count(b"\r"))
    lines = body.splitlines() if ends <= MOST_LINES else []
    if max(ends, len(lines)) > MOST_LINES:
        raise PlateFileError(
            f"The file is too long for one plate: it has more than {MOST_LINES:,} "
            "lines. Export a single batch and choose that file."
        )
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise PlateFileError(
                f"Line {number} is too long: {len(line):,} characters, where an "
                "instrument writes some hundreds. Export the plate again."
            )


def _physical_lines(text: str) -> list[str]:
    """The lines with their ends CR LF, LF or CR, and with no other end."""
    if any(end in text for end in _ENDS_TO_PYTHON_ONLY):
        return _LINE.findall(text)
    return text.splitlines(keepends=True)
