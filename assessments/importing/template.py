"""The empty files that people fill in: heads, and notes on what each column takes."""

import io

from django.utils.translation import gettext as _
from openpyxl import Workbook

from assessments.importing.checking import HEADS
from assessments.instruments import Instrument
from assessments.models import Answer


def heads_of(instrument: Instrument) -> list[str]:
    return [*HEADS, *(item.code for item in instrument.items)]


def csv_template(instrument: Instrument) -> bytes:
    """The heads alone, with the mark by which spreadsheets know UTF-8."""
    return (",".join(heads_of(instrument)) + "\r\n").encode("utf-8-sig")


def xlsx_template(instrument: Instrument) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = instrument.code
    sheet.append(heads_of(instrument))
    notes = book.create_sheet("notes")
    for line in notes_of(instrument):
        notes.append(line)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def notes_of(instrument: Instrument) -> list[tuple[str, str, str]]:
    reasons = _("or why it is missing: %(reasons)s") % {
        "reasons": ", ".join(Answer.Missing.values)
    }
    return [
        ("participant", _("code of the participant"), ""),
        ("visit", _("code of the visit, such as baseline"), ""),
        ("rated at", _("local date and time, like 2026-03-09 14:30"), ""),
        ("rater", _("user name of who rated"), ""),
        *(
            (item.code, f"{_(item.name)}: {item.allowed.said(_)}", reasons)
            for item in instrument.items
        ),
    ]
