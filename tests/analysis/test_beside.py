import pytest

from analysis.beside import beside
from analysis.plans import CURRENT
from analysis.plans.pairs import PAIRS
from analysis.run import Data, analyse_data
from tests.analysis.made import as_published


def p(value: float | None, name: str) -> dict[str, dict[str, object]]:
    return {"response_by_pain": {"tests": [{"name": name, "p": value}]}}


def test_response_is_significant_only_without_correction() -> None:
    code = "response_by_pain"
    published, prospective = (
        {code: analyse_data(Data(CURRENT[plan], as_published()), code)}
        for plan in ("published", "prospective")
    )
    found = beside(PAIRS[0], published, prospective, 0.05)
    assert (found.published, found.prospective) == ("0.044", "0.077")
    assert found.agree is False
    assert "only without correction" in found.why


def test_where_they_agree_nothing_is_explained() -> None:
    found = beside(PAIRS[0], p(0.01, "Pearson"), p(0.02, "Fisher"), 0.05)
    assert (found.agree, found.why) == (True, "")


def test_what_was_not_run_is_neither() -> None:
    assert beside(PAIRS[0], {}, p(0.02, "Fisher"), 0.05).agree is None


@pytest.mark.parametrize("side", ["published", "prospective"])
def test_every_pair_names_analyses_of_its_plan(side: str) -> None:
    for pair in PAIRS:
        CURRENT[side].analysis(getattr(pair, side)[0])
