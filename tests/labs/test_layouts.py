"""Layouts as rows and pages: made blind, printed, exported, compared with the run."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import AccessEvent
from desk.layouts import strata_of
from labs.drawing import draw
from labs.layouts import make, runs_of, waiting
from labs.models import Layout, Specimen
from tests.cast import Cast, enrolled
from tests.labs.conftest import upload
from tests.labs.luminex.exports import blocks, export

pytestmark = pytest.mark.django_db
AsPerson = Callable[[str], Client]


@pytest.fixture
def layout(specimen: Specimen, cast: Cast) -> Layout:
    other = enrolled(cast, first_infusion_in_days=0).visits.get(visit_type="baseline")
    draw(other, cast.laboratory, at=timezone.now(), code="SZZZZZZZ")
    person = cast["lab_scientist"]
    return make(cast.laboratory, name="first", seed=4, strata={}, by=person)


def run_as(layout: Layout, swap: dict[str, str]) -> bytes:
    """An export of the layout's one plate, with samples at other wells by `swap`."""
    planned = dict(layout.wells.values_list("well", "sample"))
    titles = ["Location", "Sample", "IL-6", "Total Events"]
    rows = [
        [f"{i}(1,{well})", planned[swap.get(well, well)], str(10 + i), "200"]
        for i, well in enumerate(planned, 1)
    ]
    parts = blocks() | {name: [titles, *rows] for name in ("Median", "Count")}
    return export({"Median": parts["Median"], "Count": parts["Count"]})


def test_a_layout_takes_what_waits_and_once(layout: Layout, cast: Cast) -> None:
    assert layout.wells.count() == 22 + 4
    assert not waiting(cast.laboratory).exists()
    with pytest.raises(ValidationError, match="No specimen waits"):
        make(cast.laboratory, name="x", seed=1, strata={}, by=cast["lab_scientist"])


def test_a_run_as_laid_out_has_no_difference(layout: Layout, cast: Cast) -> None:
    (before,) = runs_of(layout)
    assert (before.plate, before.differences) == (None, ())
    upload(run_as(layout, {}), cast)
    (run,) = runs_of(layout)
    assert run.plate is not None
    assert run.differences == ()


def test_two_swapped_specimens_are_pointed_at(
    layout: Layout, cast: Cast, as_: AsPerson
) -> None:
    wells = dict(
        layout.wells.exclude(specimen=None).values_list("sample", "well").order_by("id")
    )
    one, other = wells.values()
    upload(run_as(layout, {one: other, other: one}), cast)
    (run,) = runs_of(layout)
    assert {(d.kind, d.well, d.other) for d in run.differences} == {
        ("swapped", one, other),
        ("swapped", other, one),
    }
    text = as_("lab_scientist").get(f"/lab/layouts/{layout.pk}/").content.decode()
    assert f"{one} and {other} are swapped" in text


def test_a_layout_is_made_by_a_form_and_its_name_is_used_once(
    as_: AsPerson, specimen: Specimen, cast: Cast
) -> None:
    client = as_("lab_scientist")
    said = {"laboratory": cast.laboratory.pk, "name": "first", "seed": "12"}
    bad = client.post("/lab/layouts/make/", said | {"name": "not a slug!"})
    assert bad.status_code == 422
    assert "not a slug!" in bad.content.decode()
    assert client.post("/lab/layouts/make/", said).status_code == 302
    assert client.post("/lab/layouts/make/", said).status_code == 422
    assert Layout.objects.get().seed == 12


@pytest.mark.parametrize(
    ("person", "status"), [("other_lab_scientist", 404), ("data_manager", 403)]
)
def test_only_the_laboratory_lays_its_specimens_out(
    as_: AsPerson, cast: Cast, person: str, status: int
) -> None:
    said = {"laboratory": cast.laboratory.pk, "name": "first", "seed": "12"}
    assert as_(person).post("/lab/layouts/make/", said).status_code == status


def test_it_is_printed_and_exported_in_the_order_of_the_wells(
    as_: AsPerson, layout: Layout
) -> None:
    client = as_("lab_scientist")
    printed = client.get(f"/lab/layouts/{layout.pk}/layout.pdf")
    assert printed.content.startswith(b"%PDF-")
    lines = client.get(f"/lab/layouts/{layout.pk}/layout.csv").content.decode()
    assert lines.splitlines()[1:3] == ["1,A1,Background0", "1,B1,Standard1"]


def test_the_groups_are_for_those_who_may_know_and_reading_them_is_kept(
    as_: AsPerson, layout: Layout
) -> None:
    address = f"/lab/layouts/{layout.pk}/groups/"
    assert as_("lab_scientist").get(address).status_code == 403
    assert (
        "groups"
        not in as_("lab_scientist").get(f"/lab/layouts/{layout.pk}/").content.decode()
    )
    page = as_("data_manager").get(address)
    assert page.status_code == 200
    assert AccessEvent.objects.filter(kind="read_concealed").count() == 1


def test_strata_before_the_scale_is_filled_are_unknown(layout: Layout) -> None:
    people = Specimen.objects.values_list("participant", flat=True)
    assert set(strata_of(people).values()) == {"unknown"}
