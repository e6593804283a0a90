"""The checksum that xPONENT writes under its exports.

CRC-32 (zlib) of all bytes before the line `-- CRC --`, byte-order mark included, as
eight hexadecimal digits. A file whose line ends alone were changed matches again when
each of them is set to CR LF.
"""

import re
import zlib
from typing import Final

from labs.luminex.delimited import NumberedRow
from labs.luminex.plate import Checksum, PlateWarning
from labs.luminex.textfile import TextFile

CRC_TITLE: Final = "-- CRC --"

_STORED: Final = re.compile(r"CRC32:? *([0-9A-Fa-f]{8})(?![0-9A-Fa-f])")
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")


def verify(file: TextFile, footer: list[NumberedRow]) -> Checksum:
    """What the checksum says of the file; `footer` starts with the line `-- CRC --`."""
    stored = _stored_checksum(footer)
    if stored is None:
        return "absent"
    before = file.bytes_before(footer[0][0])
    if zlib.crc32(before) == stored:
        return "matches"
    if zlib.crc32(_with_crlf(before, file.encoding, len(file.mark))) == stored:
        return "matches after restoring line ends"
    return "differs"


def checksum_doubt(checksum: Checksum, footer: list[NumberedRow]) -> list[PlateWarning]:
    """Says so where the bytes are not those that the instrument wrote."""
    if checksum != "differs":
        return []
    return [
        PlateWarning(
            "checksum_differs",
            "The checksum at the end of the file does not fit its content: the file "
            "was changed after its export. Prefer the instrument's own file.",
            footer[0][0],
        )
    ]


def _stored_checksum(footer: list[NumberedRow]) -> int | None:
    below = next((cells for _, cells in footer[1:] if any(cells)), [])
    found = _STORED.search(" ".join(below))
    return int(found[1], 16) if found else None


def _with_crlf(data: bytes, encoding: str, mark_length: int) -> bytes:
    if not encoding.startswith("utf-16"):
        return _LINE_END.sub(b"\r\n", data)
    text = _LINE_END.sub(b"\r\n", data[mark_length:].decode(encoding).encode("utf-8"))
    return data[:mark_length] + text.decode("utf-8").encode(encoding)
