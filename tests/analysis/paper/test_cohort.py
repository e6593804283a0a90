"""The cohort prints as the paper does, in every count, mean and standard deviation."""

import pandas as pd
import pytest

from analysis.paper.cohort import matched_cohort
from analysis.paper.table1 import COUNTS, MEANS, SCALES
from analysis.paper.table2 import CHANGES
from analysis.statistics import contingency
from analysis.statistics.contingency import TwoByTwo


@pytest.fixture(scope="module")
def cohort() -> pd.DataFrame:
    return matched_cohort()


def of(cohort: pd.DataFrame, group: str) -> pd.DataFrame:
    return cohort[cohort["group"] == group]


def test_it_has_33_with_pain_and_33_without(cohort: pd.DataFrame) -> None:
    assert cohort["group"].value_counts().to_dict() == {"no pain": 33, "pain": 33}


def test_every_count_is_exact(cohort: pd.DataFrame) -> None:
    for row in COUNTS:
        for group, share in (("no pain", row.no_pain), ("pain", row.pain)):
            assert (of(cohort, group)[row.code] == "yes").sum() == share.count


def test_every_mean_and_sd_is_exact(cohort: pd.DataFrame) -> None:
    for row in MEANS:
        for group, mean in (("no pain", row.no_pain), ("pain", row.pain)):
            values = of(cohort, group)[row.code]
            assert values.mean() == pytest.approx(mean.mean.value, abs=1e-10)
            assert values.std() == pytest.approx(mean.sd.value, abs=1e-10)
    for change in CHANGES:
        values = of(cohort, change.group)[f"{change.analyte}_day{change.day}"]
        assert values.mean() == pytest.approx(change.mean.value, abs=1e-10)
        assert values.std() == pytest.approx(change.sd.value, abs=1e-10)


def test_no_value_is_impossible(cohort: pd.DataFrame) -> None:
    for row in MEANS:
        assert cohort[row.code].between(row.lowest, row.highest).all()
    for scale in SCALES:
        assert cohort[scale.code].between(0, scale.highest).all()


def test_who_has_no_pain_has_noughts_on_every_pain_scale(cohort: pd.DataFrame) -> None:
    for scale in SCALES:
        assert (of(cohort, "no pain")[scale.code] == 0).all()
        assert (of(cohort, "pain")[scale.code] > 0).all()


def test_response_and_remission_follow_from_the_madrs(cohort: pd.DataFrame) -> None:
    halved = cohort["madrs_day13"] <= cohort["madrs_baseline"] / 2
    assert (halved == (cohort["response"] == "yes")).all()
    assert ((cohort["madrs_day13"] <= 10) == (cohort["remission"] == "yes")).all()


def test_response_is_significant_only_without_correction(cohort: pd.DataFrame) -> None:
    for code in ("response", "remission"):
        table = contingency(cohort, "group", code)
        assert isinstance(table, TwoByTwo)
        assert table.p == pytest.approx(0.044, abs=5e-4)
        assert table.yates_p == pytest.approx(0.078, abs=5e-4)
        assert table.fisher_p == pytest.approx(0.077, abs=5e-4)
        (newcombe,) = (i for i in table.intervals if i.method == "newcombe")
        limits = (newcombe.estimate, newcombe.lower, newcombe.upper)
        assert limits == pytest.approx((0.242, 0.007, 0.444), abs=6e-4)


def test_it_is_the_same_every_time(cohort: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(cohort, matched_cohort(), check_exact=True)


def test_no_column_copies_the_order_of_another(cohort: pd.DataFrame) -> None:
    numbers = of(cohort, "pain").select_dtypes("number")
    correlations = numbers.drop(columns="madrs_day13").corr().abs().to_numpy()
    assert (correlations > 0.9).sum() == len(correlations)
