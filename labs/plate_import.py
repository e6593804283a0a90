"""From the file that a person drops to a plate that a person judges."""

import gzip
import hashlib
import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Laboratory, User
from labs.assessing import add_analytes
from labs.luminex import PlateFile, PlateFileError, read_plate
from labs.luminex.as_json import plate_as_json
from labs.models import Measurement, Plate, PlateUpload, Well
from labs.plate_wells import measurements_of, wells_of
from labs.tubes import tubes_named
from records import jobs
from records.models import Job

READ = "labs.tasks.read_upload"


@transaction.atomic
def keep(
    file: File[bytes],
    laboratory: Laboratory,
    *,
    by: User,
    at: datetime | None = None,
) -> tuple[PlateUpload, bool]:
    """Keep a file byte for byte and ask a worker to read it.

    A file with the same bytes is recognised: its first upload is given, and False.
    Of two people who send the same bytes at once the second waits at the constraint
    until the first has committed, and then finds that upload.
    """
    if (file.size or 0) > settings.MAX_PLATE_FILE_BYTES:
        raise ValidationError(
            _("%(file)s is larger than 64 MB. An export of one plate is smaller.")
            % {"file": file.name}
        )
    sha256 = sha256_of(file)
    seen = PlateUpload.objects.filter(laboratory=laboratory, sha256=sha256)
    if first := seen.first():
        return first, False
    upload = PlateUpload(
        laboratory=laboratory,
        file_name=Path(file.name or "plate").name[:200],
        sha256=sha256,
        size_bytes=file.size or 0,
        uploaded_by=by,
        uploaded_at=at or timezone.now(),
    )
    file.seek(0)
    upload.file.save(sha256, file, save=False)
    try:
        with transaction.atomic():
            upload.save()
    except IntegrityError:
        upload.file.delete(save=False)
        return seen.get(), False
    ask_for_reading(upload, by=by)
    return upload, True


def sha256_of(file: File[bytes]) -> str:
    """Of the bytes as they came, a chunk at a time."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def ask_for_reading(upload: PlateUpload, *, by: User) -> None:
    upload.job = jobs.enqueue(READ, upload.pk, by=by)
    upload.save(update_fields=["job"])


@transaction.atomic
def read_again(upload: PlateUpload, *, by: User) -> bool:
    """Ask once more where the reading failed; False where there is nothing to ask."""
    upload = PlateUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    job = upload.job
    if upload.state != PlateUpload.State.WAITING:
        return False
    if job is not None and job.state != Job.State.FAILED:
        return False
    ask_for_reading(upload, by=by)
    return True


def read_upload(job: Job) -> str:
    """Read the kept bytes: one plate, whole, or the reason why there is none."""
    upload = PlateUpload.objects.select_for_update().get(pk=job.argument)
    if upload.state != PlateUpload.State.WAITING:
        return _("Read before.")
    try:
        with upload.file.open("rb") as kept:
            plate = read_kept(kept)
    except PlateFileError as refusal:
        upload.state, upload.refusal = PlateUpload.State.REFUSED, str(refusal)[:600]
        upload.save(update_fields=["state", "refusal"])
        return str(refusal)
    write_plate(upload, plate)
    return _("%(wells)s wells, %(analytes)s analytes.") % {
        "wells": len(plate.wells),
        "analytes": len(plate.analytes),
    }


def read_kept(kept: IO[bytes]) -> PlateFile:
    """Readers want a path; the storage may be on another machine."""
    with tempfile.NamedTemporaryFile() as copy:
        for chunk in iter(lambda: kept.read(1 << 20), b""):
            copy.write(chunk)
        copy.flush()
        return read_plate(copy.name)


def write_plate(upload: PlateUpload, plate: PlateFile) -> Plate:
    """The plate, its wells and its measurements: all of them, in one transaction."""
    acquired_at = plate.acquired_at
    row = Plate.objects.create(
        upload=upload,
        laboratory_id=upload.laboratory_id,
        batch=(plate.batch or "")[:200],
        software=" ".join(filter(None, (plate.software, plate.build)))[:60],
        instrument=(plate.instrument or "")[:60],
        serial_number=(plate.serial_number or "")[:60],
        acquired_at=acquired_at and timezone.make_aware(acquired_at),
        checksum=plate.checksum,
        warnings=[
            {"code": w.code, "message": w.message, "line": w.line}
            for w in plate.warnings
        ],
    )
    tubes = tubes_named(plate.descriptions.values(), upload.laboratory_id)
    wells = wells_of(row, plate, tubes)
    Well.objects.bulk_create(wells)
    Measurement.objects.bulk_create(measurements_of(wells, plate), batch_size=2000)
    add_analytes(row, plate)
    keep_reading(upload, plate)
    upload.state = PlateUpload.State.READ
    upload.save(update_fields=["state", "reading", "reading_sha256"])
    return row


def keep_reading(upload: PlateUpload, plate: PlateFile) -> None:
    """What the reader saw, beside the bytes that it saw it in.

    The name says what is inside, so that a second try of a killed worker writes the
    same bytes under the same name or beside it, never others.
    """
    text = json.dumps(plate_as_json(plate), ensure_ascii=False, separators=(",", ":"))
    packed = gzip.compress(text.encode(), compresslevel=1, mtime=0)
    upload.reading_sha256 = hashlib.sha256(packed).hexdigest()
    name = f"{upload.reading_sha256}.json.gz"
    upload.reading.save(name, ContentFile(packed), save=False)
