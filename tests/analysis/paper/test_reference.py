"""The project's figures and findings against the reference beside the project."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from analysis.paper import inconsistencies, reproduce
from analysis.paper.findings import Rule
from analysis.paper.prose import (
    FELL_AT_26,
    LISTED,
    MEDIATION,
    MODEL_TESTS,
    REGRESSIONS,
)
from analysis.paper.table1 import COUNTS, MEANS, SCALES
from analysis.paper.table2 import CHANGES, GROUPS, change
from analysis.paper.verdicts import Verdict

# The place of each known inconsistency: what our findings there are called.
KNOWN: dict[str, set[tuple[str, Rule]]] = {
    "table1 bmi": {("table 1, body mass index", Rule.P_AND_T)},
    "table1 illness_duration": {("table 1, duration of illness", Rule.T_AND_MEANS)},
    "table1 antidepressant_dose total": {
        ("table 1, dose of antidepressant", Rule.TOTAL)
    },
    "table1 psychiatric_comorbidity": {
        ("table 1, psychiatric comorbidity", Rule.CHI2_AND_COUNTS),
        ("table 1, psychiatric comorbidity", Rule.P_AND_CHI2),
    },
    "table1 benzodiazepine": {("table 1, on benzodiazepine", Rule.PERCENTAGE)},
    "table2 IL-2 day 26 pain": {
        ("table 2, IL-2, day 26, pain", Rule.P_AND_T),
        ("table 2, IL-2, day 26, pain", Rule.SE_OF_ROWS),
    },
    "table2 IL-6 day 13 pain": {
        ("table 2, IL-6, day 13, pain", Rule.P_AND_T),
        ("abstract", Rule.STATEMENT_AND_TABLE),
    },
    "table2 IFN-γ day 26 pain": {("table 2, IFN-γ, day 26, pain", Rule.P_AND_T)},
    "text, largest MADRS difference": {("results, efficacy", Rule.EFFECT_SIZE)},
    "text, regressions": {("results, regressions", Rule.BETA)},
    "text, mediation": {("results, path analysis", Rule.INDIRECT)},
    "text, MADRS interaction": {("results, efficacy", Rule.P_AND_F)},
    "table1 days to response and remission": {
        ("table 1, days to response", Rule.DAYS),
        ("table 1, days to remission", Rule.DAYS),
    },
    "education": {("results, demographics", Rule.STATEMENT_AND_TABLE)},
    "missing day-26 blood": {("statistical analysis; limitations", Rule.STATEMENTS)},
    "IL-4 before treatment": {("results; discussion", Rule.STATEMENTS)},
    "role of IL-6": {("discussion", Rule.STATEMENT_AND_NUMBERS)},
}


@pytest.fixture(scope="module")
def published(shared: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(
        (shared / "paper" / "published.json").read_text("utf-8")
    )
    return document


def test_every_findable_inconsistency_is_found(published: dict[str, Any]) -> None:
    found = {(finding.where, finding.rule) for finding in inconsistencies()}
    for known in published["inconsistencies_we_recomputed"]:
        if known["findable"]:
            assert KNOWN[known["where"]] <= found, known["where"]


def test_nothing_else_is_found(published: dict[str, Any]) -> None:
    known = set().union(*KNOWN.values())
    found = {(finding.where, finding.rule) for finding in inconsistencies()}
    assert found == known
    assert set(KNOWN) == {
        entry["where"]
        for entry in published["inconsistencies_we_recomputed"]
        if entry["findable"]
    }


def test_what_is_not_findable_is_not_claimed(published: dict[str, Any]) -> None:
    undecided = [
        entry["where"]
        for entry in published["inconsistencies_we_recomputed"]
        if not entry["findable"]
    ]
    assert undecided == ["VAS group effect", "cytokine transform"]
    assert not [f for f in inconsistencies() if f.item.startswith("VAS group")]
    assert not [f for f in inconsistencies() if "transform" in f.item]


def test_73_of_76_rows_of_table_2_are_not_flagged(shared: Path) -> None:
    flagged = {f.where for f in inconsistencies() if f.where.startswith("table 2")}
    assert len(CHANGES) == 76
    assert len([row for row in CHANGES if row.where not in flagged]) == 73


@pytest.mark.parametrize(
    ("where", "item"),
    [
        ("results", "analytes that differ among three groups"),
        ("results", "analytes higher in pain than no pain"),
        ("table 1, response at day 13", "chi-square"),
        ("table 1, response at day 13", "p"),
        ("table 1, remission at day 13", "chi-square"),
        ("table 1, remission at day 13", "p"),
        ("discussion", "infusions with pain reported, percent"),
    ],
)
def test_what_was_checked_and_is_consistent_is_not_flagged(
    shared: Path, where: str, item: str
) -> None:
    (one,) = (c for c in reproduce().comparisons if (c.where, c.item) == (where, item))
    assert one.verdict in {Verdict.EQUAL, Verdict.NOT_COMPUTABLE}


def test_table_1_was_carried_over_to_the_digit(published: dict[str, Any]) -> None:
    means = [
        [
            *(p.value for m in (r.total, r.no_pain, r.pain) for p in (m.mean, m.sd)),
            *(r.test.statistic.value, r.test.p.value),
        ]
        for r in MEANS
    ]
    assert means == list(published["table1_continuous"].values())
    scales = [
        [p.value for m in (r.total, r.pain) for p in (m.mean, m.sd)] for r in SCALES
    ]
    assert scales == list(published["table1_pain_group_only"].values())
    shares = [(r.total, r.no_pain, r.pain) for r in COUNTS]
    counts = [
        [*(s.count for s in row), r.test.statistic.value, r.test.p.value]
        for r, row in zip(COUNTS, shares, strict=True)
    ]
    assert counts == list(published["table1_counts"].values())
    percents = [[s.percent.value for s in row] for row in shares]
    assert percents == list(published["table1_counts_percent"].values())


def test_table_2_was_carried_over_to_the_digit(shared: Path) -> None:
    path = shared / "paper" / "table2_cytokines.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) * 2 == len(CHANGES)
    for row in rows:
        for group, prefix in zip(GROUPS, ("nonpain", "pain"), strict=True):
            ours = change(row["analyte"], int(row["day"]), group)
            assert ours.mean.value == float(row[f"{prefix}_mean"])
            assert ours.sd.value == float(row[f"{prefix}_sd"])
            assert ours.t.value == float(row[f"{prefix}_t_vs_baseline"])
            assert ours.p.text == row[f"{prefix}_p"]


def test_the_text_was_carried_over_to_the_digit(published: dict[str, Any]) -> None:
    models = [[test.F.value, test.p.text] for test in MODEL_TESTS]
    assert models == [
        test
        for tests in published["mixed_models_F"].values()
        for test in tests.values()
    ]
    theirs = published["regression_pain_group"]
    for ours in REGRESSIONS:
        scale = ours.outcome.lower()
        printed = theirs[f"il6_change_on_{scale}_change_day{ours.day}"]
        assert (ours.beta.value, ours.p.value) == (printed["beta"], printed["p"])
    for effect in (MEDIATION.direct, MEDIATION.indirect):
        printed = published["mediation_pain_group_day13"][effect.name]
        assert effect.estimate.value == printed["effect"]
        assert effect.p.value == printed["p"]


def test_lists_of_analytes_are_as_long_as_printed(published: dict[str, Any]) -> None:
    baseline = published["baseline_cytokines"]
    models = published["cytokine_mixed_models"]
    lists = (
        baseline["differ_among_three_groups"],
        baseline["higher_in_pain_than_nonpain"],
        models["time_effect"],
        models["interaction"],
        models["group_effect"],
    )
    assert [listed.found for listed in LISTED] == [len(names) for names in lists]
    without_il_8 = {name.lower() for name in models["time_effect"]} - {"il-8"}
    assert {name.lower() for name in FELL_AT_26} == without_il_8
