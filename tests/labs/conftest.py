"""A plate read from a small export, with a specimen of the cast's patient on it."""

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from labs.curves.equation import response_at
from labs.drawing import draw
from labs.models import Plate, PlateUpload, Specimen
from labs.plate_import import keep, read_upload
from records.jobs import run
from tests.cast import Cast
from tests.labs.luminex.exports import (
    ANALYTES,
    HEAD,
    TITLES,
    blocks,
    export,
    readings,
)
from trial.models import Visit


def small_export(*, specimen: str = "S5", offset: float = 0) -> bytes:
    """Two standards, two controls and, in B2 and C2, one specimen in duplicate."""
    names = ["Standard1", "Standard2", "Control1", "Control2", specimen, specimen]
    parts = blocks()
    for name in ("Median", "Net MFI", "Count"):
        titles, *rows = parts[name]
        parts[name] = [
            titles,
            *([r[0], n, *r[2:]] for r, n in zip(rows, names, strict=True)),
        ]
    values = readings(offset)
    values[4][2:4], values[5][2:4] = ["8.5", "< 1.25"], ["9.5", "< 1.25"]
    parts["Result"] = [
        TITLES,
        *([r[0], n, *r[2:]] for r, n in zip(values, names, strict=True)),
    ]
    return export(parts)


def upload(content: bytes, cast: Cast, *, name: str = "plate.csv") -> PlateUpload:
    """What the worker does with a dropped file, here and now."""
    file = ContentFile(content, name=name)
    kept, _new = keep(file, cast.laboratory, by=cast["lab_scientist"])
    assert kept.job is not None
    run(kept.job.pk, read_upload)
    kept.refresh_from_db()
    return kept


@pytest.fixture
def specimen(visit: Visit, cast: Cast) -> Specimen:
    return draw(visit, cast.laboratory, at=timezone.now(), code="SABCDEFG")


@pytest.fixture
def plate(specimen: Specimen, cast: Cast) -> Plate:
    return upload(small_export(specimen=specimen.code), cast).plate


CURVE = {"A": 2.0, "B": 20_000.0, "C": 4000.0, "D": -1.1, "F": 1.0}
LEVELS = [4000.0 / 4**step for step in range(7)]


def curve_export(*specimens: str, name: str = "PLATE_C") -> bytes:
    """Two analytes on seven standards, a control and specimens, each in duplicate.

    The first analyte lies on CURVE, which the file prints; the second has no standard.
    """
    held = [(f"Standard{i}", x) for i, x in enumerate(LEVELS, 1)]
    held += [("Control1", 100.0), *((code, 50.0) for code in specimens)]
    wells = [(text, x, side) for text, x in held for side in (0, 1)]
    names = [f"{'ABCDEFGH'[i % 8]}{1 + i // 8}" for i in range(len(wells))]
    found = {"Median": [TITLES], "Net MFI": [TITLES], "Count": [TITLES]}
    found["Result"] = [TITLES]
    for place, (well, (text, x, side)) in enumerate(zip(names, wells, strict=True), 1):
        net = float(response_at(CURVE, np.array(x))) * (1 + 0.02 * side)
        where = [f"{place}(1,{well})", text]
        found["Median"].append([*where, f"{net + 20:.2f}", "50", "200"])
        found["Net MFI"].append([*where, f"{net:.2f}", "30", "200"])
        found["Count"].append([*where, "60", "70", "200"])
        found["Result"].append([*where, f"{x * (1 + 0.02 * side):.3f}", "5", "200"])
    found["Units"] = [["Analyte:", *ANALYTES], ["Units:", "pg/mL", "pg/mL"]]
    found["Standard Expected Concentration"] = [
        ["Reagent", *ANALYTES],
        *([f"Standard{i}", f"{x}", ""] for i, x in enumerate(LEVELS, 1)),
    ]
    for title, value in (("Expected Concentration", 100), ("Range - Low", 70)):
        found[f"Control {title}"] = [
            ["Reagent", *ANALYTES],
            ["Control1", f"{value}", ""],
        ]
    found["Control Range - High"] = [["Reagent", *ANALYTES], ["Control1", "130", ""]]
    kinds = ["AnalysisType", "Logistic 5P", "Logistic 5P"]
    found["Analysis Types"] = [["Analyte:", *ANALYTES], kinds]
    found["Analysis Coefficients"] = [
        ["Analyte:", *ANALYTES],
        *([f"Coefficient {k}", f"{v}", ""] for k, v in CURVE.items()),
    ]
    return export(found, HEAD | {"Batch": (name,)})


@pytest.fixture
def curve_plate(specimen: Specimen, cast: Cast) -> Plate:
    return upload(curve_export(specimen.code), cast).plate
