"""The reader's warnings as a lab person needs them: what it means, what to do next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

_CHECK_SOURCE = _("Compare with the instrument; export the batch again if in doubt.")

# Code of `labs.luminex` -> what it means, what to do.
DOUBTS: Mapping[str, tuple[Any, Any]] = {
    "line_ends_changed": (
        _("The line ends were changed after the export."),
        _("Nothing to do; export without opening the file in an editor."),
    ),
    "resaved_by_spreadsheet": (
        _("The file was saved again by a spreadsheet program."),
        _("Use the original export: a spreadsheet can turn names into dates."),
    ),
    "checksum_differs": (
        _("The checksum in the file is not that of its bytes: it was edited."),
        _("Ask who edited it and export the batch again; accept only with a reason."),
    ),
    "truncated": (
        _("The file ends before its end."),
        _("Export the batch again and upload that file too."),
    ),
    "missing_block": (
        _("The file has no bead counts."),
        _("Export again with Count ticked: without it no well can be judged."),
    ),
    "missing_well": (
        _("Some blocks of the file lack wells that others have, or add some."),
        _CHECK_SOURCE,
    ),
    "duplicate_well": (
        _("A well stands twice with the same numbers; one was kept."),
        _("Nothing to do."),
    ),
    "wells_out_of_order": (
        _("The wells stand in no order; they were matched by their names."),
        _("Check the match of each well before you accept."),
    ),
    "ambiguous_date": (
        _("Day and month of the date cannot be told apart."),
        _("The plate has no time of reading; write the date into the reason."),
    ),
    "decimal_comma": (
        _("Numbers are written with a decimal comma and were read so."),
        _("Nothing to do; compare one number with the instrument."),
    ),
    "unknown_encoding": (
        _("The characters are not UTF-8; they were read as Windows-1252."),
        _("Look at the names of samples and analytes for wrong letters."),
    ),
    "well_off_plate": (
        _("A well is named that no plate has."),
        _("It lies beside the picture; find out which well was meant."),
    ),
    "formula_text": (
        _("A cell looks like a formula of a spreadsheet."),
        _("It is kept and shown as text; correct the sample's name at the source."),
    ),
    "unreadable_value": (
        _("A median or count is no number."),
        _CHECK_SOURCE,
    ),
    "standards_not_in_series": (
        _("The standards of an analyte do not fall or rise steadily."),
        _("Compare with the lot sheet; a spreadsheet may have lost a decimal point."),
    ),
}


@dataclass(frozen=True)
class Doubt:
    """`detail` is the reader's own sentence, `line` the first line concerned."""

    code: str
    means: str
    next_step: str
    detail: str
    line: int | None


def told(warnings: Iterable[Mapping[str, Any]]) -> list[Doubt]:
    """The stored warnings of a plate in the reader's language, in the file's order."""
    found = []
    for warning in warnings:
        means, next_step = DOUBTS.get(warning["code"], (warning["message"], ""))
        found.append(
            Doubt(
                warning["code"],
                str(means),
                str(next_step),
                warning["message"],
                warning.get("line"),
            )
        )
    return found
