"""The plates of the demo: uploaded, read, judged by the laboratory's scientist."""

from datetime import timedelta

from django.core.files.base import ContentFile

from accounts.roles import Role
from demo.cohort import SEED
from demo.people import LABORATORY, Cast
from demo.plates import PlateExport
from desk.layouts import strata_of
from labs import layouts
from labs.judging import accept, approve, exclude_well
from labs.models import Plate
from labs.plate_import import keep, read_upload
from records import jobs
from records.context import acting

_SEEN = "Controls and standards looked at; what is flagged is explained by noise."
_DRY = "No liquid in the well: not one bead was counted."


def lay_out(cast: Cast) -> None:
    """The tubes of those under way, on the plate to come."""
    scientist = cast.who(Role.LAB_SCIENTIST, LABORATORY)
    waiting = layouts.waiting(cast.laboratory).values_list("participant", flat=True)
    with acting(person=scientist.pk, role=Role.LAB_SCIENTIST.value):
        layouts.make(
            cast.laboratory,
            name="next-plate",
            seed=SEED,
            strata=strata_of(waiting),
            by=scientist,
        )


def enter_plate(export: PlateExport, cast: Cast) -> None:
    """From the file to results, on the afternoon of the run."""
    scientist = cast.who(Role.LAB_SCIENTIST, LABORATORY)
    file = ContentFile(export.content, export.name)
    uploaded_at = export.started_at + timedelta(hours=2)
    with acting(person=scientist.pk, role=Role.LAB_SCIENTIST.value):
        upload, _new = keep(file, cast.laboratory, by=scientist, at=uploaded_at)
        assert upload.job is not None
        jobs.run(upload.job.pk, read_upload)
        plate = Plate.objects.get(upload=upload)
        judged_at = uploaded_at + timedelta(minutes=30)
        wells = plate.wells.filter(measurements__bead_count=0).distinct()
        for well in wells:
            exclude_well(plate, well.name, reason=_DRY, by=scientist, at=judged_at)
        accept(plate, by=scientist, at=judged_at + timedelta(minutes=5), reason=_SEEN)
    reader = cast.second_reader
    with acting(person=reader.pk, role=Role.LAB_SCIENTIST.value):
        approve(plate, by=reader, at=judged_at + timedelta(hours=18))
