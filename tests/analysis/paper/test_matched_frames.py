import pytest

from analysis.paper.matched_frames import matched_frames
from analysis.plans.published import PUBLISHED
from analysis.run import Data, Values, analyse_data


@pytest.fixture(scope="module")
def data() -> Data:
    return Data(PUBLISHED, matched_frames())


@pytest.mark.parametrize(
    ("code", "means", "t"),
    [
        ("education_years", (13.2, 11.1), 2.692),
        ("age", (34.8, 36.8), -0.699),
        ("bmi", (22.0, 23.4), -1.578),
    ],
)
def test_the_plan_over_the_cohort_gives_the_printed_means(
    data: Data, code: str, means: tuple[float, float], t: float
) -> None:
    result = analyse_data(data, code)
    _everybody, without, with_pain = result["means"]
    assert (without["n"], with_pain["n"]) == (33, 33)
    assert (without["mean"], with_pain["mean"]) == pytest.approx(means)
    # As near as the rounding of means and SDs allows.
    assert result["test"]["t"] == pytest.approx(t, abs=0.2)


@pytest.mark.parametrize(
    ("code", "events"),
    [
        ("response_by_pain", [16, 24]),
        ("remission_by_pain", [9, 17]),
        ("male", [13, 16]),
    ],
)
def test_the_plan_over_the_cohort_counts_as_printed(
    data: Data, code: str, events: list[int]
) -> None:
    groups: list[Values] = analyse_data(data, code)["groups"]
    assert [group["events"] for group in groups] == events


def test_models_run_over_it_too(data: Data) -> None:
    for code in ("madrs_model", "tnf_model", "baseline_levels", "mediation_il6"):
        assert analyse_data(data, code)["n"] > 0
