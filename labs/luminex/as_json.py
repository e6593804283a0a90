"""A plate as plain values, for JSON: the shape that `manage.py read_plate` prints."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from labs.luminex.plate import Cell, PlateFile, VendorCurve


def plate_as_json(plate: PlateFile) -> dict[str, Any]:
    """The fields of a plate by name, made of str, float, None, list and dict only.

    `blocks` lists the names; `cells` holds block -> well or sample -> column -> [text,
    value, qualifier] for the blocks whose rows are wells or samples.
    """
    return {
        "software": plate.software,
        "build": plate.build,
        "instrument": plate.instrument,
        "serial_number": plate.serial_number,
        "batch": plate.batch,
        "protocol": plate.protocol,
        "acquired_at": plate.acquired_at.isoformat() if plate.acquired_at else None,
        "analytes": list(plate.analytes),
        "wells": list(plate.wells),
        "descriptions": dict(plate.descriptions),
        "types": dict(plate.types),
        "blocks": list(plate.blocks),
        "cells": {
            name: _cells_of(plate, name)
            for name, block in plate.blocks.items()
            if block.kind != "table"
        },
        "standards": _listed(plate.standards),
        "controls": _listed(plate.controls),
        "curves": {name: _curve(curve) for name, curve in plate.curves.items()},
        "warnings": _listed(plate.warnings),
        "checksum": plate.checksum,
        "sha256": plate.sha256,
    }


def _cells_of(plate: PlateFile, name: str) -> dict[str, dict[str, list[Any]]]:
    block = plate.blocks[name]
    return {
        row: {title: _cell(plate.cell(name, row, title)) for title in block.columns[1:]}
        for row in plate.rows_of(name)
    }


def _cell(cell: Cell) -> list[Any]:
    return [cell.text, cell.value, cell.qualifier]


def _curve(curve: VendorCurve) -> dict[str, Any]:
    return {
        "equation": curve.equation,
        "coefficients": dict(curve.coefficients),
        "weighting": curve.weighting,
        "lloq": curve.lloq,
        "uloq": curve.uloq,
        "r_squared": curve.r_squared,
    }


def _listed(items: Iterable[Any]) -> list[dict[str, Any]]:
    return [asdict(item) for item in items]
