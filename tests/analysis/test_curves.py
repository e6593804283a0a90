"""The Kaplan-Meier figure: its numbers against the frames, its table and its CSV."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string

from analysis.curves import CurveFigure
from analysis.figures import csv_lines
from analysis.plan import Survival
from analysis.plans.prospective import PROSPECTIVE
from analysis.plans.published import PUBLISHED
from analysis.run import analyse
from tests.analysis.made import as_published, frames

ASKED = PROSPECTIVE.analysis("time_to_response")
assert isinstance(ASKED, Survival)
HORIZON = ASKED.horizon
PLAN = dataclasses.replace(
    PUBLISHED,
    analyses=(
        dataclasses.replace(ASKED, cox=""),
        PUBLISHED.analysis("response_by_pain"),
    ),
)


def figure(cut: dict[str, Any]) -> CurveFigure:
    result: dict[str, Any] = analyse(PLAN, ASKED.code, cut)
    return CurveFigure(ASKED.code, "Time to response", HORIZON, result)


@pytest.fixture
def published() -> CurveFigure:
    return figure(as_published())


def test_the_curve_has_the_numbers_of_the_frames(published: CurveFigure) -> None:
    """24 of 33 and 16 of 33 respond on day 13 of the study."""
    rows = {row["group"]: row for row in published.rows}
    assert len(published.rows) == 2
    with_pain, without = rows["pain"], rows["no-pain"]
    names = ("at_risk", "events", "censored", "percent")
    assert [with_pain[name] for name in names] == [33, 24, 9, "27.3"]
    assert [without[name] for name in names] == [33, 16, 17, "51.5"]
    assert with_pain["day"] == without["day"] == "13"


def test_steps_begin_with_everybody_and_ticks_are_the_censored(
    published: CurveFigure,
) -> None:
    series = published.option["series"]
    line = next(one for one in series if one["type"] == "line")
    assert line["data"] == [[0, 100], [13, pytest.approx(100 * 9 / 33)]]
    marks = [one["data"] for one in series if one["type"] == "scatter"]
    assert marks[0] == [[13, pytest.approx(100 * 9 / 33)]]


def test_the_sentence_is_made_from_the_numbers(published: CurveFigure) -> None:
    assert "24 of 33 with pain and 16 of 33 without" in published.finding
    assert "median day 13 with pain and not reached without" in published.finding


def test_a_band_ends_where_everybody_has_come_to_it() -> None:
    totals = {"P-1": 10, "P-2": 10, "N-1": 10, "N-2": 25}
    madrs: dict[str, dict[str, float | None]] = {
        one: {"baseline": 30, "day13": end} for one, end in totals.items()
    }
    drawn = figure(frames(madrs, pain=["P-1", "P-2"]))
    bands = {s["group"]: s for s in drawn.option["series"] if s["type"] == "band"}
    assert bands["pain"]["data"] == [[13, 100, 100]]
    assert {row["group"]: row["interval"] for row in drawn.rows}["pain"] == "– to –"


def test_the_csv_has_the_curve_and_the_log_rank_test(published: CurveFigure) -> None:
    lines = list(csv_lines(published.result))
    assert lines[0][:5] == ["group", "time", "at_risk", "events", "censored"]
    assert ["pain", 13.0, 33, 24, 9] in [line[:5] for line in lines]
    assert any(line[:2] == ["log-rank", "chi2"] for line in lines if line)


def test_the_page_has_figure_table_cut_and_plan(published: CurveFigure) -> None:
    run = SimpleNamespace(pk=7, plan="prospective", plan_version="1.0", cut="final")
    page = render_to_string("analysis/_curve.html", {"figure": published, "run": run})
    assert "Data cut final, plan prospective 1.0, n = 66" in page
    assert "/analysis/runs/7/time_to_response.csv" in page
    assert published.finding in page
    assert '<td class="number">27.3</td>' in page
