"""`mixed_model` against R, against what must hold of any data, and in its refusals.

Reference numbers: R 4.2.2 with lmerTest 3.1-3 (and pbkrtest 0.5.2) or nlme 3.1-162, on
the frame of `frame()` written to a file; the call stands beside the numbers.
"""

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics import mixed_model
from analysis.statistics.mixed.result import MixedModel

VISITS = ("0", "1", "2", "3")
FORMULA = "madrs ~ group * visit + age"


def frame(seed: int = 4, n: int = 24, between: float = 3.0) -> pd.DataFrame:
    """Two groups, four visits, a tenth of them missed; madrs to one decimal."""
    generator = np.random.default_rng(seed)
    subject, visit = np.repeat(np.arange(n), 4), np.tile(np.arange(4), n)
    own = between * generator.normal(size=n)[subject]
    madrs = 30 + own - 1.5 * visit * (subject % 2) + 2 * generator.normal(size=4 * n)
    kept = generator.random(4 * n) > 0.1
    whole = pd.DataFrame(
        {
            "subject": [f"S{i:02d}" for i in subject],
            "group": np.where(subject % 2 == 1, "pain", "non_pain"),
            "visit": pd.Categorical(visit.astype(str), categories=VISITS),
            "day": 2.0 * visit,
            "age": generator.integers(20, 65, n)[subject],
            "madrs": madrs.round(1),
        }
    )
    return whole[kept].reset_index(drop=True)


def fit(data: pd.DataFrame, **arguments: Any) -> MixedModel:
    return mixed_model(arguments.pop("formula", FORMULA), data, "subject", **arguments)


def numbers(model: MixedModel) -> np.ndarray[Any, np.dtype[np.float64]]:
    """All that is tested and estimated, free of names."""
    rows = [*model.coefficients, *model.type3().rows]
    cells = [cell for row in rows for cell in row if not isinstance(cell, str)]
    return np.array(cells, dtype=float)


ANY_MODEL = st.sampled_from(
    [
        {"random": "1"},
        {"random": "1 + day"},
        {"random": "1", "ddf": "kenward-roger"},
        {"repeated": "unstructured", "time": "visit"},
        {"repeated": "heterogeneous_ar1", "time": "visit", "ddf": "kenward-roger"},
        {"repeated": "compound_symmetry", "time": "visit", "reml": False},
    ]
)
SEEDS = st.integers(0, 200)
quick = settings(max_examples=15, deadline=None, derandomize=True)


@quick
@given(ANY_MODEL, SEEDS)
def test_order_of_rows_and_names_of_subjects_change_nothing(
    arguments: dict[str, Any], seed: int
) -> None:
    data = frame(seed)
    generator = np.random.default_rng(seed)
    names = data["subject"].unique()
    renamed = dict(zip(names, generator.permutation(names), strict=True))
    other = data.sample(frac=1, random_state=seed).replace({"subject": renamed})
    np.testing.assert_allclose(
        numbers(fit(data, **arguments)),
        numbers(fit(other, **arguments)),
        rtol=1e-6,
        atol=1e-9,
    )


@quick
@given(ANY_MODEL, SEEDS, st.sampled_from([1e-4, 0.3, 1e5]))
def test_the_unit_of_the_outcome_scales_estimates_and_leaves_tests_alone(
    arguments: dict[str, Any], seed: int, unit: float
) -> None:
    data = frame(seed)
    scaled = data.assign(madrs=data["madrs"] * unit)
    before, after = fit(data, **arguments), fit(scaled, **arguments)
    for ours, theirs in zip(before.coefficients, after.coefficients, strict=True):
        assert ours.se is not None
        assert theirs.se is not None
        assert math.isclose(ours.se * unit, theirs.se, rel_tol=1e-6)
        assert math.isclose(ours.df or 0, theirs.df or 0, rel_tol=1e-5)
    assert before.singular == after.singular


@quick
@given(ANY_MODEL, SEEDS, st.sampled_from([-500.0, 7.0, 1e5]))
def test_a_constant_added_to_the_outcome_moves_the_intercept_alone(
    arguments: dict[str, Any], seed: int, constant: float
) -> None:
    data = frame(seed)
    moved = data.assign(madrs=data["madrs"] + constant)
    before, after = fit(data, **arguments), fit(moved, **arguments)
    first, other = before.coefficients[0], after.coefficients[0]
    assert math.isclose(first.estimate + constant, other.estimate, abs_tol=1e-5)
    np.testing.assert_allclose(
        [row.estimate for row in before.coefficients[1:]],
        [row.estimate for row in after.coefficients[1:]],
        rtol=1e-6,
        atol=1e-7,
    )


