import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import survdiff

from analysis.statistics.logrank import logrank


def trial(n: int = 60, seed: int = 4) -> pd.DataFrame:
    """Times on a coarse grid, so that many are tied; a fifth is censored.

    The one followed longest has no event: statsmodels takes the logarithm of a curve.
    """
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "day": np.ceil(rng.exponential(6, n)),
            "event": (rng.random(n) < 0.8).astype(int),
            "arm": rng.choice(["a", "b", "c"], n),
            "site": rng.choice(["s", "t"], n),
        }
    )
    frame.loc[frame["day"] == frame["day"].max(), "event"] = 0
    return frame


@pytest.mark.parametrize("rho", [0.0, 1.0, 0.5])
def test_the_test_agrees_with_statsmodels(rho: float) -> None:
    frame = trial()
    kind = {"weight_type": "fh", "fh_p": rho} if rho else {}
    theirs = survdiff(frame["day"], frame["event"], frame["arm"], **kind)
    ours = logrank(frame, "day", "event", "arm", rho=rho)
    assert (ours.chi2, ours.p) == pytest.approx(theirs, rel=1e-10)
    assert ours.df == 2


def test_the_stratified_test_agrees_with_statsmodels() -> None:
    frame = trial()
    theirs = survdiff(frame["day"], frame["event"], frame["arm"], strata=frame["site"])
    ours = logrank(frame, "day", "event", "arm", strata="site")
    assert (ours.chi2, ours.p) == pytest.approx(theirs, rel=1e-10)


def test_observed_and_expected_add_up_to_the_same() -> None:
    for rho in (0.0, 1.0):
        groups = logrank(trial(), "day", "event", "arm", strata="site", rho=rho).groups
        observed = sum(g.observed for g in groups)
        assert sum(g.expected for g in groups) == pytest.approx(observed)


def test_two_participants_are_counted_by_hand() -> None:
    frame = pd.DataFrame({"t": [1, 2], "e": [1, 0], "g": ["a", "b"]})
    result = logrank(frame, "t", "e", "g")
    assert result.chi2 == pytest.approx(1.0)
    assert result.groups[0][1:] == (1, 1.0, 0.5)


def test_order_names_and_the_unit_of_time_do_not_matter() -> None:
    frame = trial()
    one = logrank(frame, "day", "event", "arm", strata="site", rho=1)
    moved = frame.sample(frac=1, random_state=1).assign(
        day=lambda f: f.day / 7, arm=lambda f: f.arm.map({"a": "z", "b": "y", "c": "x"})
    )
    other = logrank(moved, "day", "event", "arm", strata="site", rho=1)
    assert other.chi2 == pytest.approx(one.chi2, rel=1e-10)


def test_a_group_never_at_risk_at_an_event_does_not_count() -> None:
    frame = pd.DataFrame(
        {"t": [1, 2, 3, 4, 5], "e": [0, 1, 1, 0, 1], "g": list("cabab")}
    )
    result = logrank(frame, "t", "e", "g")
    assert result.df == 1
    assert [w.code for w in result.warnings] == ["nobody_at_risk"]
    assert "'c'" in result.warnings[0].message
    assert result.chi2 == logrank(frame.iloc[1:], "t", "e", "g").chi2


def test_when_all_fail_at_once_there_is_no_test() -> None:
    frame = pd.DataFrame({"t": [1, 1, 1], "e": [1, 1, 1], "g": list("abb")})
    result = logrank(frame, "t", "e", "g")
    assert (result.chi2, result.df, result.p) == (None, None, None)
    assert [w.code for w in result.warnings] == ["zero_variance"]


def test_what_cannot_be_compared_is_refused() -> None:
    frame = trial()
    with pytest.raises(ValueError, match="'event' is 0 in all"):
        logrank(frame.assign(event=0), "day", "event", "arm")
    with pytest.raises(ValueError, match="'arm' has only the level 'a'"):
        logrank(frame[frame.arm == "a"], "day", "event", "arm")
    with pytest.raises(ValueError, match="rho is nan"):
        logrank(frame, "day", "event", "arm", rho=float("nan"))
    with pytest.raises(ValueError, match="clinic"):
        logrank(frame, "day", "event", "arm", strata="clinic")
