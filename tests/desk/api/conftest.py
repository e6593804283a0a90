"""A plate with one accepted result, for the lists of the laboratory."""

import pytest
from django.utils import timezone

from labs.drawing import draw
from labs.judging import accept, approve
from labs.models import Analyte, Measurement, Plate, PlateAnalyte, PlateUpload, Well
from tests.cast import Cast
from trial.models import Visit


@pytest.fixture
def accepted(visit: Visit, cast: Cast) -> int:
    """The id of an accepted plate: IL-6 of the visit's blood is 1.5 pg/mL."""
    person = cast["lab_scientist"]
    specimen = draw(visit, cast.laboratory, at=timezone.now(), code="SABC")
    upload = PlateUpload.objects.create(
        laboratory=cast.laboratory,
        file="plates/none",
        file_name="plate.csv",
        sha256="0" * 64,
        size_bytes=1,
        uploaded_by=person,
        state="read",
    )
    plate = Plate.objects.create(
        upload=upload, laboratory=cast.laboratory, checksum="matches"
    )
    well = Well.objects.create(
        plate=plate, name="A1", role="unknown", specimen=specimen
        matched_by="file",
    )
    Measurement.objects.create(
        well=well,
        analyte_name="IL-6",
        analyte=Analyte.objects.get(code="INTLK6"),
        concentration_text="1.5",
        concentration_pg_ml=1.5,
        range_flag="in_range",
    )
    PlateAnalyte.objects.create(
        plate=plate,
        analyte_name="IL-6",
        analyte=Analyte.objects.get(code="INTLK6"),
        curve_from="none",
        verdict="flag",
    )
    approve(accept(plate, by=person), by=cast["second_reader"])
    return plate.pk
