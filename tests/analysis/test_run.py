import math

import pandas as pd
import pytest

from analysis.plans.parts import REMISSION, RESPONSE
from analysis.plans.published import PUBLISHED
from analysis.run import analyse, as_bytes
from analysis.run.courses import sample
from analysis.run.ratings import reached, totals
from analysis.run.tables import mean_of
from tests.analysis.made import as_published, frames


def test_24_of_33_against_16_of_33_gives_the_numbers_computed_by_hand() -> None:
    result = analyse(PUBLISHED, "response_by_pain", as_published())
    test = result["test"]
    assert [(g["group"], g["events"], g["n"]) for g in result["groups"]] == [
        ("no-pain", 16, 33),
        ("pain", 24, 33),
    ]
    # 66 (24 x 17 - 9 x 16)^2 / (40 x 26 x 33 x 33)
    assert test["chi2"] == pytest.approx(4.0615, abs=5e-5)
    assert test["p"] == pytest.approx(0.0439, abs=5e-5)
    assert test["risk_difference"] == pytest.approx(8 / 33)
    newcombe = next(row for row in test["intervals"] if row["method"] == "newcombe")
    assert newcombe["lower"] == pytest.approx(0.007, abs=5e-4)
    assert newcombe["upper"] == pytest.approx(0.444, abs=5e-4)
    assert test["odds_ratio"] == pytest.approx(24 * 17 / (9 * 16))


def test_a_fall_of_exactly_half_is_a_response_and_a_total_of_10_a_remission() -> None:
    made = frames(
        {
            "A": {"baseline": 20, "day13": 10},
            "B": {"baseline": 21, "day13": 11},
            "C": {"baseline": 30, "day13": None},
        },
        pain=(),
    )
    wide = totals(made["ratings"], RESPONSE.scale, ("baseline", "day13"))
    assert reached(RESPONSE, wide).tolist()[:2] == ["yes", "no"]
    assert reached(REMISSION, wide).tolist()[:2] == ["yes", "no"]
    assert reached(RESPONSE, wide).isna().tolist() == [False, False, True]
    assert reached(REMISSION, wide).isna().tolist() == [False, False, True]


def test_who_lacks_a_total_is_counted_beside_the_events() -> None:
    made = as_published()
    ratings = made["ratings"]
    gone = (ratings["participant"] == "P-00") & (ratings["visit"] == "day13")
    made["ratings"] = ratings.loc[~gone]
    pain = analyse(PUBLISHED, "response_by_pain", made)["groups"][1]
    assert (pain["events"], pain["n"], pain["missing"]) == (23, 32, 1)


def test_who_had_fewer_than_six_infusions_is_left_out_with_the_reason() -> None:
    made = as_published()
    people = made["participants"]
    people.loc[people["participant"] == "N-32", "infusions_started"] = 5
    result = analyse(PUBLISHED, "response_by_pain", made)
    assert result["population"]["n"] == 65
    assert result["population"]["excluded"] == [{"reason": "too few infusions", "n": 1}]


def test_who_has_no_pain_sheet_is_in_no_group() -> None:
    made = as_published()
    ratings = made["ratings"]
    sheet = (ratings["participant"] == "N-00") & (ratings["instrument"] == "sfmpq")
    made["ratings"] = ratings.loc[~sheet]
    population = analyse(PUBLISHED, "madrs_course", made)["population"]
    assert population["groups"] == {"no-pain": 32, "pain": 33}
    assert population["excluded"] == [{"reason": "no pain group", "n": 1}]


def test_an_outcome_that_nobody_misses_is_refused_in_words() -> None:
    made = frames(
        {"A": {"baseline": 30, "day13": 5}, "B": {"baseline": 30, "day13": 5}},
        pain=("A",),
    )
    with pytest.raises(ValueError, match="event"):
        analyse(PUBLISHED, "response_by_pain", made)


def test_the_course_has_means_with_t_intervals_and_the_line_of_everybody() -> None:
    made = frames(
        {
            "A": {"baseline": 30, "day13": 10},
            "B": {"baseline": 34, "day13": 14},
            "C": {"baseline": 26},
        },
        pain=("A", "B"),
    )
    result = analyse(PUBLISHED, "madrs_course", made)
    means = {(row["group"], row["visit"]): row for row in result["means"]}
    pain = means["pain", "baseline"]
    # t(0.975, 1 df) = 12.7062, SD = sqrt(8), n = 2
    assert (pain["n"], pain["mean"]) == (2, 32.0)
    assert pain["upper"] == pytest.approx(32 + 12.7062 * 2, abs=1e-3)
    assert means["no-pain", "baseline"]["lower"] is None
    assert means["no-pain", "day13"] == {
        "group": "no-pain",
        "visit": "day13",
        "day": 13,
        "n": 0,
        "mean": None,
        "sd": None,
        "lower": None,
        "upper": None,
    }
    assert result["lines_of"] == 3
    assert result["lines"][0]["values"] == [30.0, *[None] * 5, 10.0, None]


def test_nobody_rated_is_refused_in_words() -> None:
    made = frames({"A": {}}, pain=())
    with pytest.raises(ValueError, match="Nobody has a total of MADRS"):
        analyse(PUBLISHED, "madrs_course", made)


def test_a_mean_of_equal_values_has_an_interval_of_no_width() -> None:
    found = mean_of(pd.Series([7.0, 7.0, math.nan]), 0.95)
    assert (found["n"], found["lower"], found["mean"], found["upper"]) == (2, 7, 7, 7)


def test_above_200_participants_a_sample_at_even_steps_is_drawn() -> None:
    ids = [f"A-{i:04}" for i in range(1000)]
    assert sample(ids[:200]) == ids[:200]
    assert sample(ids) == ids[::5]
    assert len(sample(ids[:201])) == 200


@pytest.mark.parametrize(
    "code", ["response_by_pain", "remission_by_pain", "madrs_course"]
)
def test_the_order_of_rows_does_not_change_a_byte(code: str) -> None:
    made = as_published()
    ratings = made["ratings"]
    low = (ratings["participant"].isin(["P-00", "N-00"])) & (
        ratings["visit"] == "day13"
    )
    ratings.loc[low, "value"] = 9
    mixed = {name: frame.sample(frac=1, random_state=1) for name, frame in made.items()}
    first = as_bytes(analyse(PUBLISHED, code, made))
    assert first == as_bytes(analyse(PUBLISHED, code, mixed))
