import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.hazard_regression import PHReg

from analysis.statistics.cox import Cox, cox


def trial(n: int = 80, seed: int = 11) -> pd.DataFrame:
    """Heavily tied days of response in two arms and three sites."""
    rng = np.random.default_rng(seed)
    arm = rng.choice(["control", "drug"], n)
    age = rng.normal(45, 12, n).round()
    hazard = np.exp(0.7 * (arm == "drug") - 0.02 * (age - 45))
    return pd.DataFrame(
        {
            "day": np.ceil(rng.exponential(5 / hazard)),
            "event": (rng.random(n) < 0.85).astype(int),
            "arm": arm,
            "age": age,
            "site": rng.choice(["a", "b", "c"], n),
        }
    )


def estimates(result: Cox) -> list[float | None]:
    return [c.estimate for c in result.coefficients]


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("strata", [None, "site"])
def test_coefficients_and_likelihood_agree_with_statsmodels(
    ties: str, strata: str | None
) -> None:
    frame = trial()
    X = np.column_stack([frame.arm == "drug", frame.age - 45]).astype(float)
    layers = None if strata is None else frame[strata]
    model = PHReg(frame.day, X, status=frame.event, ties=ties, strata=layers)
    theirs = model.fit(disp=0)
    ours = cox("~ arm + age", frame, "day", "event", ties=ties, strata=strata)
    assert estimates(ours) == pytest.approx(theirs.params, rel=1e-6)
    assert [c.se for c in ours.coefficients] == pytest.approx(theirs.bse, rel=1e-6)
    assert ours.log_likelihood == pytest.approx(theirs.llf, rel=1e-9)
    null = model.loglike(np.zeros(2))
    assert ours.log_likelihood_null == pytest.approx(null, rel=1e-9)
    gradient, hessian = model.score(np.zeros(2)), model.hessian(np.zeros(2))
    score = gradient @ np.linalg.solve(-hessian, gradient)
    assert ours.score == pytest.approx(score, rel=1e-7)
    assert ours.df == 2


def test_one_binary_covariate_without_ties_has_the_score_of_the_logrank_test() -> None:
    frame = pd.DataFrame(
        {"t": [1, 2, 3, 4, 5, 6], "e": [1, 1, 0, 1, 1, 1], "g": list("aabbab")}
    )
    # Expected events of a: 3/6 + 2/5 + 1/3 + 1/2 + 0; observed 3
    expected = 3 / 6 + 2 / 5 + 1 / 3 + 1 / 2
    variance = 1 / 4 + 6 / 25 + 2 / 9 + 1 / 4
    result = cox("~ g", frame, "t", "e")
    assert result.score == pytest.approx((3 - expected) ** 2 / variance)


def test_concordance_is_counted_by_hand() -> None:
    frame = pd.DataFrame({"t": [1, 2, 2, 3], "e": [1, 1, 0, 1], "x": [3, 1, 2, 2]})
    # Pairs: (1,2) (1,3) (1,4) agree; (2,3) (2,4) do not, if a higher x is a higher risk
    result = cox("~ x", frame, "t", "e")
    estimate = result.coefficients[0].estimate
    assert estimate is not None
    assert estimate > 0
    assert result.concordance == pytest.approx(3 / 5)


def test_a_constant_and_the_unit_of_time_change_no_estimate() -> None:
    frame = trial()
    one = cox("~ arm + age", frame, "day", "event")
    moved = frame.assign(age=frame.age + 1e7, day=frame.day * 24)
    other = cox("~ arm + age", moved, "day", "event")
    assert estimates(other) == pytest.approx(estimates(one), rel=1e-7)
    assert other.concordance == one.concordance


def test_the_order_of_rows_changes_nothing_beyond_rounding() -> None:
    frame = trial()
    one = cox("~ arm + age", frame, "day", "event", strata="site").to_dict()
    moved = frame.sample(frac=1, random_state=2)
    other = cox("~ arm + age", moved, "day", "event", strata="site").to_dict()
    assert other["coefficients"][0]["estimate"] == pytest.approx(
        one["coefficients"][0]["estimate"], rel=1e-12
    )
    assert other["concordance"] == one["concordance"]


def test_exchanging_the_levels_turns_the_hazard_ratio_over() -> None:
    frame = trial()
    swapped = frame.assign(arm=frame.arm.map({"control": "x", "drug": "a"}))
    one = cox("~ arm", frame, "day", "event").coefficients[0]
    other = cox("~ arm", swapped, "day", "event").coefficients[0]
    assert one.hazard_ratio is not None
    assert other.hazard_ratio == pytest.approx(1 / one.hazard_ratio, rel=1e-8)


def test_a_coefficient_that_runs_away_is_none_and_the_others_stand() -> None:
    frame = trial()
    frame.loc[frame.site == "c", "event"] = 0
    result = cox("~ arm + site", frame, "day", "event")
    assert not result.converged
    assert [w.code for w in result.warnings] == ["monotone_likelihood"]
    assert "'site[T.c]'" in result.warnings[0].message
    rows = {c.term: c for c in result.coefficients}
    assert rows["site[T.c]"].estimate is None
    assert rows["site[T.c]"].hazard_ratio_upper is None
    # At the limit those of site c count in no risk set.
    without = cox("~ arm + site", frame[frame.site != "c"], "day", "event")
    assert rows["arm[T.drug]"][1:3] == pytest.approx(
        without.coefficients[0][1:3], rel=1e-5
    )
    assert result.log_likelihood == pytest.approx(without.log_likelihood, abs=1e-6)


def test_no_comparable_pair_leaves_concordance_none() -> None:
    frame = pd.DataFrame({"t": [1, 1, 1, 1], "e": [1, 1, 1, 1], "x": [1, 2, 3, 5]})
    result = cox("~ x", frame, "t", "e", ties="efron")
    assert result.concordance is None
    assert "no_pairs" in [w.code for w in result.warnings]


@pytest.mark.parametrize(
    ("change", "formula", "mention"),
    [
        ({"event": 0}, "~ arm", "'event' is 0 in all"),
        ({"event": 3}, "~ arm", "'event' must be 1"),
        ({"day": -1}, "~ arm", "'day' is negative"),
        ({}, "~ dose", "dose"),
        ({}, "~ arm + age + age2", "age2"),
        ({}, "~ 0 + age", "baseline hazard"),
        ({}, "day ~ age", "left of the ~"),
    ],
)
def test_what_is_no_model_is_refused(
    change: dict[str, float], formula: str, mention: str
) -> None:
    frame = trial().assign(age2=lambda f: 2 * f.age, **change)
    with pytest.raises(ValueError, match=mention):
        cox(formula, frame, "day", "event")


def test_a_term_that_is_constant_within_strata_is_refused() -> None:
    frame = trial().assign(north=lambda f: (f.site == "a").astype(float))
    with pytest.raises(ValueError, match="'north' does not vary among those at risk"):
        cox("~ age + north", frame, "day", "event", strata="site")


def test_unknown_ties_are_refused() -> None:
    with pytest.raises(ValueError, match="exact"):
        cox("~ age", trial(), "day", "event", ties="exact")
