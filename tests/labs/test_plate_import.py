"""A dropped file becomes one plate, whole, or a reason; once, however often tried."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from labs.luminex import PlateFile
from labs.models import Measurement, Plate, PlateUpload, Specimen, Well
from labs.plate_import import READ, keep, read_upload
from records.jobs import run, take
from records.models import Event, Job
from tests.cast import Cast
from tests.labs.conftest import small_export, upload

pytestmark = pytest.mark.django_db


def test_a_file_becomes_a_plate_with_its_wells_and_measurements(
    plate: Plate, specimen: Specimen
) -> None:
    assert (plate.batch, plate.checksum, plate.state) == ("PLATE_01", "matches", "read")
    wells = {well.name: well for well in plate.wells.all()}
    assert {name: well.role for name, well in wells.items()} == {
        "A1": "standard",
        "B1": "standard",
        "C1": "control",
        "A2": "control",
        "B2": "unknown",
        "C2": "unknown",
    }
    assert wells["B2"].specimen == wells["C2"].specimen == specimen
    assert Measurement.objects.filter(well__plate=plate).count() == 12


def test_a_bound_is_kept_as_a_bound_and_never_as_a_number(plate: Plate) -> None:
    il6, tnf = Measurement.objects.filter(well__name="B2").order_by("analyte_name")
    assert (il6.analyte_name, il6.concentration_pg_ml, il6.range_flag) == (
        "IL-6",
        8.5,
        "in_range",
    )
    assert (tnf.concentration_pg_ml, tnf.printed_bound_pg_ml, tnf.range_flag) == (
        None,
        1.25,
        "below",
    )
    assert tnf.analyte is not None
    assert tnf.analyte.code == "TNF"


def test_the_bytes_are_kept_as_they_came(plate: Plate, specimen: Specimen) -> None:
    with plate.upload.file.open("rb") as kept:
        assert kept.read() == small_export(specimen=specimen.code)


def test_a_file_that_is_no_plate_is_refused_with_its_reason(cast: Cast) -> None:
    kept = upload(b"subject,total\nGZ-001,30\n", cast, name="ratings.csv")
    assert kept.state == PlateUpload.State.REFUSED
    assert kept.refusal
    assert kept.job is not None
    assert (kept.job.state, kept.job.message) == (Job.State.DONE, kept.refusal)
    assert not Plate.objects.exists()


def test_an_empty_file_is_refused_with_its_reason(cast: Cast) -> None:
    assert upload(b"", cast).refusal


def test_the_same_bytes_are_one_upload_whatever_they_are_called(cast: Cast) -> None:
    first = upload(small_export(), cast)
    again, is_new = keep(
        ContentFile(small_export(), name="copy.csv"),
        cast.laboratory,
        by=cast["lab_scientist"],
    )
    assert (again, is_new) == (first, False)
    assert Job.objects.count() == Plate.objects.count() == 1


def test_a_file_larger_than_allowed_is_refused_before_it_is_kept(
    cast: Cast, settings: Settings
) -> None:
    settings.MAX_PLATE_FILE_BYTES = 10
    with pytest.raises(ValidationError, match="larger than"):
        upload(small_export(), cast)
    assert not PlateUpload.objects.exists()


def test_a_folder_in_a_name_is_no_part_of_it(cast: Cast) -> None:
    assert upload(small_export(), cast, name="../../etc/p.csv").file_name == "p.csv"


def test_a_job_of_a_killed_worker_is_done_once_by_the_next(cast: Cast) -> None:
    kept, _new = keep(
        ContentFile(small_export(), name="p.csv"),
        cast.laboratory,
        by=cast["lab_scientist"],
    )
    assert kept.job is not None
    assert take(kept.job.pk) is not None  # and the worker is killed here
    run(kept.job.pk, read_upload)
    assert not Plate.objects.exists()
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=kept.job.pk).update(leased_until=past)
    run(kept.job.pk, read_upload)
    run(kept.job.pk, read_upload)
    assert Plate.objects.count() == 1
    job = Job.objects.get()
    assert (job.kind, job.state, job.attempts) == (READ, Job.State.DONE, 2)


def test_a_worker_that_dies_in_the_middle_leaves_nothing_of_the_plate(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, _new = keep(
        ContentFile(small_export(), name="p.csv"),
        cast.laboratory,
        by=cast["lab_scientist"],
    )

    def killed(wells: list[Well], plate: PlateFile) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("labs.plate_import.measurements_of", killed)
        assert kept.job is not None
        with pytest.raises(SystemExit):
            run(kept.job.pk, read_upload)
    assert not Plate.objects.exists()
    assert not Well.objects.exists()
    assert Job.objects.get().state == Job.State.RUNNING


def test_the_events_of_a_read_plate_name_the_job(plate: Plate) -> None:
    event = Event.objects.get(table_name="labs_plate", kind="insert")
    assert event.task == f"{READ} {plate.upload.job_id}"
    assert event.person_id == plate.upload.uploaded_by_id


def test_refused_without_a_reason_is_refused_by_the_form_and_by_the_database(
    plate: Plate,
) -> None:
    row = plate.upload
    row.state = PlateUpload.State.REFUSED
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
