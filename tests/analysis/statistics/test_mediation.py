"""Mediation: against regressions one by one, ranks, degenerate resamples, refusals."""

import numpy as np
import pandas as pd
import pytest

from analysis.statistics import mediation, regression
from analysis.statistics.mediation_bootstrap import bootstrap_limits


def trial(n: int = 40) -> pd.DataFrame:
    generator = np.random.default_rng(8)
    frame = pd.DataFrame({"x": generator.normal(size=n), "w": generator.normal(size=n)})
    frame["m"] = 0.6 * frame["x"] + generator.normal(size=n)
    frame["y"] = 0.5 * frame["m"] + 0.2 * frame["w"] + generator.normal(size=n)
    return frame


def slope(formula: str, frame: pd.DataFrame, term: str) -> tuple[float, float]:
    rows = regression(formula, frame).coefficients
    (row,) = [row for row in rows if row.term == term]
    return row.estimate, row.se


def test_the_paths_are_those_of_the_regressions() -> None:
    frame = trial()
    found = {row.path: row for row in mediation(frame, "x", "m", "y", ["w"]).paths}
    for path, formula, term in (
        ("a", "m ~ x + w", "x"),
        ("b", "y ~ x + m + w", "m"),
        ("c", "y ~ x + w", "x"),
        ("c_prime", "y ~ x + m + w", "x"),
    ):
        row = found[path]
        assert (row.estimate, row.se) == pytest.approx(slope(formula, frame, term))


def test_given_indices_give_the_effects_of_their_regressions() -> None:
    frame = trial()
    indices = np.random.default_rng(3).integers(0, 40, size=(60, 40))
    effects = [
        slope("m ~ x + w", frame.iloc[rows], "x")[0]
        * slope("y ~ x + m + w", frame.iloc[rows], "m")[0]
        for rows in indices
    ]
    found = mediation(frame, "x", "m", "y", ["w"], indices=indices.tolist())
    ranked = np.sort(effects)
    assert found.boot_se == pytest.approx(np.std(effects, ddof=1))
    assert found.percentile_lower == pytest.approx(ranked[0])
    assert found.percentile_upper == pytest.approx(ranked[58])


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    one = mediation(trial(), "x", "m", "y", seed=5).to_dict()
    assert one == mediation(trial(), "x", "m", "y", seed=5).to_dict()
    assert one["boot_se"] != mediation(trial(), "x", "m", "y", seed=6).boot_se


def test_resamples_without_a_solution_are_left_out_and_counted() -> None:
    frame = trial(6)
    indices = [[0] * 6, [0, 1, 2, 3, 4, 5], [0, 0, 1, 2, 3, 4]]
    found = mediation(frame, "x", "m", "y", indices=indices)
    assert "bootstrap_dropped" in {warned.code for warned in found.warnings}
    assert found.boot_se is not None


def test_effects_all_above_the_estimate_have_no_bias_corrected_limits() -> None:
    found = bootstrap_limits(np.array([1.0, 2.0, 3.0]), 0.5, 0.95)
    assert found.percentile == (1.0, 3.0)
    assert found.bias_corrected == (None, None)
    assert [warned.code for warned in found.warnings] == ["bootstrap_degenerate"]


def test_shift_and_units_do_not_matter() -> None:
    frame = trial()
    far = frame.assign(x=frame["x"] * 3 + 1e7, m=frame["m"] - 1e6, y=frame["y"] * 10)
    one, two = mediation(frame, "x", "m", "y"), mediation(far, "x", "m", "y")
    assert two.indirect == pytest.approx(one.indirect * 10 / 3, rel=1e-6)
    assert one.percentile_lower is not None
    assert two.percentile_lower == pytest.approx(
        one.percentile_lower * 10 / 3, rel=1e-6
    )
    assert two.aroian_p == pytest.approx(one.aroian_p, rel=1e-6)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"m": "x"}, "'x' is named twice"),
        ({"m": "nothing"}, "nothing"),
        ({"resamples": 0}, "resamples is 0"),
        ({"indices": [[0, 1]]}, "indices must have 40 places"),
        ({"indices": [[40] * 40]}, "holds 40"),
        ({"covariates": ["double"]}, "double"),
    ],
)
def test_unusable_arguments_are_refused(
    arguments: dict[str, object], word: str
) -> None:
    frame = trial().assign(double=lambda rows: rows["x"] * 2)
    call: dict[str, object] = {"x": "x", "m": "m", "y": "y", **arguments}
    with pytest.raises(ValueError, match=word):
        mediation(frame, **call)  # type: ignore[arg-type]
