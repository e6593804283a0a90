"""A repeat makes a new version; a cut that was frozen before keeps what it had."""

import pytest
from django.utils import timezone

from analysis import freezing
from analysis.cut_files import load_kept
from analysis.frames import gather
from analysis.models import DataCut
from analysis.plans.published import PUBLISHED
from labs.drawing import draw
from labs.judging import accept, approve
from records import jobs
from tests.analysis.entered import finished
from tests.cast import Cast
from tests.labs.conftest import upload
from tests.labs.curved import curved_export, net_at

pytestmark = pytest.mark.django_db


def approve_plate(code: str, concentration: float, cast: Cast) -> None:
    nets = [net_at(concentration / 2)] * 2
    plate = upload(curved_export({code: nets}, batch=f"B{concentration:g}"), cast).plate
    waiting = accept(plate, by=cast["lab_scientist"], reason="looked at")
    approve(waiting, by=cast["second_reader"])


def freeze(name: str, cast: Cast) -> DataCut:
    cut = freezing.make_cut(name, PUBLISHED, by=cast["statistician"])
    assert cut.job_id is not None
    jobs.run(cut.job_id, freezing.freeze)
    cut.refresh_from_db()
    return cut


def test_a_repeat_leaves_an_earlier_cut_as_it_was(cast: Cast) -> None:
    participant = finished(cast, vas_mm=0, start=30, end=12)
    visit = participant.visits.get(visit_type="baseline")
    draw(visit, cast.laboratory, at=timezone.now(), code="SABCDEFG")
    approve_plate("SABCDEFG", 40.0, cast)
    cut = freeze("first", cast)
    approve_plate("SABCDEFG", 60.0, cast)

    kept = load_kept(cut.folder, cut.sha256).frames["cytokines"]
    now = gather(PUBLISHED.collection, timezone.now()).frames["cytokines"]
    columns = ["analyte", "version", "range_flag", "duplicates"]
    assert kept[columns].values.tolist() == [
        ["INTLK6", 1, "in_range", "wells"],
        ["TNF", 1, "in_range", "wells"],
    ]
    assert kept["concentration_pg_ml"].tolist() == pytest.approx([40.0, 40.0])
    assert now["version"].tolist() == [2, 2]
    assert now["concentration_pg_ml"].tolist() == pytest.approx([60.0, 60.0])
    assert freeze("second", cast).sha256 != cut.sha256
