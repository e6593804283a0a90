"""Kit lots: read from their sheet or from a plate file, and used for a plate."""

import hashlib
import math
from collections.abc import Iterator
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Laboratory, User
from labs.analytes import spelling
from labs.assessing import assess, sample_key
from labs.models import Analyte, KitLot, LotLevel, Plate, PlateAnalyte
from labs.plate_wells import known_analytes
from labs.sheets import Table, read_table

Kind = LotLevel.Kind
TITLES = ("kind", "name", "analyte", "expected_pg_ml", "low_pg_ml", "high_pg_ml")
HEAD = ("kit", "lot", "expires")


def sheet_to_fill(levels: int = 7) -> Table:
    """An empty sheet: a line for each analyte in each standard and control."""
    names = list(Analyte.objects.values_list("name", flat=True))
    rows = [["kit", "HSTCMAG-28SK"], ["lot", ""], ["expires", "2027-12-31"], [*TITLES]]
    for kind, count in (("standard", levels), ("control", 2)):
        for number in range(1, count + 1):
            rows += [
                [kind, f"{kind.title()}{number}", name, "", "", ""] for name in names
            ]
    return rows


@transaction.atomic
def add_lot(file: File[bytes], laboratory: Laboratory, *, by: User) -> KitLot:
    """The lot that a sheet describes: whole, or refused with the row that is wrong."""
    table = read_table(file)
    file.seek(0)
    lot = KitLot(
        laboratory=laboratory,
        kit=fact(table, "kit")[:60],
        number=fact(table, "lot")[:40],
        expires_on=day(fact(table, "expires")),
        source=KitLot.Source.SHEET,
        file_name=(file.name or "")[:200],
        sha256=hashlib.sha256(file.read()).hexdigest(),
        added_by=by,
    )
    lot.full_clean()
    lot.save()
    LotLevel.objects.bulk_create(levels_of(table, lot))
    return lot


def fact(table: Table, name: str) -> str:
    for row in table:
        if row[0].strip().lower() == name:
            return row[1] if len(row) > 1 else ""
    raise ValidationError(
        _("The sheet has no line %(name)s.") % {"name": name}, code="head"
    )


def day(text: str) -> date | None:
    """ISO only: 03/04/2027 could be two days."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as wrong:
        raise ValidationError(
            _("Write the date of expiry as 2027-12-31, not %(text)s.")
            % {"text": text[:20]},
            code="date",
        ) from wrong


def levels_of(table: Table, lot: KitLot) -> Iterator[LotLevel]:
    """A level a row that has a number; rows left empty are no levels."""
    start = next(
        (i for i, row in enumerate(table) if row[0].strip().lower() == "kind"), None
    )
    if start is None:
        raise ValidationError(_("The sheet has no line of titles."), code="titles")
    titles = [cell.strip().lower() for cell in table[start]]
    missing = [title for title in TITLES if title not in titles]
    if missing:
        raise ValidationError(
            _("The sheet lacks the columns %(names)s.") % {"names": ", ".join(missing)},
            code="titles",
        )
    known = known_analytes()
    seen: set[tuple[str, int]] = set()
    for number, row in enumerate(table[start + 1 :], start + 2):
        cells = dict(zip(titles, row, strict=False))
        if not any(cells.get(title) for title in TITLES[3:]):
            continue
        yield level(cells, known, lot, number, seen)
    if not seen:
        raise ValidationError(_("The sheet holds no concentration."), code="empty")


def level(
    cells: dict[str, str],
    known: dict[str, int],
    lot: KitLot,
    number: int,
    seen: set[tuple[str, int]],
) -> LotLevel:
    analyte = known.get(spelling(cells["analyte"]))
    name = sample_key(cells["name"])
    if analyte is None or not name or (name, analyte) in seen:
        raise ValidationError(
            _("Row %(row)s: %(name)s, %(analyte)s is unknown or stands twice.")
            % {
                "row": number,
                "name": cells["name"][:30],
                "analyte": cells["analyte"][:30],
            },
            code="row",
        )
    seen.add((name, analyte))
    three = [amount(cells.get(title, ""), number) for title in TITLES[3:]]
    made = LotLevel(
        lot=lot,
        kind=cells["kind"].strip().lower(),
        name=cells["name"].strip()[:40],
        analyte_id=analyte,
        expected_pg_ml=three[0],
        low_pg_ml=three[1],
        high_pg_ml=three[2],
    )
    try:
        made.full_clean(exclude={"lot", "analyte"}, validate_unique=False)
    except ValidationError as wrong:
        raise ValidationError(
            _("Row %(row)s: %(says)s")
            % {"row": number, "says": " ".join(wrong.messages)},
            code="row",
        ) from wrong
    return made


def amount(text: str, number: int) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValidationError(
            _("Row %(row)s: %(text)s is no number. Use a decimal point.")
            % {"row": number, "text": text[:20]},
            code="number",
        )
    return value


@transaction.atomic
def use_lot(plate: Plate, lot: KitLot) -> None:
    """Judge a plate by the standards and controls of this lot from now on."""
    plate = Plate.objects.select_for_update().get(pk=plate.pk)
    if plate.state != Plate.State.READ:
        raise ValidationError(
            _("This plate is %(state)s already.")
            % {"state": plate.get_state_display()},
            code="judged",
        )
    if lot.laboratory_id != plate.laboratory_id:
        raise ValidationError(_("This lot belongs to another laboratory."))
    plate.lot = lot
    plate.save(update_fields=["lot"])
    rows = list(plate.analytes.exclude(analyte=None))
    for row in rows:
        own = [one for one in lot.levels.all() if one.analyte_id == row.analyte_id]
        row.standards = {
            sample_key(one.name): one.expected_pg_ml
            for one in own
            if one.kind == Kind.STANDARD
        }
        row.controls = {
            sample_key(one.name): [one.low_pg_ml, one.high_pg_ml]
            for one in own
            if one.kind == Kind.CONTROL
        }
    PlateAnalyte.objects.bulk_update(rows, ["standards", "controls"])
    assess(plate)


@transaction.atomic
def lot_of_file(plate: Plate, *, kit: str, number: str, by: User) -> KitLot:
    """Enter the lot that a plate file describes, so that other plates can use it."""
    lot = KitLot(
        laboratory_id=plate.laboratory_id,
        kit=kit.strip()[:60],
        number=number.strip()[:40],
        source=KitLot.Source.FILE,
        file_name=plate.upload.file_name,
        sha256=plate.upload.sha256,
        added_by=by,
    )
    lot.full_clean()
    lot.save()
    made = [
        one
        for row in plate.analytes.exclude(analyte=None)
        for one in levels_of_file(row, lot)
    ]
    if not made:
        raise ValidationError(_("The file describes no standard."), code="empty")
    LotLevel.objects.bulk_create(made)
    return lot


def levels_of_file(row: PlateAnalyte, lot: KitLot) -> Iterator[LotLevel]:
    assert row.analyte_id is not None
    for name, expected in row.standards.items():
        yield LotLevel(
            lot=lot,
            kind=Kind.STANDARD,
            name=name[:40],
            analyte_id=row.analyte_id,
            expected_pg_ml=expected,
        )
    for name, (low, high) in row.controls.items():
        yield LotLevel(
            lot=lot,
            kind=Kind.CONTROL,
            name=name[:40],
            analyte_id=row.analyte_id,
            low_pg_ml=low,
            high_pg_ml=high,
        )
