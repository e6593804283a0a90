import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.formula.api import ols
from statsmodels.multivariate.manova import MANOVA
from statsmodels.stats.anova import anova_lm

from analysis.statistics.mancova import mancova

STATSMODELS = {
    "Pillai": "Pillai's trace",
    "Wilks": "Wilks' lambda",
    "Hotelling-Lawley": "Hotelling-Lawley trace",
    "Roy": "Roy's greatest root",
}


def trial(n: int = 45, seed: int = 12) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, 4)), columns=["a", "b", "c", "age"])
    frame["arm"] = rng.choice(["control", "high", "low"], n)
    frame["sex"] = rng.choice(["f", "m"], n)
    frame["a"] += 0.8 * (frame.arm == "high") + 0.5 * frame.age
    frame["b"] += 0.5 * frame.a
    return frame


@pytest.mark.parametrize("outcomes", [["a", "b"], ["a", "b", "c"]])
def test_the_four_statistics_agree_with_statsmodels(outcomes: list[str]) -> None:
    frame = trial()
    theirs = MANOVA.from_formula(f"{' + '.join(outcomes)} ~ arm + age + sex", frame)
    results = theirs.mv_test().results
    for row in mancova(frame, outcomes, "arm", ["age", "sex"]).multivariate:
        stat = results[row.term]["stat"].loc[STATSMODELS[row.statistic]]
        assert row.value == pytest.approx(stat["Value"], rel=1e-9)
        if row.statistic in ("Pillai", "Wilks"):
            assert pytest.approx(stat["F Value"], rel=1e-9) == row.F
            assert row.den_df == pytest.approx(stat["Den DF"], rel=1e-9)
            assert row.p == pytest.approx(stat["Pr > F"], rel=1e-8)


def test_degrees_of_freedom_are_those_of_the_textbook() -> None:
    # By hand: p = 2, q = 2, 42 error df, so s = 2, m = -0.5, n = 19.5
    rows = {r.statistic: r for r in mancova(trial(), ["a", "b"], "arm").multivariate}
    assert (rows["Pillai"].num_df, rows["Pillai"].den_df) == (4, 84)
    assert (rows["Wilks"].num_df, rows["Wilks"].den_df) == (4, 82)
    assert (rows["Hotelling-Lawley"].num_df, rows["Hotelling-Lawley"].den_df) == (4, 80)
    assert (rows["Roy"].num_df, rows["Roy"].den_df) == (2, 42)


def test_univariate_tests_are_those_of_each_outcome_alone() -> None:
    frame = trial()
    table = anova_lm(ols("a ~ C(arm, Sum) + age + C(sex, Sum)", frame).fit(), typ=3)
    rows = {
        r.term: r
        for r in mancova(frame, ["a", "b"], "arm", ["age", "sex"]).univariate
        if r.outcome == "a"
    }
    names = {"arm": "C(arm, Sum)", "age": "age", "sex": "C(sex, Sum)"}
    for term, name in names.items():
        assert pytest.approx(table.loc[name, "F"], rel=1e-9) == rows[term].F
        assert rows[term].p == pytest.approx(table.loc[name, "PR(>F)"], rel=1e-8)


def test_adjusted_means_hold_age_at_its_mean_and_weight_the_sexes_equally() -> None:
    frame = trial()
    fit = ols("a ~ arm + age + sex", frame).fit()
    rows = {
        r["arm"]: r
        for r in mancova(frame, ["a", "b"], "arm", ["age", "sex"]).means
        if r["outcome"] == "a"
    }
    grid = pd.DataFrame({"arm": "high", "age": frame.age.mean(), "sex": ["f", "m"]})
    assert rows["high"]["estimate"] == pytest.approx(fit.predict(grid).mean())
    L = np.array([1, 1, 0, 0.5, frame.age.mean()])
    order = ["Intercept", "arm[T.high]", "arm[T.low]", "sex[T.m]", "age"]
    cov = fit.cov_params().loc[order, order].to_numpy()
    assert rows["high"]["se"] == pytest.approx(np.sqrt(L @ cov @ L), rel=1e-9)
    assert rows["high"]["df"] == 40


