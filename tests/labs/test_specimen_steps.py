"""From the vein to the freezer: steps, limits, tubes, places; the lab sees codes."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from accounts.models import Laboratory
from labs import processing, storage
from labs.blood_limits import sentences
from labs.drawing import draw
from labs.labels import SHEETS, labels_pdf
from labs.models import Aliquot, AliquotStep, Box, Specimen, SpecimenStep
from records.models import Event
from tests.cast import Cast
from trial.models import Deviation, Visit

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]
NINE = datetime.combine(
    timezone.localdate() - timedelta(days=1),
    time(9),
    tzinfo=timezone.get_default_timezone(),
)


@pytest.fixture
def blood(visit: Visit, cast: Cast) -> Specimen:
    """Drawn at nine: within the hours of the protocol."""
    return draw(visit, cast.laboratory, at=NINE, code="SBLOOD22")


def handling() -> QuerySet[Deviation]:
    """The deviations of blood, not those of the day of its visit."""
    return Deviation.objects.filter(kind="specimen")


def spun(
    blood: Specimen, cast: Cast, minutes_later: int = 30, **more: object
) -> SpecimenStep:
    values: dict[str, object] = {
        "specimen": blood,
        "kind": "spun",
        "at": NINE + timedelta(minutes=minutes_later),
        "temperature_c": Decimal(4),
        "rpm": 3000,
        "radius_cm": Decimal(10),
        "minutes": 10,
        "recorded_by": cast["lab_scientist"],
    }
    return processing.record_step(SpecimenStep(**(values | more)))


@pytest.fixture
def tube(blood: Specimen, cast: Cast) -> Aliquot:
    spun(blood, cast)
    return processing.split(blood, tubes=2, volume_ul=250)[0]


@pytest.fixture
def box(cast: Cast) -> Box:
    return Box.objects.create(
        laboratory=cast.laboratory, name="Box 1", freezer="F1", rows=2, columns=3
    )


def test_a_spin_says_how_many_g_it_was(blood: Specimen, cast: Cast) -> None:
    assert spun(blood, cast).g == 1006
    assert not handling().exists()


def test_a_display_that_disagrees_with_speed_and_radius_is_refused(
    blood: Specimen, cast: Cast
) -> None:
    step = SpecimenStep(
        specimen=blood,
        kind="spun",
        at=NINE,
        temperature_c=4,
        rpm=3000,
        radius_cm=10,
        minutes=10,
        recorded_by=cast["lab_scientist"],
    )
    with pytest.raises(ValidationError, match="are 1006 g, not 2000 g"):
        processing.record_step(step, g_shown=2000)
    assert processing.record_step(step, g_shown=1000).pk


@pytest.mark.parametrize(
    ("minutes_later", "more", "passed"),
    [
        (60, {}, ""),
        (61, {}, "spin_within_minutes=61"),
        (30, {"minutes": 9}, "spin_minutes=9"),
        (30, {"temperature_c": Decimal(20)}, "cold_celsius=20"),
    ],
)
def test_a_limit_that_was_passed_makes_one_deviation(
    blood: Specimen,
    cast: Cast,
    minutes_later: int,
    more: dict[str, object],
    passed: str,
) -> None:
    step = spun(blood, cast, minutes_later, **more)
    assert step.passed == passed
    assert handling().count() == bool(passed)
    for row in handling():
        assert row.participant == blood.participant
        assert (row.about, row.kind, row.recorded_by) == (step, "specimen", None)


def test_plasma_that_waited_for_the_freezer_is_said_in_words(
    blood: Specimen, cast: Cast
) -> None:
    spun(blood, cast)
    frozen = processing.record_step(
        SpecimenStep(
            specimen=blood,
            kind="frozen",
            at=NINE + timedelta(minutes=75),
            temperature_c=Decimal(-80),
            recorded_by=cast["lab_scientist"],
        )
    )
    assert frozen.passed == "freezer_within_minutes=45"
    assert sentences(blood, frozen.passed) == [
        "minutes from the spin to the freezer: 45 (≥ 0 ≤ 30)"
    ]


def test_blood_drawn_in_the_afternoon_is_a_deviation(visit: Visit, cast: Cast) -> None:
    draw(visit, cast.laboratory, at=NINE + timedelta(hours=6), code="SLATE222")
    assert "hour of the draw: 15" in handling().get().text


def test_a_step_before_the_draw_and_a_step_twice_are_refused(
    blood: Specimen, cast: Cast
) -> None:
    with pytest.raises(ValidationError, match="before the step that comes before"):
        spun(blood, cast, -5)
    spun(blood, cast)
    with pytest.raises(ValidationError, match="recorded before"):
        spun(blood, cast, 40)


def test_a_spin_without_its_centrifuge_is_refused_by_form_and_database(
    blood: Specimen, cast: Cast
) -> None:
    with pytest.raises(ValidationError, match="A spin has its speed"):
        spun(blood, cast, rpm=None)
    spun(blood, cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecimenStep.objects.update(rpm=None)


def test_tubes_are_numbered_after_each_other_and_are_plasma(
    blood: Specimen, cast: Cast
) -> None:
    with pytest.raises(ValidationError, match="Record the spin first"):
        processing.split(blood, tubes=1, volume_ul=250)
    spun(blood, cast)
    processing.split(blood, tubes=2, volume_ul=250)
    processing.split(blood, tubes=1, volume_ul=100)
    codes = blood.aliquots.values_list("code", flat=True)
    assert list(codes) == ["SBLOOD22-1", "SBLOOD22-2", "SBLOOD22-3"]
    with pytest.raises(ValidationError, match="at most 12 tubes"):
        processing.split(blood, tubes=10, volume_ul=100)


def test_a_tube_has_one_place_and_a_place_one_tube(
    tube: Aliquot, box: Box, cast: Cast
) -> None:
    by = cast["lab_scientist"]
    stored = storage.store(tube, box, 1, 3, by=by, at=NINE)
    assert (stored.state, stored.place) == ("stored", "A3")
    other = tube.specimen.aliquots.get(number=2)
    with pytest.raises(ValidationError, match="place in the box is taken"):
        storage.store(other, box, 1, 3, by=by, at=NINE)
    with pytest.raises(ValidationError, match="no such place"):
        storage.store(other, box, 3, 1, by=by, at=NINE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Aliquot.objects.filter(pk=other.pk).update(state="stored")


def test_a_second_thaw_passes_the_limit_and_is_a_deviation(
    tube: Aliquot, box: Box, cast: Cast
) -> None:
    by = cast["lab_scientist"]
    for _time in range(2):
        storage.store(tube, box, 1, 1, by=by, at=NINE)
        thawed = storage.move(tube, "thawed", by=by, at=NINE)
    assert thawed.thaws == 2
    passed = AliquotStep.objects.filter(kind="thawed").values_list("passed", flat=True)
    assert list(passed) == ["", "thaws=2"]
    assert "times thawed: 2" in handling().get().text


def test_a_tube_that_is_used_up_goes_nowhere(tube: Aliquot, cast: Cast) -> None:
    by = cast["lab_scientist"]
    storage.move(tube, "shipped", by=by, at=NINE)
    with pytest.raises(ValidationError, match="on its way: that cannot follow"):
        storage.move(tube, "thawed", by=by, at=NINE)
    storage.move(tube, "received", by=by, at=NINE)
    storage.move(tube, "used_up", by=by, at=NINE)
    with pytest.raises(ValidationError, match="used up: that cannot follow"):
        storage.move(tube, "shipped", by=by, at=NINE)


def test_a_lost_tube_says_how(tube: Aliquot, cast: Cast) -> None:
    by = cast["lab_scientist"]
    with pytest.raises(ValidationError, match="Say how the tube was lost"):
        storage.move(tube, "lost", by=by, at=NINE)
    assert storage.move(tube, "lost", by=by, at=NINE, note="broke").state == "lost"


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_labels_fill_sheets_of_every_size(name: str) -> None:
    codes = [f"SBLOOD22-{n}" for n in range(1, 4)]
    made = labels_pdf(codes, SHEETS[name], skip=SHEETS[name].rows - 1)
    assert made.startswith(b"%PDF-")
    assert made == labels_pdf(codes, SHEETS[name], skip=SHEETS[name].rows - 1)


ACTS = [
    "specimens/SBLOOD22/step/",
    "specimens/SBLOOD22/plasma/",
    "tubes/SBLOOD22-1/move/",
]


@pytest.mark.parametrize("act", ACTS)
def test_only_the_laboratory_handles_its_blood(
    as_: AsPerson, tube: Aliquot, act: str
) -> None:
    before = Event.objects.count()
    assert as_("other_lab_scientist").post(f"/lab/{act}").status_code == 404
    assert as_("data_manager").post(f"/lab/{act}").status_code == 403
    assert as_("lab_scientist").get(f"/lab/{act}").status_code == 405
    assert as_("lab_scientist").post(f"/lab/{act}").status_code == 422
    assert Event.objects.count() == before


def test_the_page_of_a_specimen_records_its_chain(
    as_: AsPerson, blood: Specimen, box: Box
) -> None:
    client = as_("lab_scientist")
    page = f"/lab/specimens/{blood.code}/"
    at = {"at": f"{NINE:%Y-%m-%d} 09:40"}
    centrifuge = {"rpm": "3000", "radius_cm": "10", "minutes": "10", "g_shown": "1006"}
    spin = at | centrifuge | {"kind": "spun", "temperature_c": "4"}
    assert client.post(f"{page}step/", spin).status_code == 302
    assert client.post(f"{page}step/", spin).status_code == 422
    plasma = {"haemolysis": "1", "lipaemia": "0", "tubes": "2", "volume_ul": "250"}
    assert client.post(f"{page}plasma/", plasma).status_code == 302
    stored = at | {"kind": "stored", "box": box.pk, "place": "b2"}
    move = f"/lab/tubes/{blood.code}-1/move/"
    assert client.post(move, stored).status_code == 302
    text = client.get(page).content.decode()
    for words in ("= 1006 g", "slight", "Box 1", "B2", f"{blood.code}-2"):
        assert words in text
    assert blood.participant.subject_id not in text
    labels = client.get(f"{page}labels.pdf?sheet=A4, 5 x 13&skip=2")
    assert labels.headers["Content-Type"] == "application/pdf"
    assert client.get(f"{page}labels.pdf?sheet=none").status_code == 404


def test_a_scanned_code_opens_its_specimen_or_says_that_there_is_none(
    as_: AsPerson, tube: Aliquot
) -> None:
    client = as_("lab_scientist")
    for code in (tube.code, tube.specimen.code.lower()):
        response = client.get("/lab/specimens/", {"code": code})
        assert response.headers["Location"] == f"/lab/specimens/{tube.specimen.code}/"
    missing = client.get("/lab/specimens/", {"code": "SNOBODY2"})
    theirs = as_("other_lab_scientist").get("/lab/specimens/", {"code": tube.code})
    assert missing.status_code == theirs.status_code == 404


@pytest.mark.parametrize("which", ["waiting", "today", "no_plate", "all"])
def test_the_list_shows_codes_and_no_person(
    as_: AsPerson, blood: Specimen, which: str
) -> None:
    text = as_("lab_scientist").get(f"/lab/specimens/?which={which}").content.decode()
    assert (blood.code in text) == (which != "today")
    assert blood.participant.subject_id not in text


def test_a_tube_is_scanned_into_a_free_place(
    as_: AsPerson, tube: Aliquot, box: Box
) -> None:
    client, address = as_("lab_scientist"), f"/lab/boxes/{box.pk}/"
    sent = {"code": tube.code, "place": "B3"}
    assert client.post(address, sent).status_code == 302
    assert tube.code in client.get(address).content.decode()
    wrong = client.post(address, {"code": "SNOBODY2-1", "place": "A1"})
    assert wrong.status_code == 422
    assert "No tube of this laboratory has the code" in wrong.content.decode()
    assert as_("other_lab_scientist").post(address, sent).status_code == 404
    assert as_("data_manager").post(address, sent).status_code == 403


def test_a_box_is_added_once_by_its_name(as_: AsPerson, box: Box) -> None:
    client = as_("lab_scientist")
    sent = {"name": "Box 2", "freezer": "F1", "rows": "9", "columns": "9"}
    assert client.post("/lab/boxes/", sent).status_code == 302
    assert client.post("/lab/boxes/", sent).status_code == 422
    assert Box.objects.count() == 2
    assert Laboratory.objects.count() == 2
