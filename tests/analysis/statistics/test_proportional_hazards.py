import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2
from statsmodels.duration.hazard_regression import PHReg

from analysis.statistics.proportional_hazards import proportional_hazards


def simulated(n: int, early: float, late: float, seed: int) -> pd.DataFrame:
    """Log hazard ratio `early` up to time 0.4 and `late` after it; no ties."""
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 2, n)
    clock = rng.exponential(size=n)
    first, second = np.exp(early * x), np.exp(late * x)
    done = 0.4 * first
    time = np.where(clock <= done, clock / first, 0.4 + (clock - done) / second)
    event = (time < 3).astype(int)
    return pd.DataFrame(
        {"t": np.minimum(time, 3), "e": event, "x": x, "w": rng.normal(size=n)}
    )


def test_the_test_agrees_with_the_residuals_of_statsmodels() -> None:
    frame = simulated(120, 0.8, 0.2, seed=3)
    fit = PHReg(frame.t, frame[["x", "w"]], status=frame.e).fit(disp=0)
    r = np.asarray(fit.schoenfeld_residuals)
    seen = ~np.isnan(r).any(axis=1)
    r, g = r[seen], frame.t.to_numpy()[seen]
    g = g - g.mean()
    V, d = fit.cov_params(), len(g)
    slopes = d * (g @ r) @ V
    each = slopes**2 / (d * np.diag(V) * (g**2).sum())
    joint = d * (g @ r) @ V @ (g @ r) / (g**2).sum()
    tests = proportional_hazards("~ x + w", frame, "t", "e", transform="identity").tests
    assert [t.chi2 for t in tests] == pytest.approx([*each, joint], rel=1e-5)
    assert tests[2].p == pytest.approx(chi2.sf(joint, 2), rel=1e-5)


@pytest.mark.parametrize("transform", ["km", "rank", "identity", "log"])
def test_an_effect_that_fades_is_seen_on_every_scale(transform: str) -> None:
    frame = simulated(800, 1.2, -0.8, seed=8)
    tests = proportional_hazards("~ x + w", frame, "t", "e", transform=transform).tests
    assert [t.term for t in tests] == ["x", "w", "GLOBAL"]
    assert tests[0].p < 1e-6
    assert tests[0].rho is not None
    assert tests[0].rho < 0
    assert tests[1].p > 0.01


def test_an_effect_that_stays_is_rejected_as_often_as_alpha() -> None:
    found = [
        proportional_hazards("~ x", simulated(100, 0.5, 0.5, seed), "t", "e").tests[0].p
        for seed in range(200)
    ]
    # Three standard errors of a share of 0.05 in 200 trials
    assert 0.005 <= np.mean(np.array(found) < 0.05) <= 0.097


def test_km_scale_and_ranks_do_not_feel_a_monotone_change_of_time() -> None:
    frame = simulated(100, 0.5, 0.0, seed=2)
    squared = frame.assign(t=frame.t**2)
    for transform in ("km", "rank"):
        one = proportional_hazards("~ x", frame, "t", "e", transform=transform)
        other = proportional_hazards("~ x", squared, "t", "e", transform=transform)
        assert other.tests[0].chi2 == pytest.approx(one.tests[0].chi2, rel=1e-9)


def test_what_has_no_trend_is_refused() -> None:
    frame = simulated(60, 0.5, 0.5, seed=1)
    with pytest.raises(ValueError, match="spline"):
        proportional_hazards("~ x", frame, "t", "e", transform="spline")
    late = frame.assign(t=frame.t.round())
    with pytest.raises(ValueError, match="no logarithm"):
        proportional_hazards("~ x", late, "t", "e", transform="log")
    with pytest.raises(ValueError, match="no finite maximum"):
        proportional_hazards("~ x", frame.assign(e=frame.e * frame.x), "t", "e")
    at_once = frame.assign(e=1, t=2.0)
    with pytest.raises(ValueError, match="All events fall on one value"):
        proportional_hazards("~ x", at_once, "t", "e")
