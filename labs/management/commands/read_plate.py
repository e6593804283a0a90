"""`manage.py read_plate FILE [--json]`: what a Luminex export says, at a terminal."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from labs.luminex import PlateFile, PlateFileError, read_plate
from labs.luminex.as_json import plate_as_json

REFUSED = 2


class Command(BaseCommand):
    """Prints one plate; a refused file leaves its reason on stderr and exits 2."""

    help = "Read a plate file of a Luminex instrument; needs no database."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="every cell, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plate = read_plate(options["file"])
        except (PlateFileError, OSError) as error:
            self.stderr.write(str(error))
            raise SystemExit(REFUSED) from error
        if options["json"]:
            text = json.dumps(plate_as_json(plate), ensure_ascii=True, allow_nan=False)
        else:
            text = "\n".join(summary(plate))
        self.stdout.write(text)


def summary(plate: PlateFile) -> list[str]:
    """A plate in a few lines for a person: what it is, its size, and every doubt."""
    started = plate.acquired_at.isoformat(" ") if plate.acquired_at else "unknown"
    facts = {
        "Software": " ".join(filter(None, (plate.software, plate.build))),
        "Instrument": " ".join(filter(None, (plate.instrument, plate.serial_number))),
        "Batch": plate.batch,
        "Protocol": plate.protocol,
        "Started": started,
        "Wells": f"{len(plate.wells)}, {plate.wells[0]} to {plate.wells[-1]}",
        "Analytes": ", ".join(plate.analytes),
        "Blocks": ", ".join(plate.blocks),
        "Checksum": plate.checksum,
        "SHA-256": plate.sha256,
    }
    return [
        *(f"{title}: {value or 'not in the file'}" for title, value in facts.items()),
        *(
            f"Warning{f' (line {warning.line})' if warning.line else ''}: "
            f"{warning.message}"
            for warning in plate.warnings
        ),
    ]
