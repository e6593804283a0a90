"""The pages of the laboratory: drop files, look at a plate, judge it."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from labs.judging import accept
from labs.models import Plate, PlateUpload, QualityLimit, Result
from labs.plate_import import keep
from labs.quality import DEFAULTS
from records.models import Event, Job, Signature
from tests.cast import Cast
from tests.labs.conftest import small_export, upload

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
JUDGING = [
    "accept/",
    "reject/",
    "approve/",
    "send-back/",
    "analytes/reject/",
    "wells/C2/exclude/",
]
PASSWORD = "correct horse battery"


def url(plate: Plate, act: str = "") -> str:
    return f"/lab/plates/{plate.pk}/{act}"


def dropped(content: bytes, name: str = "plate.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def signers(cast: Cast, totp: Callable[[User], None]) -> tuple[User, User]:
    """Who accepts, and the second reader."""
    both = cast["lab_scientist"], cast["second_reader"]
    for person in both:
        person.set_password(PASSWORD)
        person.save()
        totp(person)
    return both


def test_dropped_files_are_kept_and_a_worker_is_asked_once_each(
    as_: AsPerson, cast: Cast
) -> None:
    files = [dropped(small_export(), "a.csv"), dropped(b"nothing", "b.csv")]
    response = as_("lab_scientist").post(
        "/lab/upload/", {"laboratory": cast.laboratory.pk, "files": files}
    )
    assert response.headers["Location"] == "/lab/"
    kept = PlateUpload.objects.order_by("file_name")
    assert [row.file_name for row in kept] == ["a.csv", "b.csv"]
    assert {row.uploaded_by for row in kept} == {cast["lab_scientist"]}
    assert Job.objects.count() == 2


def test_the_bell_rings_after_the_commit_and_a_dead_broker_is_no_error(
    as_: AsPerson,
    cast: Cast,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as bells:
        as_("lab_scientist").post(
            "/lab/upload/",
            {"laboratory": cast.laboratory.pk, "files": [dropped(small_export())]},
        )
    assert len(bells) == 1


def test_a_file_seen_before_is_said_to_be(as_: AsPerson, cast: Cast) -> None:
    client = as_("lab_scientist")
    for name in ("first.csv", "second.csv"):
        response = client.post(
            "/lab/upload/",
            {
                "laboratory": cast.laboratory.pk,
                "files": [dropped(small_export(), name)],
            },
            follow=True,
        )
    said = "second.csv has been uploaded before, as first.csv."
    assert said in response.content.decode()
    assert PlateUpload.objects.count() == 1


def test_a_script_gets_what_is_said_of_each_file(as_: AsPerson, cast: Cast) -> None:
    client = as_("lab_scientist")
    answers = [
        client.post(
            "/lab/upload/",
            {
                "laboratory": cast.laboratory.pk,
                "files": [dropped(small_export())],
            },
            headers={"accept": "application/json"},
        ).json()["files"]
        for _time in range(2)
    ]
    assert answers[0] == [["kept", "plate.csv is kept and waits to be read."]]
    assert answers[1][0][0] == "seen"


def test_a_refused_file_says_why_and_its_bytes_can_be_had_back(
    as_: AsPerson, cast: Cast
) -> None:
    row = upload(b"subject,total\r\nGZ-001,30\r\n", cast, name="ratings.csv")
    text = as_("lab_scientist").get("/lab/").content.decode()
    assert "is not a Luminex export" in text
    assert f"/lab/files/{row.pk}/" in text


def test_the_doubts_of_a_file_stand_beside_it_with_their_line(
    as_: AsPerson, cast: Cast
) -> None:
    upload(small_export(specimen="=1+1"), cast)
    text = as_("lab_scientist").get("/lab/").content.decode()
    assert "1 doubt" in text
    assert "It is kept and shown as text; correct the sample" in text


def test_a_reading_that_was_given_up_is_asked_for_again_once(
    as_: AsPerson, cast: Cast
) -> None:
    file = ContentFile(small_export(), name="p.csv")
    row, _new = keep(file, cast.laboratory, by=cast["lab_scientist"])
    client, address = as_("lab_scientist"), f"/lab/files/{row.pk}/again/"
    client.post(address)
    assert Job.objects.count() == 1
    Job.objects.update(
        state="failed", finished_at=timezone.now(), message="Stopped three times."
    )
    text = client.get("/lab/").content.decode()
    assert "Stopped three times." in text
    assert "Read it again" in text
    for _time in range(2):
        assert client.post(address).status_code == 302
    assert Job.objects.filter(state="waiting").count() == 1
    assert as_("other_lab_scientist").post(address).status_code == 404
    assert as_("data_manager").post(address).status_code == 403


def test_no_file_is_said_to_be_none(as_: AsPerson, cast: Cast) -> None:
    response = as_("lab_scientist").post(
        "/lab/upload/", {"laboratory": cast.laboratory.pk}, follow=True
    )
    assert "Choose a file first" in response.content.decode()


@pytest.mark.parametrize("laboratory", ["", "nonsense", "-1", "999999"])
def test_an_unknown_laboratory_is_not_there(
    as_: AsPerson, cast: Cast, laboratory: str
) -> None:
    response = as_("lab_scientist").post(
        "/lab/upload/", {"laboratory": laboratory, "files": [dropped(b"x")]}
    )
    assert response.status_code == 404


def test_nobody_uploads_for_another_laboratory(as_: AsPerson, cast: Cast) -> None:
    response = as_("other_lab_scientist").post(
        "/lab/upload/",
        {"laboratory": cast.laboratory.pk, "files": [dropped(small_export())]},
    )
    assert response.status_code == 404
    assert not PlateUpload.objects.exists()


def test_who_does_not_run_plates_may_not_upload(as_: AsPerson, cast: Cast) -> None:
    response = as_("data_manager").post(
        "/lab/upload/",
        {"laboratory": cast.laboratory.pk, "files": [dropped(small_export())]},
    )
    assert response.status_code == 403


def test_the_list_shows_own_laboratories_only(as_: AsPerson, plate: Plate) -> None:
    assert "plate.csv" in as_("lab_scientist").get("/lab/").content.decode()
    assert "plate.csv" in as_("data_manager").get("/lab/").content.decode()
    other = as_("other_lab_scientist").get("/lab/").content.decode()
    assert "plate.csv" not in other


def test_a_list_that_asks_again_by_itself_gets_its_part_only(
    as_: AsPerson, plate: Plate
) -> None:
    part = as_("lab_scientist").get("/lab/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize(
    "query", ["", "?analyte=TNFa&block=concentration_pg_ml", "?analyte=x&block=y"]
)
def test_the_page_of_a_plate_shows_its_wells_and_what_is_missing(
    as_: AsPerson, plate: Plate, query: str
) -> None:
    text = as_("lab_scientist").get(url(plate) + query).content.decode()
    assert "SABCDEFG" in text
    of_file = as_("lab_scientist").get(url(plate, "file/")).content.decode()
    assert "IL-10" in of_file


def test_accepting_needs_the_password_and_signs(
    as_: AsPerson, plate: Plate, signers: tuple[User, User]
) -> None:
    client = as_("lab_scientist")
    wrong = client.post(url(plate, "accept/"), {"password": "wrong", "reason": "fine"})
    assert wrong.status_code == 422
    assert "That is not your password." in wrong.content.decode()
    assert 'value="fine"' in wrong.content.decode()
    assert not Signature.objects.exists()
    client.post(url(plate, "accept/"), {"password": PASSWORD})
    assert Signature.objects.get().person == signers[0]
    assert not Result.objects.exists()


def test_the_second_reader_approves_and_only_then_there_are_results(
    as_: AsPerson, plate: Plate, signers: tuple[User, User]
) -> None:
    as_("lab_scientist").post(url(plate, "accept/"), {"password": PASSWORD})
    alone = as_("lab_scientist").post(url(plate, "approve/"), {"password": PASSWORD})
    assert alone.status_code == 422
    assert "not the person who accepted" in alone.content.decode()
    reader = as_("second_reader")
    assert "Approve and sign" in reader.get(url(plate, "judge/")).content.decode()
    assert reader.post(url(plate, "approve/"), {"password": "x"}).status_code == 422
    assert not Result.objects.exists()
    for status in (302, 422):
        response = reader.post(url(plate, "approve/"), {"password": PASSWORD})
        assert response.status_code == status
    assert Result.objects.count() == 2
    assert Signature.objects.count() == 2


def test_a_plate_is_sent_back_with_a_reason(
    as_: AsPerson, plate: Plate, signers: tuple[User, User]
) -> None:
    as_("lab_scientist").post(url(plate, "accept/"), {"password": PASSWORD})
    reader = as_("second_reader")
    assert reader.post(url(plate, "send-back/"), {"reason": ""}).status_code == 422
    assert reader.post(url(plate, "send-back/"), {"reason": "C2"}).status_code == 302
    plate.refresh_from_db()
    assert plate.state == "read"


def test_accepting_twice_signs_once(
    as_: AsPerson, plate: Plate, signers: tuple[User, User]
) -> None:
    client = as_("lab_scientist")
    for _time in range(2):
        response = client.post(url(plate, "accept/"), {"password": PASSWORD})
    assert response.status_code == 422
    assert "This plate is judged already" in response.content.decode()
    assert Signature.objects.count() == 1


def test_a_rejected_plate_has_its_reason_and_signature(
    as_: AsPerson, plate: Plate, signers: tuple[User, User]
) -> None:
    client = as_("lab_scientist")
    said = {"reason": "", "password": PASSWORD}
    assert client.post(url(plate, "reject/"), said).status_code == 422
    said["reason"] = "drift"
    assert client.post(url(plate, "reject/"), said).status_code == 302
    plate.refresh_from_db()
    assert (plate.state, plate.judged_reason) == ("rejected", "drift")


def test_an_analyte_is_rejected_with_its_reason(as_: AsPerson, plate: Plate) -> None:
    client = as_("lab_scientist")
    address = url(plate, "analytes/reject/")
    said = {"analyte": "IL-6", "reason": ""}
    assert client.post(address, said).status_code == 422
    assert (
        client.post(address, said | {"analyte": "x", "reason": "y"}).status_code == 404
    )
    assert client.post(address, said | {"reason": "dim"}).status_code == 302
    assert plate.analytes.get(analyte_name="IL-6").rejected_reason == "dim"


def test_a_well_is_left_out_for_one_analyte(as_: AsPerson, plate: Plate) -> None:
    address = url(plate, "wells/C2/exclude/")
    client = as_("lab_scientist")
    said = {"reason": "outlier", "analyte": "none"}
    assert client.post(address, said).status_code == 404
    assert client.post(address, said | {"analyte": "TNFa"}).status_code == 302
    well = plate.wells.get(name="C2")
    assert well.excluded_at is None
    assert well.measurements.get(analyte_name="TNFa").excluded_reason == "outlier"


def test_the_limits_are_set_by_a_form_until_a_plate_is_accepted(
    as_: AsPerson, plate: Plate, cast: Cast
) -> None:
    client = as_("data_manager")
    values = {code: str(value) for code, value in DEFAULTS.items()}
    wrong = client.post("/lab/quality/", values | {"cv_pass": "90"})
    assert wrong.status_code == 422
    assert "above the upper one" in wrong.content.decode()
    assert client.post("/lab/quality/", values | {"cv_pass": "12"}).status_code == 302
    assert QualityLimit.objects.get(code="cv_pass").value == 12
    event = Event.objects.get(table_name="labs_qualitylimit", kind="update")
    assert (event.old, event.person) == ({"value": 15}, cast["data_manager"])
    accept(plate, by=cast["lab_scientist"])
    late = client.post("/lab/quality/", values)
    assert late.status_code == 422
    assert "Limits are fixed" in late.content.decode()


def test_a_well_is_left_out_with_its_reason(
    as_: AsPerson, plate: Plate, cast: Cast
) -> None:
    client = as_("lab_scientist")
    address = url(plate, "wells/C2/exclude/")
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "bubble"}).status_code == 302
    well = plate.wells.get(name="C2")
    assert (well.excluded_reason, well.excluded_by) == ("bubble", cast["lab_scientist"])


def test_a_well_that_the_plate_lacks_is_not_there(as_: AsPerson, plate: Plate) -> None:
    address = url(plate, "wells/H12/exclude/")
    assert as_("lab_scientist").post(address, {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("act", JUDGING)
def test_another_laboratory_finds_nothing(
    as_: AsPerson, plate: Plate, act: str
) -> None:
    client = as_("other_lab_scientist")
    assert client.get(url(plate)).status_code == 404
    assert client.post(url(plate, act), {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("act", JUDGING)
def test_who_may_read_a_plate_may_not_judge_it(
    as_: AsPerson, plate: Plate, act: str
) -> None:
    client = as_("data_manager")
    assert client.get(url(plate)).status_code == 200
    assert client.post(url(plate, act), {"reason": "x"}).status_code == 403
    plate.refresh_from_db()
    assert plate.state == Plate.State.READ


@pytest.mark.parametrize("act", JUDGING)
def test_acts_are_not_read(as_: AsPerson, plate: Plate, act: str) -> None:
    assert as_("lab_scientist").get(url(plate, act)).status_code == 405


def test_reading_a_plate_writes_nothing(as_: AsPerson, plate: Plate) -> None:
    before = Event.objects.count()
    for address in (url(plate), url(plate, "judge/"), "/lab/", "/lab/quality/"):
        assert as_("lab_scientist").get(address).status_code == 200
    assert Event.objects.count() == before
