"""The quality rules: what passes, is flagged and fails, each at its limit."""

from dataclasses import replace
from typing import Any

import pytest

from labs.quality import (
    DEFAULTS,
    RULES,
    Assay,
    Reading,
    Verdict,
    analyte_verdict,
    cv_percent,
    findings_of,
    plate_verdict,
)

STANDARDS = {"s1": 100.0, "s2": 25.0}


def reading(**more: Any) -> Reading:
    usual = Reading("A1", "unknown", "x", 120.0, 100.0, 80, 50.0)
    return replace(usual, **more)


def assay(*readings: Reading, **more: Any) -> Assay:
    usual = Assay(readings, STANDARDS, {"c1": (35.0, 65.0)}, True, 25.0)
    return replace(usual, **more)


def found(*readings: Reading, **more: Any) -> list[tuple[str, str]]:
    findings = findings_of(assay(*readings, **more), DEFAULTS)
    return [(one.rule, one.verdict) for one in findings]


def test_every_rule_has_a_source_and_every_limit_a_unit() -> None:
    assert all(rule.source and rule.words for rule in RULES)
    assert all(limit.unit for rule in RULES for limit in rule.limits)


@pytest.mark.parametrize(
    ("beads", "expected"),
    [
        (50, []),
        (49, [("beads", "flag")]),
        (35, [("beads", "flag")]),
        (34, [("beads", "fail")]),
    ],
)
def test_beads(beads: int, expected: list[tuple[str, str]]) -> None:
    assert found(reading(beads=beads)) == expected


def test_a_file_without_counts_cannot_be_short_of_beads() -> None:
    assert found(reading(beads=None)) == []


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (60.0, []),  # CV 12.9 %
        (64.0, [("duplicates", "flag")]),  # CV 17.4 %
        (80.0, [("duplicates", "fail")]),  # CV 32.6 %
    ],
)
def test_duplicates(second: float, expected: list[tuple[str, str]]) -> None:
    pair = reading(), reading(well="A2", concentration=second)
    assert found(*pair) == expected


def test_a_reading_left_out_or_short_of_beads_is_no_duplicate() -> None:
    assert found(reading(), reading(concentration=80.0, left_out=True)) == []
    assert found(reading(), reading(concentration=80.0, beads=10)) == [
        ("beads", "fail")
    ]


def test_a_control_outside_its_range_fails_its_analyte() -> None:
    inside = reading(role="control", sample="c1", concentration=64.0)
    outside = replace(inside, concentration=68.0)
    assert found(inside, outside) == [("control", "fail")]
    assert found(inside) == []
    assert found(replace(inside, concentration=None)) == [("control", "fail")]


def test_a_standard_outside_the_limits_of_recovery_is_flagged() -> None:
    standard = reading(role="standard", sample="s1", concentration=121.0)
    assert found(standard) == [("recovery", "flag")]
    assert found(replace(standard, concentration=119.0)) == []


def test_a_curve_that_recovers_no_standard_fails_and_none_is_flagged() -> None:
    assert found(lloq=None) == [("recovery", "fail")]
    assert found(has_curve=False) == [("curve", "flag")]


def test_a_blank_as_bright_as_the_lowest_standard_is_flagged() -> None:
    low = reading(role="standard", sample="s2", mfi=40.0, concentration=25.0)
    blank = reading(role="background", sample="b", mfi=39.0, concentration=None)
    assert found(low, blank) == []
    assert found(low, replace(blank, mfi=40.0)) == [("blank", "flag")]


def test_a_signal_that_falls_at_the_top_is_flagged() -> None:
    low = reading(role="standard", sample="s2", mfi=1000.0, concentration=25.0)
    top = reading(role="standard", sample="s1", mfi=960.0, concentration=100.0)
    assert found(low, top) == []
    assert found(low, replace(top, mfi=940.0)) == [("hook", "flag")]


def test_the_share_of_specimens_below_the_lloq() -> None:
    wells = [reading(sample=f"p{i}") for i in range(7)]
    low = [reading(sample=f"q{i}", concentration=1.0) for i in range(3)]
    assert found(*wells, *low) == []
    assert found(*wells, *low, reading(sample="r", concentration=1.0)) == [
        ("below", "flag")
    ]


def test_a_specimen_that_fails_flags_its_analyte_and_a_control_fails_it() -> None:
    pair = reading(), reading(concentration=80.0)
    assert analyte_verdict(findings_of(assay(*pair), DEFAULTS)) == "flag"
    control = reading(role="control", sample="c1", concentration=1.0)
    assert analyte_verdict(findings_of(assay(control), DEFAULTS)) == "fail"
    assert analyte_verdict([]) == "pass"


def test_one_control_of_nineteen_analytes_does_not_fail_the_plate() -> None:
    passes: list[Verdict] = ["pass"] * 18
    fails: list[Verdict] = ["fail"] * 18
    assert plate_verdict(["fail", *passes], DEFAULTS) == "flag"
    assert plate_verdict([*fails, "pass"], DEFAULTS) == "fail"
    assert plate_verdict(passes, DEFAULTS) == "pass"


def test_cv_by_hand() -> None:
    assert cv_percent([8.0, 10.0]) == pytest.approx(100 * 2**0.5 / 9)
    assert cv_percent([8.0]) is None
    assert cv_percent([0.0, 0.0]) is None
