import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from analysis.statistics.agreement import intraclass_correlation, weighted_kappa

# Shrout and Fleiss 1979, table 2: six subjects, four judges.
JUDGES = pd.DataFrame(
    [
        [9, 2, 5, 8],
        [6, 1, 3, 2],
        [8, 4, 6, 8],
        [7, 1, 2, 6],
        [10, 5, 6, 9],
        [6, 2, 4, 7],
    ],
    columns=["a", "b", "c", "d"],
)
# Two raters of 100 subjects who mostly agree; made up.
COUNTS = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]


def rated(counts: list[list[int]], order: list[str]) -> pd.DataFrame:
    pairs = [
        (order[i], order[j])
        for i, row in enumerate(counts)
        for j, n in enumerate(row)
        for _ in range(n)
    ]
    frame = pd.DataFrame(pairs, columns=["first", "second"])
    return frame.astype(pd.CategoricalDtype(order, ordered=True))


def test_the_six_forms_agree_with_shrout_and_fleiss() -> None:
    # The paper gives .17, .29, .71, .44, .62 and .91; the third digit and the limits
    # are those that psych::ICC prints for these data.
    forms = {f.form: f for f in intraclass_correlation(JUDGES, list("abcd")).forms}
    expected = {
        "ICC(1,1)": (0.166, -0.133, 0.723),
        "ICC(2,1)": (0.290, 0.019, 0.761),
        "ICC(3,1)": (0.715, 0.342, 0.946),
        "ICC(1,k)": (0.443, -0.884, 0.912),
        "ICC(2,k)": (0.620, 0.071, 0.927),
        "ICC(3,k)": (0.909, 0.676, 0.986),
    }
    assert list(forms) == list(expected)
    for name, numbers in expected.items():
        form = forms[name]
        assert (form.estimate, form.lower, form.upper) == pytest.approx(
            numbers, abs=6e-4
        )
    assert pytest.approx(1.79, abs=0.01) == forms["ICC(1,1)"].F
    assert pytest.approx(11.03, abs=0.01) == forms["ICC(3,1)"].F


def test_icc_does_not_feel_order_or_offset() -> None:
    first = intraclass_correlation(JUDGES, list("abcd"))
    moved = intraclass_correlation(JUDGES.iloc[::-1] + 1e6, list("dbca"))
    for one, other in zip(first.forms, moved.forms, strict=True):
        assert other.estimate == pytest.approx(one.estimate, rel=1e-9)
        assert other.upper == pytest.approx(one.upper, rel=1e-9)


def test_perfect_agreement_has_no_limits_and_says_so() -> None:
    frame = pd.DataFrame({"a": [1.1, 2.2, 5.7], "b": [1.1, 2.2, 5.7]})
    result = intraclass_correlation(frame, ["a", "b"])
    assert [f.estimate for f in result.forms] == [1.0] * 6
    assert result.forms[0].lower is None
    assert [w.code for w in result.warnings] == ["zero_variance"]


def test_a_row_with_a_missing_rating_is_left_out_and_counted() -> None:
    frame = JUDGES.astype(float)
    frame.loc[2, "b"] = np.nan
    result = intraclass_correlation(frame, list("abcd"))
    assert (result.n_subjects, result.n_left_out) == (5, 1)


def test_what_cannot_agree_is_refused() -> None:
    with pytest.raises(ValueError, match="at least two columns"):
        intraclass_correlation(JUDGES, ["a"])
    with pytest.raises(ValueError, match="subjects that differ"):
        intraclass_correlation(JUDGES * 0, ["a", "b"])


@pytest.mark.parametrize("weights", ["linear", "quadratic"])
def test_weighted_kappa_agrees_with_statsmodels(weights: str) -> None:
    ours = weighted_kappa(rated(COUNTS, ["p", "n", "o"]), "first", "second", weights)
    theirs = cohens_kappa(np.array(COUNTS), wt=weights)
    assert ours.kappa == pytest.approx(theirs.kappa, rel=1e-10)
    assert ours.se == pytest.approx(theirs.std_kappa, rel=1e-10)
    assert ours.null_se == pytest.approx(theirs.std_kappa0, rel=1e-10)
    assert ours.z == pytest.approx(theirs.z_value, rel=1e-10)


def test_two_levels_give_cohens_kappa_under_either_weight() -> None:
    frame = rated([[20, 5], [10, 15]], ["no", "yes"])
    linear = weighted_kappa(frame, "first", "second", "linear")
    quadratic = weighted_kappa(frame, "first", "second", "quadratic")
    # By hand: 0.7 observed and 0.5 expected agreement.
    assert linear.kappa == pytest.approx(0.4)
    assert quadratic.kappa == linear.kappa


def test_exchanging_the_raters_changes_nothing() -> None:
    frame = rated(COUNTS, ["p", "n", "o"])
    one = weighted_kappa(frame, "first", "second")
    other = weighted_kappa(frame, "second", "first")
    assert (other.kappa, other.se) == pytest.approx((one.kappa, one.se), rel=1e-12)


def test_a_rater_with_one_level_has_no_test() -> None:
    result = weighted_kappa(rated([[20, 5], [0, 0]], ["no", "yes"]), "first", "second")
    assert result.kappa == pytest.approx(0.0, abs=1e-15)
    assert result.z is None
    assert [w.code for w in result.warnings] == ["zero_variance"]


def test_ratings_that_cannot_be_compared_are_refused() -> None:
    frame = rated(COUNTS, ["p", "n", "o"])
    with pytest.raises(ValueError, match="cubic"):
        weighted_kappa(frame, "first", "second", "cubic")
    with pytest.raises(ValueError, match="same categories"):
        weighted_kappa(frame.astype({"first": str}), "first", "second")
    with pytest.raises(ValueError, match="only the level 'p'"):
        weighted_kappa(frame.iloc[:75], "first", "second")
