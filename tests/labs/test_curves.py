import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labs.curves import Curve, fit_curve, vendor_concentration
from labs.curves.standard import Weighting, quantifiable_range

LEVELS = [1000.0 / 4.0**i for i in range(8)]
DOUBLED = [x for x in LEVELS for _ in range(2)]
TRUE = {"A": 3.0, "B": 20_000.0, "C": 400.0, "D": -1.2, "F": 0.8}


def response(x: float, c: dict[str, float] = TRUE) -> float:
    if x == 0:
        return c["A"]
    return float(c["A"] + (c["B"] - c["A"]) / (1 + (x / c["C"]) ** c["D"]) ** c["F"])


def noisy(seed: int, share: float = 0.03) -> list[float]:
    error = np.random.default_rng(seed).normal(0.0, share, len(DOUBLED))
    return [response(x) * math.exp(e) for x, e in zip(DOUBLED, error, strict=True)]


@pytest.mark.parametrize("weighting", ["1/y2", "1/y", "none"])
def test_exact_points_give_their_coefficients_back(weighting: Weighting) -> None:
    curve = fit_curve(LEVELS, [response(x) for x in LEVELS], "5PL", weighting)
    assert curve.converged
    assert dict(curve.coefficients) == pytest.approx(TRUE, rel=1e-6)
    assert curve.recovery == pytest.approx([100.0] * len(LEVELS), abs=1e-6)
    assert (curve.lloq, curve.uloq) == (min(LEVELS), max(LEVELS))


def test_a_4pl_keeps_its_asymmetry_at_one() -> None:
    true = {**TRUE, "F": 1.0}
    curve = fit_curve(LEVELS, [response(x, true) for x in LEVELS], "4PL")
    assert curve.coefficients["F"] == 1.0
    assert curve.coefficients["C"] == pytest.approx(400.0, rel=1e-8)


def test_blanks_lie_at_the_lower_asymptote_and_have_no_recovery() -> None:
    x = [0.0, 0.0, *LEVELS]
    curve = fit_curve(x, [response(each) for each in x])
    assert curve.predict(0.0) == pytest.approx(3.0, rel=1e-6)
    assert math.isnan(curve.recovery[0])
    assert curve.lloq == min(LEVELS)


def test_the_fit_is_stationary_in_every_coefficient() -> None:
    y = np.array(noisy(4))
    curve = fit_curve(DOUBLED, y.tolist())

    def squares(change: str, factor: float) -> float:
        changed = {**curve.coefficients}
        changed[change] *= factor
        fitted = np.array([response(x, changed) for x in DOUBLED])
        return float((((y - fitted) / y) ** 2).sum())

    least = squares("A", 1.0)
    for name in "ABCDF":
        assert min(squares(name, 0.999), squares(name, 1.001)) > least


def test_aic_counts_five_parameters() -> None:
    y = noisy(7)
    curve = fit_curve(DOUBLED, y, "5PL", "1/y")
    squares = sum(
        (b - curve.predict(a)) ** 2 / b for a, b in zip(DOUBLED, y, strict=True)
    )
    assert curve.aic == pytest.approx(16 * math.log(squares / 16) + 10, rel=1e-9)


@pytest.mark.parametrize(
    ("recovery", "ends"),
    [
        ([100, 100, 10, 100, 100, 100], (8.0, 32.0)),
        ([100, 100, 10, 10, 100, 100], (16.0, 32.0)),
        ([70, 130, 69.9, 130.1, math.nan, 100], (1.0, 2.0)),
        ([10, 10, 10, 10, 10, 10], (None, None)),
    ],
)
def test_the_quantifiable_range_is_the_longest_run_and_the_upper_of_two_equals(
    recovery: list[float], ends: tuple[float | None, float | None]
) -> None:
    levels = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    assert quantifiable_range(levels, np.array(recovery), (70.0, 130.0)) == ends


def test_a_level_is_judged_by_the_mean_of_its_replicates() -> None:
    levels = np.array([1.0, 1.0, 2.0, 2.0])
    recovery = np.array([40.0, 160.0, 40.0, 80.0])
    assert quantifiable_range(levels, recovery, (70.0, 130.0)) == (1.0, 1.0)


def test_the_inverse_keeps_its_digits_next_to_the_upper_asymptote() -> None:
    curve = SimpleNamespace(coefficients={"A": 0.1, "B": 0.7, "C": 1.0, "D": -1.0})
    y = 0.7 - 1e-13
    answer = vendor_concentration(curve, y)
    assert answer == pytest.approx((y - 0.1) / (0.7 - y), rel=1e-9)


def test_no_level_within_the_limits_means_no_range() -> None:
    curve = fit_curve(DOUBLED, noisy(2), recovery_limits=(100.0, 100.0 + 1e-9))
    assert curve.lloq is None
    assert curve.uloq is None
    assert curve.warnings


def test_the_inverse_has_no_answer_at_and_beyond_the_asymptotes() -> None:
    curve = fit_curve(LEVELS, [response(x) for x in LEVELS])
    a, b = curve.coefficients["A"], curve.coefficients["B"]
    answers = curve.inverse([a - 1, a, b, b * 2, (a + b) / 2])
    assert np.isnan(answers).tolist() == [True, True, True, True, False]