def test_contrasts_are_the_earlier_less_the_later_with_bonferroni() -> None:
    frame = trial()
    fit = ols("a ~ arm", frame).fit()
    rows = [r for r in mancova(frame, ["a", "b"], "arm").contrasts if r.outcome == "a"]
    assert [r.contrast for r in rows] == [
        "control - high",
        "control - low",
        "high - low",
    ]
    assert rows[0].estimate == pytest.approx(-fit.params["arm[T.high]"])
    assert rows[0].p == pytest.approx(min(1, 3 * fit.pvalues["arm[T.high]"]))


def test_two_groups_give_one_f_for_all_four() -> None:
    frame = trial()
    rows = mancova(frame[frame.arm != "low"], ["a", "b", "c"], "arm").multivariate
    assert [r.F for r in rows] == pytest.approx([rows[0].F] * 4, rel=1e-9)
    assert [r.p for r in rows] == pytest.approx([rows[0].p] * 4, rel=1e-9)


def test_too_few_rows_for_hotelling_lawley_leave_its_f_none() -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.normal(size=(9, 6)), columns=list("abcdef"))
    result = mancova(frame.assign(g=list("xyz") * 3), list("abcdef"), "g")
    rows = {r.statistic: r for r in result.multivariate}
    assert (rows["Hotelling-Lawley"].F, rows["Hotelling-Lawley"].p) == (None, None)
    assert rows["Wilks"].F is not None
    assert [w.code for w in result.warnings] == ["too_few_values"]


@settings(max_examples=20, deadline=None)
@given(st.floats(0.01, 100), st.floats(-1e6, 1e6), st.integers(0, 99))
def test_scale_constant_order_and_mixing_of_outcomes_change_no_statistic(
    unit: float, offset: float, seed: int
) -> None:
    frame = trial()
    one = mancova(frame, ["a", "b"], "arm", ["age"])
    mixed = frame.assign(a=unit * frame.a + offset, b=frame.b + frame.a)
    moved = mixed.sample(frac=1, random_state=seed)
    other = mancova(moved, ["b", "a"], "arm", ["age"])
    for x, y in zip(one.multivariate, other.multivariate, strict=True):
        assert y.value == pytest.approx(x.value, rel=1e-5)


def test_rows_with_any_missing_value_are_left_out() -> None:
    frame = trial()
    frame.loc[3, "b"] = np.nan
    frame.loc[4, "age"] = np.nan
    result = mancova(frame, ["a", "b"], "arm", ["age"])
    assert (result.n_observations, result.n_left_out) == (43, 2)


@pytest.mark.parametrize(
    ("outcomes", "group", "covariates", "mention"),
    [
        (["a", "b", "total"], "arm", [], "'total' is an exact combination"),
        (["a"], "arm", ["age", "age2"], "'age2' is an exact combination"),
        (["a", "flat"], "arm", [], "'flat' never varies"),
        (["a"], "one", [], "'one' has only the level"),
        (["a"], "arm", ["flat"], "'flat' is 1 in all rows"),
        (["a", "a"], "arm", [], "'a' is named 2 times"),
        ([], "arm", [], "at least one outcome"),
        (["a", "of_arm"], "arm", [], "'of_arm' does not vary within the groups"),
    ],
)
def test_what_is_no_model_is_refused(
    outcomes: list[str], group: str, covariates: list[str], mention: str
) -> None:
    frame = trial().assign(flat=1.0, one="x")
    frame["total"] = frame.a + frame.b
    frame["age2"] = 2 * frame.age
    frame["of_arm"] = (frame.arm == "low").astype(float)
    with pytest.raises(ValueError, match=mention):
        mancova(frame, outcomes, group, covariates)


def test_an_outcome_given_by_another_and_a_covariate_is_refused() -> None:
    frame = trial().assign(score=lambda f: 3 * f.a + f.age)
    with pytest.raises(ValueError, match="'score' is an exact combination"):
        mancova(frame, ["a", "score"], "arm", ["age"])


def test_more_outcomes_than_rows_can_carry_are_refused() -> None:
    with pytest.raises(ValueError, match="too few for 3 outcomes"):
        mancova(trial().iloc[:5], ["a", "b", "c"], "arm", ["age"])
