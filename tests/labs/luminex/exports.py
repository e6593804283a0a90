"""Small exports, written as the instruments' software writes them."""

import zlib
from collections.abc import Mapping, Sequence

WELLS = ("A1", "B1", "C1", "A2", "B2", "C2")
ANALYTES = ("IL-6", "TNFa")
HEAD = {
    "Program": ("xPONENT", "", "MAGPIX"),
    "Build": ("4.2.1705.0",),
    "Date": ("5/21/2019", "2:07 PM"),
    "SN": ("MAGPX18000101",),
    "Batch": ("PLATE_01",),
    "ProtocolName": ("19plex",),
    "BatchStartTime": ("5/21/2019 2:07:33 PM",),
}

Rows = Sequence[Sequence[str]]


def readings(offset: float = 0) -> list[list[str]]:
    """Six wells with two analytes and their Total Events."""
    return [
        [f"{i}(1,{well})", f"S{i}", f"{10 * i + offset}", f"{20 * i + offset}", "200"]
        for i, well in enumerate(WELLS, 1)
    ]


TITLES = ["Location", "Sample", *ANALYTES, "Total Events"]


def blocks() -> dict[str, list[list[str]]]:
    """The blocks of a small plate: titles first, then rows."""
    return {
        "Median": [TITLES, *readings(0.5)],
        "Net MFI": [TITLES, *readings()],
        "Count": [TITLES, *([*row[:2], "61", "72", row[4]] for row in readings())],
        "Avg Net MFI": [["Sample", *ANALYTES], ["Control1", "12.5", "NaN"]],
        "Units": [["Analyte:", *ANALYTES], ["BeadID:", "25", "36"]],
        "Standard Expected Concentration": [
            ["Reagent", *ANALYTES],
            ["Standard1", "1000", "862.5"],
            ["Standard2", "250", "215.625"],
            ["Standard3", "62.5", "53.90625"],
            ["Standard4", "15.625", "13.4765625"],
        ],
        "Dilution Factor": [
            ["Location", "Sample", "Dilution Factor"],
            ["1(1,A1)", "S1"],
            ["2(1,B1)", "S2", "2"],
        ],
        "Audit Logs": [["UserId", "Date", "Message"]],
    }


def export(
    parts: Mapping[str, Rows] | None = None,
    head: Mapping[str, Sequence[str]] = HEAD,
    *,
    delimiter: str = ",",
    quote: str = '"',
    line_end: str = "\r\n",
    encoding: str = "utf-8",
    mark: bytes = b"",
    checksum: bool = True,
) -> bytes:
    """The bytes of an xPONENT export, with the checksum that belongs to them."""

    def line(cells: Sequence[str]) -> str:
        doubled = (cell.replace('"', '""') if quote else cell for cell in cells)
        return delimiter.join(f"{quote}{cell}{quote}" for cell in doubled)

    lines = [line([key, *cells]) for key, cells in head.items()]
    lines += ["", line(["Results"]), ""]
    for name, rows in (blocks() if parts is None else parts).items():
        lines += [line(["DataType:", name]), *map(line, rows), ""]
    body = mark + "".join(text + line_end for text in lines).encode(encoding)
    if not checksum:
        return body
    footer = f"-- CRC --{line_end}CRC32: {zlib.crc32(body):08X}"
    return body + footer.encode(encoding)


def table(*, signature: bool = False) -> bytes:
    """The bytes of an INTELLIFLEX table: three wells, two regions, two reporters."""
    titles = ["MODEL NAME", "INSTRUMENT TYPE", "SERIAL NUMBER", "SOFTWARE VERSION"]
    titles += ["PLATE NAME", "PLATE START", "WELL LOCATION", "SAMPLE ID"]
    titles += ["PROTOCOL NAME", "R25: RP1 ANALYTE NAME", "R25: RP1 REGION"]
    titles += ["R25: RP1 MEDIAN", "R25: RP1 COUNT", "R25: RP2 MEDIAN"]
    titles += ["R27: RP1 MEDIAN", "R27: RP1 COUNT"]
    first = ["xMAP INTELLIFLEX DR-SE", "INTELLIFLEX", "IFLX1"]
    first += ["Luminex INTELLIFLEX Bundle - 2.1.1015/Shell - 1.0", "PLATE"]
    first += ["2026-02-25 04:42:08 PM"]
    rows = [
        [*first, "A1", "S1", "P", "NaN", "NaN", "NaN", "NaN", "NaN", "NaN", "NaN"],
        [*first, "B1", "S2", "P", "HPV6", "25", "6.05", "17", "3.5", "9.25", "40"],
        [*first, "C1", "S3", "P", "HPV6", "25", "7.05", "18", "4.5", "8.25", "41"],
    ]
    lines = [",".join(row) for row in [titles, *rows]]
    if signature:
        lines += ["--DOCUMENT SIGNATURE--", "Data Signature:", "ABCD"]
    return "".join(f"{line}\r\n" for line in lines).encode()
