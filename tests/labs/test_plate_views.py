"""The pages of the laboratory: drop files, look at a plate, judge it."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from labs.models import Plate, PlateUpload, Result
from records.models import Event, Job, Signature
from tests.cast import Cast
from tests.labs.conftest import small_export

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
JUDGING = ["accept/", "reject/", "wells/C2/exclude/"]


def url(plate: Plate, act: str = "") -> str:
    return f"/lab/plates/{plate.pk}/{act}"


def dropped(content: bytes, name: str = "plate.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def signer(cast: Cast, totp: Callable[[User], None]) -> User:
    person = cast["lab_scientist"]
    person.set_password("correct horse battery")
    person.save()
    totp(person)
    return person


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
    assert "IL-10" in text


def test_accepting_needs_the_password_and_signs(
    as_: AsPerson, plate: Plate, signer: User
) -> None:
    client = as_("lab_scientist")
    wrong = client.post(url(plate, "accept/"), {"password": "wrong"})
    assert wrong.status_code == 422
    assert "That is not your password." in wrong.content.decode()
    assert not Result.objects.exists()
    client.post(url(plate, "accept/"), {"password": "correct horse battery"})
    assert Result.objects.count() == 2
    assert Signature.objects.get().person == signer


def test_accepting_twice_makes_no_second_result(
    as_: AsPerson, plate: Plate, signer: User
) -> None:
    client = as_("lab_scientist")
    for _time in range(2):
        response = client.post(
            url(plate, "accept/"), {"password": "correct horse battery"}
        )
    assert response.status_code == 422
    assert "This plate is accepted already." in response.content.decode()
    assert Result.objects.count() == 2
    assert Signature.objects.count() == 1


def test_a_rejected_plate_has_its_reason(as_: AsPerson, plate: Plate) -> None:
    client = as_("lab_scientist")
    assert client.post(url(plate, "reject/"), {"reason": ""}).status_code == 422
    assert client.post(url(plate, "reject/"), {"reason": "drift"}).status_code == 302
    plate.refresh_from_db()
    assert (plate.state, plate.judged_reason) == ("rejected", "drift")


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
    as_("lab_scientist").get(url(plate))
    as_("lab_scientist").get("/lab/")
    assert Event.objects.count() == before
