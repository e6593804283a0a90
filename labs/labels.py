"""Labels of tubes: a QR code and the code as text, on sheets of known sizes."""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import segno

from records.pdf import pdf


@dataclass(frozen=True)
class Sheet:
    """A sheet of labels in mm: how many, how large, where the first one is."""

    name: str
    paper_width: float
    paper_height: float
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    step_right: float
    step_down: float


SHEETS = {
    sheet.name: sheet
    for sheet in (
        Sheet("A4, 5 x 13", 210, 297, 5, 13, 38.1, 21.2, 4.7, 10.7, 40.6, 21.2),
        Sheet("A4, 7 x 27", 210, 297, 7, 27, 25.4, 10.0, 8.5, 13.5, 27.9, 10.0),
        Sheet(
            "Letter, 5 x 17", 215.9, 279.4, 5, 17, 32.5, 12.7, 12.7, 31.7, 39.4, 12.7
        ),
        Sheet("roll, one label", 38.0, 13.0, 1, 1, 36.0, 12.0, 1.0, 0.5, 38.0, 13.0),
    )
}


def labels_pdf(codes: Sequence[str], sheet: Sheet, skip: int = 0) -> bytes:
    """A label for each code; `skip` places of the first sheet are used already."""
    labels = [{"code": code, "qr": qr_svg(code)} for code in codes]
    values = {"sheet": asdict(sheet), "skip": skip, "labels": labels}
    return pdf("labs/labels.typ", values)


def qr_svg(code: str) -> str:
    out = io.BytesIO()
    segno.make(code, micro=False, error="m").save(
        out, kind="svg", border=0, xmldecl=False, svgns=True, nl=False
    )
    return out.getvalue().decode()
