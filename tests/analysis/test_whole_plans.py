"""Both plans over the simulated trial of 66 patients, one analysis of each kind."""

import json
import math
import os
import subprocess
import sys

import pandas as pd
import pytest

from analysis.plan import Plan
from analysis.plans.prospective import PROSPECTIVE
from analysis.plans.published import PUBLISHED
from analysis.run import Data, Values, analyse, analyse_data, as_bytes
from analysis.run.families import joined
from analysis.run.mediations import confounded
from demo.cut_frames import cut_frames

# One of each kind, and those that differ inside a kind.
OF_EACH_KIND = {
    "published": (
        "age",
        "male",
        "response_by_pain",
        "days_to_response",
        "pain_at_baseline",
        "vas_course",
        "madrs_model",
        "intlk6_model",
        "filled_levels",
        "baseline_levels",
        "vas_day13_pain_intlk6",
        "mediation_il6",
    ),
    "prospective": (
        "response_per_protocol",
        "response_vas_30_mm",
        "at_baseline",
        "time_to_response",
        "madrs_model",
        "madrs_ancova",
        "vas_model",
        "intlk6_below",
        "intlk6_model",
        "intlk6_plates",
        "mediation_reversed",
    ),
}


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return cut_frames()


@pytest.fixture(scope="module")
def published(frames: dict[str, pd.DataFrame]) -> Data:
    return Data(PUBLISHED, frames)


@pytest.fixture(scope="module")
def prospective(frames: dict[str, pd.DataFrame]) -> Data:
    return Data(PROSPECTIVE, frames)


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (plan, code)
        for plan in (PUBLISHED, PROSPECTIVE)
        for code in OF_EACH_KIND[plan.code]
    ],
    ids=lambda value: value if isinstance(value, str) else value.code,
)
def test_every_kind_has_the_parts_that_a_page_reads(
    published: Data, prospective: Data, plan: Plan, code: str
) -> None:
    data = published if plan is PUBLISHED else prospective
    result = json.loads(as_bytes(analyse_data(data, code)))
    assert result["method"]
    assert result["converged"] is True
    assert result["population"]["n"] > 0
    assert {"kind", "warnings", "left_out", "estimates", "tests", "n"} <= set(result)
    for test in result["tests"]:
        assert set(test) == {"name", "statistic", "value", "df", "p", "family"}
    for estimate in result["estimates"]:
        assert {"name", "estimate", "se", "df", "lower", "upper", "p"} <= set(estimate)


def test_post_hoc_prints_p_as_it_is_and_times_seven(published: Data) -> None:
    groups, times = analyse_data(published, "madrs_model")["post_hoc"]
    assert (groups["by"], groups["times"], len(groups["rows"])) == ("visit", 7, 8)
    for row in (*groups["rows"], *times["rows"]):
        assert row["p_times"] == pytest.approx(min(1, 7 * row["p"]))


def test_baseline_on_both_sides_is_marked_improper(
    published: Data, prospective: Data
) -> None:
    assert "not proper" in analyse_data(published, "intlk6_model")["improper"]
    assert analyse_data(prospective, "intlk6_model")["improper"] == ""


def test_em_fills_the_missing_bloods_analyte_by_analyte(published: Data) -> None:
    result = analyse_data(published, "filled_levels")
    assert result["participants"] == 5
    assert len(result["filled"]) == 19
    assert {row["visit"] for row in result["filled"]} == {"day26"}
    levels = analyse_data(published, "intlk6_model")
    assert (levels["n"], levels["n_subjects"]) == (66 * 3, 66)


def test_a_family_is_adjusted_over_what_is_done(published: Data) -> None:
    codes = [a.code for a in PUBLISHED.analyses if a.family == "vas_day13_pain"]
    results: dict[str, Values] = {c: analyse_data(published, c) for c in codes[:18]}
    family = joined(PUBLISHED, results)["vas_day13_pain"]
    assert (family["n_tests"], family["n_missing"], family["method"]) == (18, 1, "bh")
    raw = sorted(row["p"] for row in family["tests"])
    smallest = min(p * 18 / rank for rank, p in enumerate(raw, 1))
    assert min(row["adjusted"] for row in family["tests"]) == pytest.approx(smallest)


