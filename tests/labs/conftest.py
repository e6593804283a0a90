"""A plate read from a small export, with a specimen of the cast's patient on it."""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from labs.drawing import draw
from labs.models import Plate, PlateUpload, Specimen
from labs.plate_import import keep, read_upload
from records.jobs import run
from tests.cast import Cast
from tests.labs.luminex.exports import TITLES, blocks, export, readings
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