@quick
@given(SEEDS)
def test_names_of_levels_change_names_only(seed: int) -> None:
    data = frame(seed)
    renamed = data.replace({"group": {"non_pain": "a b", "pain": "ü"}})
    np.testing.assert_allclose(
        numbers(fit(data)), numbers(fit(renamed)), rtol=1e-7, atol=1e-10
    )


def test_a_covariate_near_ten_million_loses_nothing() -> None:
    data = frame()
    far = data.assign(age=data["age"] + 1e7)
    for arguments in ({"random": "1"}, {"repeated": "ar1", "time": "visit"}):
        here, there = fit(data, **arguments), fit(far, **arguments)
        pairs = zip(here.coefficients[1:], there.coefficients[1:], strict=True)
        for ours, theirs in pairs:
            assert ours.p is not None
            assert theirs.p is not None
            assert math.isclose(ours.p, theirs.p, rel_tol=1e-5)


def test_compound_symmetry_is_the_random_intercept_model() -> None:
    data = frame()
    random = fit(data, random="1")
    repeated = fit(data, repeated="compound_symmetry", time="visit")
    assert math.isclose(random.log_likelihood, repeated.log_likelihood, rel_tol=1e-10)
    np.testing.assert_allclose(numbers(random), numbers(repeated), rtol=1e-5)


def test_a_complete_two_way_layout_has_the_df_of_the_analysis_of_variance() -> None:
    generator = np.random.default_rng(1)
    own = np.repeat(3 * generator.normal(size=20), 4)
    data = pd.DataFrame(
        {
            "subject": np.repeat(np.arange(20), 4),
            "group": np.repeat(np.arange(20) % 2, 4).astype(str),
            "visit": np.tile(np.arange(4), 20).astype(str),
            "madrs": 30 + own + generator.normal(size=80),
        }
    )
    for ddf in ("satterthwaite", "kenward-roger"):
        rows = fit(data, formula="madrs ~ group * visit", ddf=ddf).type3().rows
        assert [round(row.den_df or 0, 4) for row in rows] == [18, 54, 54]


def test_simulated_parameters_are_found_again() -> None:
    generator = np.random.default_rng(2)
    n = 4000
    subject, day = np.repeat(np.arange(n), 5), np.tile(np.arange(5.0), n)
    own = generator.multivariate_normal([0, 0], [[9, 1.5], [1.5, 1]], n)
    data = pd.DataFrame(
        {
            "subject": subject,
            "day": day,
            "madrs": 30
            - 2 * day
            + own[subject, 0]
            + own[subject, 1] * day
            + 2 * generator.normal(size=5 * n),
        }
    )
    model = mixed_model("madrs ~ day", data, "subject", random="1 + day")
    assert model.random_covariance is not None
    (intercept, both), (_, slope) = model.random_covariance.values
    assert math.isclose(intercept or 0, 9, rel_tol=0.1)
    assert math.isclose(both or 0, 1.5, rel_tol=0.15)
    assert math.isclose(slope or 0, 1, rel_tol=0.1)
    assert math.isclose(model.residual_variance or 0, 4, rel_tol=0.05)
    assert math.isclose(model.coefficients[1].estimate, -2, abs_tol=0.06)


def test_marginal_means_differ_by_their_contrast() -> None:
    model = fit(frame())
    means = {
        (row["group"], row["visit"]): row for row in model.means("group", "visit").rows
    }
    for row in model.contrasts("group", by="visit").rows:
        non_pain, pain = (means[g, row["visit"]] for g in ("non_pain", "pain"))
        assert row["contrast"] == "non_pain - pain"
        difference = float(non_pain["estimate"] or 0) - float(pain["estimate"] or 0)
        assert math.isclose(float(row["estimate"] or 0), difference, rel_tol=1e-9)