def test_above_30_percent_below_the_limit_no_means_are_tested(
    frames: dict[str, pd.DataFrame],
) -> None:
    cytokines = frames["cytokines"].copy()
    of_il6 = cytokines["analyte"] == "INTLK6"
    limit = cytokines.loc[of_il6, "concentration_pg_ml"].quantile(0.6)
    cytokines.loc[of_il6, "lloq_pg_ml"] = limit
    data = Data(PROSPECTIVE, {**frames, "cytokines": cytokines})
    for code in ("intlk6_model", "vas_day13_pain_intlk6"):
        with pytest.raises(ValueError, match="IL-6 stands below the limit"):
            analyse_data(data, code)
    below = analyse_data(data, "intlk6_below")
    assert below["means_are_tested"] is False
    assert below["tests"]


def test_the_studys_limit_is_the_highest_of_its_plates(
    frames: dict[str, pd.DataFrame],
) -> None:
    cytokines = frames["cytokines"].copy()
    of_tnf = cytokines.index[cytokines["analyte"] == "TNF"]
    cytokines.loc[of_tnf, "lloq_pg_ml"] = 0.001
    cytokines.loc[of_tnf[0], "lloq_pg_ml"] = 0.5
    data = Data(PROSPECTIVE, {**frames, "cytokines": cytokines})
    levels = data.levels("TNF", PROSPECTIVE.population)
    assert levels.lloq == 0.5
    assert levels.values.min().min() >= math.log(0.5 / math.sqrt(2))


def test_the_log_of_zero_is_refused_where_no_limit_stands_for_it(
    frames: dict[str, pd.DataFrame],
) -> None:
    cytokines = frames["cytokines"].copy()
    of_tnf = cytokines.index[cytokines["analyte"] == "TNF"]
    cytokines.loc[of_tnf, "lloq_pg_ml"] = None
    cytokines.loc[of_tnf[0], "concentration_pg_ml"] = 0.0
    with pytest.raises(ValueError, match="the logarithm of 0 is refused"):
        analyse(PROSPECTIVE, "tnf_model", {**frames, "cytokines": cytokines})


def test_without_a_confounder_the_indirect_effect_is_the_product_of_the_paths(
    prospective: Data,
) -> None:
    analysis = PROSPECTIVE.analysis("mediation_il6")
    result = analyse_data(prospective, "mediation_il6")
    table = prospective.table(
        PROSPECTIVE.population, prospective.measures_in(("INTLK6_", "vas_", "madrs_"))
    )
    pain = table.loc[table["group"] == "pain"]
    assert confounded(pain, analysis, 0.0) == pytest.approx(  # type: ignore[arg-type]
        result["model"]["indirect"]
    )


SCRIPT = """
from analysis.plans import CURRENT
from analysis.run import Data, analyse_data, sha256_of
from demo.cut_frames import cut_frames
frames = cut_frames()
for plan, code in {asked!r}:
    print(code, sha256_of(analyse_data(Data(CURRENT[plan], frames), code)))
"""


def test_the_same_bytes_at_any_number_of_threads() -> None:
    asked = [
        ("published", "madrs_model"),
        ("published", "baseline_levels"),
        ("published", "mediation_il6"),
        ("prospective", "madrs_model"),
        ("prospective", "time_to_response"),
    ]
    said = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT.format(asked=asked)],
            env={**os.environ, "OMP_NUM_THREADS": n, "OPENBLAS_NUM_THREADS": n},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for n in ("1", "2")
    ]
    assert said[0].count("\n") == len(asked)
    assert said[0] == said[1]