def test_answers_have_the_shape_of_the_question() -> None:
    curve = fit_curve(LEVELS, [response(x) for x in LEVELS])
    assert type(curve.predict(10.0)) is float
    assert np.shape(curve.inverse(np.full((2, 3), 500.0))) == (2, 3)
    assert curve.inverse(curve.predict(37.0)) == pytest.approx(37.0)


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(len(DOUBLED))))
def test_the_order_of_points_changes_no_bit_of_the_curve(order: list[int]) -> None:
    y = noisy(11)
    straight = fit_curve(DOUBLED, y)
    mixed = fit_curve([DOUBLED[i] for i in order], [y[i] for i in order])
    assert dict(mixed.coefficients) == dict(straight.coefficients)
    assert mixed.recovery == tuple(straight.recovery[i] for i in order)


@settings(max_examples=15, deadline=None)
@given(st.floats(1e-6, 1e6))
def test_the_unit_of_concentration_scales_the_answers_and_nothing_else(
    unit: float,
) -> None:
    y = noisy(12)
    curve = fit_curve(DOUBLED, y)
    scaled = fit_curve([x * unit for x in DOUBLED], y)
    assert scaled.inverse(800.0) == pytest.approx(unit * curve.inverse(800.0), rel=1e-5)
    assert scaled.aic == pytest.approx(curve.aic, abs=1e-6)


FALLING = [response(x) for x in reversed(LEVELS)]
SCATTER = [900.0, 40.0, 700.0, 60.0, 650.0, 30.0, 500.0, 55.0]


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (LEVELS[:4] * 2, [response(v) for v in LEVELS[:4]] * 2, "4 different"),
        ([10.0] * 7, noisy(1)[:7], "1 different"),
        (LEVELS, [250.0] * 8, "No signal"),
        (LEVELS, [250.0] * 7 + [360.0], "No signal"),
        (LEVELS, FALLING, "do not rise"),
        (LEVELS, SCATTER, "too scattered"),
    ],
)
def test_points_without_a_curve_say_why_and_answer_nothing(
    x: list[float], y: list[float], words: str
) -> None:
    curve = fit_curve(x, y)
    assert not curve.converged
    assert words in curve.warnings[0]
    assert math.isnan(curve.predict(10.0))
    assert math.isnan(curve.inverse(300.0))
    assert vendor_concentration(curve, 300.0) is None
    assert len(curve.recovery) == len(x)


def test_negative_responses_without_signal_are_no_curve() -> None:
    curve = fit_curve(LEVELS, [-9.0 + i for i in range(8)], weighting="none")
    assert "No signal" in curve.warnings[0]


@pytest.mark.parametrize(
    ("x", "y", "options", "words"),
    [
        ([1.0, 2.0], [1.0], {}, "2 concentrations and 1 responses"),
        ([], [], {}, "no points"),
        ([1.0, math.nan], [1.0, 2.0], {}, "missing or infinite"),
        ([1.0, 2.0], [1.0, math.inf], {}, "missing or infinite"),
        ([-1.0, 2.0], [1.0, 2.0], {}, "negative"),
        ([1.0, 2.0], [0.0, 2.0], {}, "not above 0"),
        ([1.0, 2.0], [0.0, 2.0], {"weighting": "1/y"}, "not above 0"),
        ([1.0, 2.0], [1.0, 2.0], {"model": "6PL"}, "5PL or 4PL"),
        ([1.0, 2.0], [1.0, 2.0], {"weighting": "y"}, "weighting"),
        ([1.0, 2.0], [1.0, 2.0], {"recovery_limits": (130.0, 70.0)}, "no range"),
    ],
)
def test_what_no_standard_can_be_is_refused(
    x: list[float], y: list[float], options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        fit_curve(x, y, **options)


def test_the_vendors_coefficients_repeat_the_printed_results() -> None:
    # Coefficients and results as printed: PLOS ONE 10.1371/journal.pone.0187901.s001.
    printed = SimpleNamespace(
        coefficients={
            "A": -0.228742409930827,
            "B": 4042.42476800676,
            "C": 435.962541292928,
            "D": -2.24661069769899,
            "F": 0.607306274611151,
        }
    )
    assert vendor_concentration(printed, 0.0) == pytest.approx(0.336083643708048)
    assert vendor_concentration(printed, 415.0, 2.0) == pytest.approx(166.217174191272)
    assert vendor_concentration(printed, -1.2) is None
    assert vendor_concentration(printed, 4082.8) is None


def test_a_vendors_4pl_has_no_f() -> None:
    curve = SimpleNamespace(coefficients={"A": 0.0, "B": 100.0, "C": 8.0, "D": -1.0})
    assert vendor_concentration(curve, 50.0, 4.0) == pytest.approx(32.0)


@pytest.mark.parametrize("dilution", [0.0, -2.0, math.nan, math.inf])
def test_a_dilution_that_is_none_is_refused(dilution: float) -> None:
    curve = SimpleNamespace(coefficients={"A": 0.0, "B": 100.0, "C": 8.0, "D": -1.0})
    with pytest.raises(ValueError, match="dilution"):
        vendor_concentration(curve, 50.0, dilution)


def test_the_shown_optima_are_met(shared: Path) -> None:
    cases = json.loads((shared / "luminex" / "curves_shown.json").read_text())["cases"]
    optima = [case for case in cases if "aic" in case]
    assert optima
    for case in optima:
        curve: Curve = fit_curve(
            case["concentration"], case["response"], case["model"], case["weighting"]
        )
        assert curve.aic == pytest.approx(case["aic"], abs=1e-3)
        assert (curve.lloq, curve.uloq) == (case["lloq"], case["uloq"])
