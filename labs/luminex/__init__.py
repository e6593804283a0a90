"""Reading the plate files that Luminex instruments' software exports.

Pure: bytes in, a frozen plate out. No Django, no database, no network.
"""

from labs.luminex.plate import (
    Block,
    Cell,
    Control,
    PlateFile,
    PlateFileError,
    PlateWarning,
    Standard,
    VendorCurve,
)
from labs.luminex.recognise import read_bytes, read_plate

__all__ = [
    "Block",
    "Cell",
    "Control",
    "PlateFile",
    "PlateFileError",
    "PlateWarning",
    "Standard",
    "VendorCurve",
    "read_bytes",
    "read_plate",
]