def test_adjustments_count_the_contrasts_within_one_level_of_by() -> None:
    model = fit(frame())
    plain, bonferroni, holm, tukey = (
        [float(row["p"] or 0) for row in rows]
        for rows in (
            model.contrasts("visit", by="group", adjust=adjust).rows
            for adjust in ("none", "bonferroni", "holm", "tukey")
        )
    )
    np.testing.assert_allclose(bonferroni, np.minimum(1, 6 * np.array(plain)))
    ordered = sorted(plain[:6])
    steps = np.maximum.accumulate([p * (6 - i) for i, p in enumerate(ordered)])
    np.testing.assert_allclose(sorted(holm[:6]), np.minimum(1, steps))
    assert all(
        p <= t <= b + 1e-9 for p, t, b in zip(plain, tukey, bonferroni, strict=True)
    )


def test_versus_first_is_the_later_level_less_the_first() -> None:
    rows = fit(frame()).contrasts("visit", method="versus_first").rows
    assert [row["contrast"] for row in rows] == ["1 - 0", "2 - 0", "3 - 0"]


def test_a_variance_at_zero_is_singular_and_says_so() -> None:
    data = frame(between=0.0)
    # Means of subjects that vary less than chance would have it.
    data["madrs"] -= data.groupby("subject")["madrs"].transform("mean")
    model = fit(data, formula="madrs ~ visit")
    assert model.singular
    assert model.converged
    assert "singular_fit" in {warning.code for warning in model.warnings}
    assert model.random_covariance is not None
    assert model.random_covariance.values == ((0.0,),)
    # The derivative in the standard deviation is zero there: least squares' df.
    expected = model.n_observations or 0
    assert math.isclose(model.coefficients[0].df or 0, expected - 4, rel_tol=1e-6)


def test_a_likelihood_without_bound_is_not_converged() -> None:
    data = frame(n=6)
    model = fit(data, formula="madrs ~ group", repeated="unstructured", time="visit")
    if model.converged:
        pytest.fail("six participants in two groups cannot bound four visits")
    assert "not_converged" in {warning.code for warning in model.warnings}


def test_rows_left_out_are_counted_by_column() -> None:
    data = frame()
    data.loc[[0, 3], "madrs"] = np.nan
    data.loc[3, "age"] = np.nan
    model = fit(data)
    assert model.n_left_out == 2
    assert {(row.column, row.n) for row in model.left_out} == {("madrs", 2), ("age", 1)}


