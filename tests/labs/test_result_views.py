"""The table of results: codes for the laboratory, participants for who may see them."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AccessEvent
from labs.control_figures import large
from labs.controls import charts_of, plates_followed
from labs.judging import accept, approve
from labs.models import Plate, Result, Specimen
from tests.cast import Cast
from tests.labs.conftest import upload
from tests.labs.curved import curved_export, net_at

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]


def approved(plate: Plate, cast: Cast) -> None:
    waiting = accept(plate, by=cast["lab_scientist"], reason="looked at")
    approve(waiting, by=cast["second_reader"])


@pytest.fixture
def results(specimen: Specimen, cast: Cast) -> Specimen:
    nets = [net_at(20), net_at(24)]
    approved(upload(curved_export({specimen.code: nets}), cast).plate, cast)
    return specimen


def test_the_value_is_that_of_the_mean_net_on_the_files_own_curve(
    results: Specimen,
) -> None:
    il6 = Result.objects.get(analyte__code="INTLK6")
    assert il6.concentration_pg_ml == pytest.approx(2 * 22, rel=0.01)
    assert il6.duplicates == "wells"
    assert il6.lloq_pg_ml is not None
    assert il6.lloq_pg_ml == pytest.approx(2 * 1000 / 4**6, rel=1e-5)
    assert il6.uloq_pg_ml == pytest.approx(2 * 1000)


def test_the_laboratory_sees_codes_and_never_a_participant(
    as_: AsPerson, results: Specimen
) -> None:
    text = as_("lab_scientist").get("/lab/results/").content.decode()
    assert results.code in text
    assert results.participant.subject_id not in text
    file = as_("lab_scientist").get("/lab/results.csv").content.decode()
    assert results.participant.subject_id not in file
    assert file.splitlines()[0].startswith("\ufeffspecimen,analyte,concentration_pg_ml")


def test_another_laboratory_sees_nothing(as_: AsPerson, results: Specimen) -> None:
    text = as_("other_lab_scientist").get("/lab/results/").content.decode()
    assert results.code not in text


@pytest.mark.parametrize("person", ["data_manager", "statistician"])
def test_participant_and_visit_are_shown_to_who_may_see_them(
    as_: AsPerson, results: Specimen, person: str
) -> None:
    text = as_(person).get("/lab/results/").content.decode()
    assert results.participant.subject_id in text
    lines = as_(person).get("/lab/results.csv").content.decode().splitlines()
    assert lines[0].startswith("\ufeffparticipant,visit,specimen,analyte")
    assert lines[1].startswith(f"{results.participant.subject_id},baseline,")


def test_a_rater_has_no_results(as_: AsPerson, results: Specimen) -> None:
    assert as_("rater").get("/lab/results/").status_code == 403
    assert as_("rater").get("/lab/results.csv").status_code == 403


def test_the_filter_stands_in_the_address(as_: AsPerson, results: Specimen) -> None:
    client = as_("lab_scientist")
    for query, is_there in (("flag=in_range", True), ("flag=above", False)):
        text = client.get(f"/lab/results/?{query}").content.decode()
        assert (results.code in text) is is_there
    lines = client.get("/lab/results.csv?analyte=TNF").content.decode().splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["TNF"]


def test_an_export_is_an_access_event_and_reading_writes_nothing(
    as_: AsPerson, results: Specimen, cast: Cast
) -> None:
    as_("statistician").get("/lab/results/")
    assert not AccessEvent.objects.filter(kind="export").exists()
    as_("statistician").get("/lab/results.csv?flag=in_range")
    event = AccessEvent.objects.get(kind="export")
    assert (event.person, event.what) == (
        cast["statistician"],
        "results.csv flag=in_range",
    )


def test_a_superseded_result_is_not_shown(
    as_: AsPerson, results: Specimen, cast: Cast
) -> None:
    again = curved_export({results.code: [net_at(50), net_at(50)]}, batch="REPEAT")
    approved(upload(again, cast).plate, cast)
    lines = as_("lab_scientist").get("/lab/results.csv").content.decode().splitlines()
    assert len(lines) == 3
    assert all(",REPEAT,2" in line for line in lines[1:])


def test_the_page_of_controls_follows_them_over_the_plates(
    as_: AsPerson, cast: Cast
) -> None:
    assert (
        "No control yet" in as_("lab_scientist").get("/lab/controls/").content.decode()
    )
    for number, control in enumerate((50.0, 52.0, 90.0), 1):
        upload(curved_export(control=control, batch=f"P{number}"), cast)
    text = as_("lab_scientist").get("/lab/controls/?analyte=IL-6").content.decode()
    for number in (1, 2, 3):
        assert f">P{number}</a>" in text
    assert text.count("outside the lot's range") == 1
    assert "own limits are provisional" in text


def test_a_change_of_the_lots_range_is_a_line_in_the_chart(cast: Cast) -> None:
    other = curved_export(batch="P2").replace(b'"35"', b'"36"')
    for content in (curved_export(batch="P1"), other):
        upload(content, cast)
    plates = plates_followed(list(Plate.objects.select_related("upload")))
    chart = charts_of(plates)[0]
    assert [run.new_lot for run in chart.runs] == [False, True]
    lines = large(chart)["series"][2]["markLine"]["data"]
    assert {"xAxis": 1}.items() <= lines[0].items()
