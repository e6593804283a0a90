"""What must hold of every function whatever the data.

The order and index of rows, the names of levels and of subjects, the unit of the
outcome and a constant added to it change nothing that they should not.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics import (
    contingency,
    cox,
    em_normal,
    intraclass_correlation,
    kaplan_meier,
    logrank,
    mancova,
    mediation,
    mixed_model,
    one_way_anova,
    proportional_hazards,
    regression,
    two_sample_t,
    weighted_kappa,
)
from analysis.statistics.result import Result

Call = Callable[[pd.DataFrame], Result]
SEEDS = st.integers(0, 10_000)
VISITS, SUBJECTS = 3, 24

# Each with an outcome `y`, so that its unit can be changed.
OF_AN_OUTCOME: dict[str, Call] = {
    "t": lambda d: two_sample_t(d, "y", "group", equal_variance=False),
    "anova": lambda d: one_way_anova(d, "y", "site"),
    "regression": lambda d: regression("y ~ group * age + site", d),
    "hc3": lambda d: regression("y ~ group * site", d, covariance="hc3"),
    "mediation": lambda d: mediation(d, "age", "m", "y", resamples=100),
    "mancova": lambda d: mancova(d, ["y", "m"], "site", ["age", "group"]),
    "random": lambda d: mixed_model("y ~ group * C(visit) + age", d, "subject"),
    "repeated": lambda d: mixed_model(
        "y ~ group * C(visit)",
        d,
        "subject",
        repeated="compound_symmetry",
        time="visit",
        ddf="kenward-roger",
    ),
}
OF_LEVELS_OR_TIMES: dict[str, Call] = {
    "contingency": lambda d: contingency(d, "site", "group"),
    "kaplan_meier": lambda d: kaplan_meier(d, "day", "event", "group", horizon=5),
    "logrank": lambda d: logrank(d, "day", "event", "site", strata="group", rho=1),
    "cox": lambda d: cox("~ group + age", d, "day", "event", strata="site"),
    "hazards": lambda d: proportional_hazards("~ age + site", d, "day", "event"),
    "em": lambda d: em_normal(d.assign(y=d["y"].where(d["day"] > 2)), ["y", "m"]),
    "icc": lambda d: intraclass_correlation(d, ["y", "m"]),
    "kappa": lambda d: weighted_kappa(d, "visit", "rated"),
}
EVERY = {**OF_AN_OUTCOME, **OF_LEVELS_OR_TIMES}
# Figures without a unit. Those of an intercept are of the place of zero.
UNIT_FREE = {
    *("t", "p", "F", "df", "num_df", "den_df", "value"),
    *("welch_t", "welch_p", "welch_df", "cohens_d", "cohens_d_lower", "hedges_g"),
    *("eta_squared", "omega_squared", "levene_F", "brown_forsythe_p", "shapiro_w"),
    *("r_squared", "vif", "standardised_beta"),
    *("sobel_z", "aroian_p", "proportion_mediated"),
}

few = settings(max_examples=8)


def trial(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = SUBJECTS * VISITS
    frame = pd.DataFrame(
        {
            "subject": np.repeat([f"S{i:02}" for i in range(SUBJECTS)], VISITS),
            "visit": np.tile(np.arange(1, VISITS + 1), SUBJECTS),
            "group": np.repeat(["non_pain", "pain"] * (SUBJECTS // 2), VISITS),
            "site": np.repeat(["A", "B", "C"] * (SUBJECTS // 3), VISITS),
            "age": rng.normal(40, 9, n),
            "day": np.ceil(rng.exponential(6, n)),
            "event": (rng.random(n) < 0.7).astype(int),
        }
    )
    own = np.repeat(rng.normal(0, 3, SUBJECTS), VISITS)
    frame["m"] = 0.1 * frame["age"] + own + rng.normal(0, 2, n)
    frame["y"] = 20 + 0.4 * frame["m"] + own + rng.normal(0, 2, n)
    frame["rated"] = np.clip(frame["visit"] + rng.integers(-1, 2, n), 1, VISITS)
    frame.loc[rng.choice(n, 4, replace=False), "y"] = np.nan
    return frame


def figures(part: Any, name: str = "") -> Iterator[tuple[str, float]]:
    """(name, number) of everything in a `to_dict()`, in its order."""
    if isinstance(part, dict):
        if part.get("term") == "Intercept":
            return
        for key, value in part.items():
            yield from figures(value, key)
    elif isinstance(part, list):
        for value in part:
            yield from figures(value, name)
    elif isinstance(part, int | float):
        yield name, part


def all_numbers(result: Result) -> list[float]:
    return [value for _, value in figures(result.to_dict())]


def without_unit(result: Result) -> list[float]:
    found = [value for name, value in figures(result.to_dict()) if name in UNIT_FREE]
    assert found
    return found


def same(have: list[float], want: list[float], rtol: float = 1e-6) -> None:
    np.testing.assert_allclose(have, want, rtol=rtol, atol=1e-9)


@pytest.mark.parametrize("family", EVERY)
@few
@given(seed=SEEDS)
def test_order_and_index_of_rows_change_nothing(family: str, seed: int) -> None:
    frame = trial(seed)
    shuffled = frame.sample(frac=1, random_state=seed).set_axis([7] * len(frame))
    if family == "em":
        # The table of filled values goes by the places of rows.
        found = (EVERY["em"](d).to_dict()["covariance"] for d in (shuffled, frame))
        have, want = ([value for _, value in figures(c)] for c in found)
        same(have, want)
        return
    same(all_numbers(EVERY[family](shuffled)), all_numbers(EVERY[family](frame)))


@pytest.mark.parametrize("family", EVERY)
@few
@given(seed=SEEDS)
def test_names_of_levels_and_subjects_change_names_alone(
    family: str, seed: int
) -> None:
    frame = trial(seed)
    rng = np.random.default_rng(seed)
    names = frame["subject"].unique()
    others = dict(zip(names, rng.permutation(names), strict=True))
    renamed = frame.assign(
        group=frame["group"].map({"non_pain": "a: (1)", "pain": "ü ~ b"}),
        site=frame["site"].map({"A": "1", "B": "2", "C": "x[T.y]"}),
        subject=frame["subject"].map(others),
    )
    same(all_numbers(EVERY[family](renamed)), all_numbers(EVERY[family](frame)))


@pytest.mark.parametrize("family", EVERY)
@few
@given(seed=SEEDS)
def test_categories_in_the_order_of_the_alphabet_are_the_text(
    family: str, seed: int
) -> None:
    frame = trial(seed)
    typed = frame.astype({"group": "category", "site": "category", "event": bool})
    typed["site"] = typed["site"].cat.add_categories(["nowhere"])
    assert EVERY[family](typed).to_dict() == EVERY[family](frame).to_dict()


@pytest.mark.parametrize("family", OF_AN_OUTCOME)
@few
@given(seed=SEEDS, unit=st.sampled_from([1e-5, 0.1, 7.0, 1e6]))
def test_the_unit_of_the_outcome_changes_no_test(
    family: str, seed: int, unit: float
) -> None:
    frame = trial(seed)
    scaled = frame.assign(y=frame["y"] * unit)
    call = OF_AN_OUTCOME[family]
    same(without_unit(call(scaled)), without_unit(call(frame)), rtol=1e-5)


@pytest.mark.parametrize("family", OF_AN_OUTCOME)
@few
@given(seed=SEEDS, constant=st.sampled_from([-300.0, 1.5, 1e7]))
def test_a_constant_added_to_the_outcome_changes_no_test(
    family: str, seed: int, constant: float
) -> None:
    frame = trial(seed)
    moved = frame.assign(y=frame["y"] + constant)
    call = OF_AN_OUTCOME[family]
    same(without_unit(call(moved)), without_unit(call(frame)), rtol=1e-4)


@pytest.mark.parametrize("family", ["kaplan_meier", "logrank", "cox"])
@few
@given(seed=SEEDS)
def test_times_count_by_their_order(family: str, seed: int) -> None:
    frame = trial(seed)
    weeks = frame.assign(day=frame["day"] / 7)
    names = ("survival", "chi2", "estimate", "log_likelihood", "concordance")
    have, want = (
        [v for name, v in figures(EVERY[family](d).to_dict()) if name in names]
        for d in (weeks, frame)
    )
    same(have, want)