def test_the_result_is_plain_json_and_the_frame_is_untouched() -> None:
    data = frame()
    before = data.copy(deep=True)
    first = json.dumps(fit(data).to_dict(), allow_nan=False)
    assert first == json.dumps(fit(data).to_dict(), allow_nan=False)
    pd.testing.assert_frame_equal(data, before)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"random": "1", "repeated": "ar1", "time": "visit"}, ["random", "repeated"]),
        ({"repeated": "ar1"}, ["ar1", "time"]),
        ({"time": "visit"}, ["visit", "repeated"]),
        ({"repeated": "toeplitz", "time": "visit"}, ["toeplitz"]),
        ({"ddf": "containment"}, ["containment", "ddf"]),
        ({"ddf": "kenward-roger", "reml": False}, ["kenward-roger", "REML"]),
        ({"formula": "madrs ~ gruop"}, ["gruop"]),
        ({"formula": "madrs ~ group + day + visit"}, ["visit", "day"]),
        ({"random": "visit"}, ["rows", "subject"]),
    ],
)
def test_what_cannot_be_fitted_is_refused_by_name(
    arguments: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(ValueError, match=words[0]) as refusal:
        fit(frame(), **arguments)
    assert all(word in str(refusal.value) for word in words)


def test_two_rows_of_a_subject_at_one_visit_are_refused_by_both_names() -> None:
    data = frame()
    twice = pd.concat([data, data.iloc[[5]]])
    who, when = (str(data[name].iloc[5]) for name in ("subject", "visit"))
    with pytest.raises(ValueError, match=rf"'{who}' has 2 rows at visit '{when}'"):
        fit(twice, repeated="ar1", time="visit")


def test_an_unstructured_covariance_needs_more_subjects_than_visits() -> None:
    data = frame()
    few = data[data.subject.isin(["S00", "S01", "S02", "S03"])]
    with pytest.raises(ValueError, match="4 subjects"):
        fit(few, formula="madrs ~ group", repeated="unstructured", time="visit")


def test_visits_never_seen_together_are_refused_by_name() -> None:
    data = frame()
    early = data.subject < "S12"
    apart = data[(early & (data.visit != "3")) | (~early & (data.visit != "0"))]
    with pytest.raises(ValueError, match="visit '0' and visit '3'"):
        fit(apart, formula="madrs ~ visit", repeated="unstructured", time="visit")


def test_one_row_a_subject_is_refused() -> None:
    data = frame().drop_duplicates("subject")
    with pytest.raises(ValueError, match="rows for 24 subjects"):
        fit(data, formula="madrs ~ group")
    mixed = frame().groupby("subject").sample(1, random_state=1)
    with pytest.raises(ValueError, match="two levels of 'visit'"):
        fit(mixed, formula="madrs ~ group", repeated="ar1", time="visit")


def test_an_outcome_that_the_terms_explain_exactly_is_refused() -> None:
    data = frame()
    data["madrs"] = 2.0 * data["age"] + data["day"]
    with pytest.raises(ValueError, match="explain the outcome 'madrs' exactly"):
        fit(data, formula="madrs ~ age + day")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"factor": "age"}, "age"),
        ({"factor": "group", "by": "site"}, "site"),
        ({"factor": "group", "by": "group"}, "group"),
        ({"factor": "visit", "adjust": "scheffe"}, "scheffe"),
        ({"factor": "visit", "method": "versus_first", "adjust": "tukey"}, "tukey"),
    ],
)
def test_contrasts_that_make_no_sense_are_refused(
    arguments: dict[str, str], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        fit(frame()).contrasts(**arguments)


INTERCEPT = "madrs ~ group * visit + age"
SLOPE = "madrs ~ group * day"

# m <- lmer(madrs ~ group*visit + age + (1 | subject), d)
# m <- lmer(madrs ~ group*day + (1 + day | subject), d)    # at its bound: isSingular
# anova(m, type = 3, ddf = ...): term, DenDF, F
REFERENCE = [
    ("1", INTERCEPT, "satterthwaite", "group", 20.8673718, 0.000487180098),
    ("1", INTERCEPT, "satterthwaite", "visit", 59.3475684, 4.457818505),
    ("1", INTERCEPT, "satterthwaite", "age", 20.8449978, 0.051842075),
    ("1", INTERCEPT, "satterthwaite", "group:visit", 59.3448799, 5.335356092),
    ("1", INTERCEPT, "kenward-roger", "group", 20.9162080, 0.000487127737),
    ("1", INTERCEPT, "kenward-roger", "visit", 59.3956253, 4.453744287),
    ("1", INTERCEPT, "kenward-roger", "group:visit", 59.3930362, 5.329404276),
    ("1 + day", SLOPE, "satterthwaite", "group", 22.6998567, 2.74156411),
    ("1 + day", SLOPE, "satterthwaite", "group:day", 57.9364800, 13.22458941),
    ("1 + day", SLOPE, "kenward-roger", "group", 21.9279044, 2.73659315),
    ("1 + day", SLOPE, "kenward-roger", "group:day", 20.6698693, 13.04930337),
]


@pytest.mark.parametrize(("random", "formula", "ddf", "term", "df", "F"), REFERENCE)
def test_type3_is_that_of_lmertest_and_pbkrtest(
    random: str, formula: str, ddf: str, term: str, df: float, F: float
) -> None:
    model = mixed_model(formula, frame(), "subject", random=random, ddf=ddf)
    row = next(row for row in model.type3().rows if row.term == term)
    assert row.den_df is not None
    assert math.isclose(row.den_df, df, rel_tol=2e-4)
    assert math.isclose(row.F, F, rel_tol=2e-4)


def test_the_log_likelihood_under_reml_is_that_of_lmer() -> None:
    intercept = mixed_model(INTERCEPT, frame(), "subject", random="1")
    slope = mixed_model(SLOPE, frame(), "subject", random="1 + day")
    assert math.isclose(intercept.log_likelihood, -204.134857429, rel_tol=1e-9)
    assert math.isclose(slope.log_likelihood, -209.331702087, rel_tol=1e-8)
    assert slope.singular


def test_the_unstructured_fit_is_that_of_gls() -> None:
    # gls(madrs ~ group*visit + age, correlation = corSymm(form = ~ vi | subject),
    #     weights = varIdent(form = ~ 1 | visit)): log-likelihood, group, its error
    model = mixed_model(
        INTERCEPT, frame(), "subject", repeated="unstructured", time="visit"
    )
    group = model.coefficients[1]
    assert group.se is not None
    assert math.isclose(model.log_likelihood, -200.575192921, rel_tol=1e-8)
    assert math.isclose(group.estimate, 1.83570375, rel_tol=1e-4)
    assert math.isclose(group.se, 1.48846747, rel_tol=1e-4)
