import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from analysis.statistics.em_normal import EmNormal, em_normal


def gappy(n: int = 60, seed: int = 6, share: float = 0.2) -> pd.DataFrame:
    """Three correlated variables with gaps at random; two rows are empty."""
    rng = np.random.default_rng(seed)
    spread = [[4.0, 1.0, 0.5], [1.0, 1.0, 0.3], [0.5, 0.3, 2.0]]
    values = rng.multivariate_normal([10, 0, -5], spread, n)
    values[rng.random(values.shape) < share] = np.nan
    values[7] = np.nan
    return pd.DataFrame(values, columns=["a", "b", "c"])


def likelihood(frame: pd.DataFrame, mean: np.ndarray, spread: np.ndarray) -> float:
    total = 0.0
    for row in frame.to_numpy():
        seen = np.flatnonzero(~np.isnan(row))
        if len(seen):
            part = multivariate_normal(mean[seen], spread[np.ix_(seen, seen)])
            total += float(part.logpdf(row[seen]))
    return total


def fitted(result: EmNormal) -> tuple[np.ndarray, np.ndarray]:
    mean = np.array([row.value for row in result.mean])
    return mean, np.array(result.covariance.values, dtype=float)


def test_the_likelihood_is_that_of_the_observed_values_and_at_its_maximum() -> None:
    frame = gappy()
    result = em_normal(frame, ["a", "b", "c"])
    mean, spread = fitted(result)
    top = result.log_likelihood
    assert top == pytest.approx(likelihood(frame, mean, spread), rel=1e-10)
    rng = np.random.default_rng(1)
    for _ in range(20):
        A = rng.normal(scale=1e-2, size=(3, 3))
        moved = spread + A + A.T
        assert top is not None
        assert likelihood(frame, mean + rng.normal(scale=0.02, size=3), moved) < top


def test_with_one_tail_missing_it_is_the_factored_likelihood() -> None:
    # Anderson 1957: b is regressed on a where both are seen, then carried to all rows.
    frame = gappy(share=0.0).dropna()[["a", "b"]].reset_index(drop=True)
    frame.loc[30:, "b"] = np.nan
    seen = frame.dropna()
    slope = np.cov(seen.a, seen.b, ddof=0)[0, 1] / np.var(seen.a)
    rest = np.var(seen.b - slope * seen.a)
    mean, spread = fitted(em_normal(frame, ["a", "b"]))
    expected = seen.b.mean() + slope * (frame.a.mean() - seen.a.mean())
    assert mean == pytest.approx([frame.a.mean(), expected], abs=1e-9)
    variance = np.var(frame.a)
    assert spread[0, 1] == pytest.approx(slope * variance, rel=1e-8)
    assert spread[1, 1] == pytest.approx(rest + slope**2 * variance, rel=1e-8)


def test_without_gaps_mean_and_covariance_have_divisor_n() -> None:
    frame = gappy(share=0.0).dropna()
    mean, spread = fitted(em_normal(frame, ["a", "b", "c"]))
    assert mean == pytest.approx(frame.mean().to_numpy())
    assert spread == pytest.approx(np.cov(frame.T, ddof=0))


def test_values_filled_in_are_conditional_means_at_their_position() -> None:
    frame = gappy()
    frame.index = pd.Index(range(100, 160))
    result = em_normal(frame, ["a", "b", "c"])
    mean, spread = fitted(result)
    gaps = frame.isna().to_numpy() & frame.notna().any(axis=1).to_numpy()[:, None]
    assert {(c.row, c.variable) for c in result.completed} == {
        (int(i), "abc"[j]) for i, j in zip(*np.nonzero(gaps), strict=True)
    }
    filled = result.completed[0]
    row, j = frame.to_numpy()[filled.row], "abc".index(filled.variable)
    seen = np.flatnonzero(~np.isnan(row))
    slopes = np.linalg.solve(spread[np.ix_(seen, seen)], spread[seen, j])
    assert filled.value == pytest.approx(mean[j] + slopes @ (row[seen] - mean[seen]))


def test_rows_without_any_value_are_left_out_and_counted() -> None:
    result = em_normal(gappy(), ["a", "b", "c"])
    assert (result.n_observations, result.n_left_out) == (58, 2)
    assert result.left_out == (("a, b, c", "all missing", 2),)


def test_the_order_of_rows_changes_no_estimate_beyond_rounding() -> None:
    frame = gappy()
    one = em_normal(frame, ["a", "b", "c"])
    other = em_normal(frame.sample(frac=1, random_state=4), ["a", "b", "c"])
    assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-12)
    assert fitted(other)[0] == pytest.approx(fitted(one)[0], rel=1e-12)


@settings(max_examples=15, deadline=None)
@given(st.floats(1e-3, 1e3), st.floats(-1e7, 1e7))
def test_units_and_offsets_carry_over(unit: float, offset: float) -> None:
    frame = gappy(30)
    mean, spread = fitted(em_normal(frame, ["a", "b"]))
    moved = frame.assign(a=frame.a * unit + offset)
    new_mean, new_spread = fitted(em_normal(moved, ["a", "b"]))
    noise = 1e-14 * abs(offset) / unit
    assert (new_mean[0] - offset) / unit == pytest.approx(mean[0], abs=1e-7 + noise)
    assert new_spread[0, 1] / unit == pytest.approx(spread[0, 1], rel=1e-4, abs=1e-6)


def test_a_covariance_that_becomes_singular_has_no_likelihood() -> None:
    frame = pd.DataFrame({"a": [1, 2, 3, 4, 5, 7], "b": [2, 4, 6, 8, None, None]})
    result = em_normal(frame, ["a", "b"])
    assert result.log_likelihood is None
    assert not result.converged
    assert [w.code for w in result.warnings] == ["singular_fit"]
    assert "'b'" in result.warnings[0].message


@pytest.mark.parametrize(
    ("frame", "mention"),
    [
        ({"a": [1, 2, 3, 4], "b": [2, 4, 6, 8]}, "'b' is an exact combination"),
        ({"a": [1, 2, 3, 4], "b": [5, 5, 5, 5]}, "'b' never varies"),
        ({"a": [1, 2, None, None], "b": [None, None, 1, 2]}, "'a' and 'b' are never"),
        ({"a": [1, 2, 3], "b": [None, None, None]}, "'b'"),
        ({"a": [1, 2], "b": [3, 5]}, "more rows than columns"),
        ({"a": [1, 2, 3], "b": ["x", "y", "z"]}, "'b' must hold numbers"),
    ],
)
def test_what_has_no_covariance_is_refused(
    frame: dict[str, list[float]], mention: str
) -> None:
    with pytest.raises(ValueError, match=mention):
        em_normal(pd.DataFrame(frame), ["a", "b"])


def test_a_column_named_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="each column once"):
        em_normal(gappy(), ["a", "a"])
