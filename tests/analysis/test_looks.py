import dataclasses
import math

import pandas as pd
import pytest

from analysis.plans.prospective import PROSPECTIVE
from analysis.plans.published import PUBLISHED
from analysis.run import Data, as_bytes
from analysis.run.looks import look
from tests.analysis.made import as_published


def first(n: int) -> dict[str, pd.DataFrame]:
    """The first `n` with pain and the first `n` without."""
    made = as_published()
    people = made["participants"]["participant"]
    own = people.loc[people.str.slice(2).astype(int) < n]
    return {
        name: frame.loc[frame["participant"].isin(own)] for name, frame in made.items()
    }


def test_half_of_the_information_has_the_bound_of_obrien_and_fleming() -> None:
    # 17 and 17 of 66: 17 with pain respond, 16 without.
    found = look(Data(PROSPECTIVE, first(17)), 1)
    assert found["information"] == pytest.approx(34 / 66)
    # 2 - 2 Phi(2.2414 / sqrt(34 / 66)) = 0.00179 on each side, z = 2.912
    assert found["bound"] == pytest.approx(2.912, abs=2e-3)
    assert found["crossed"] is False
    assert found["z"] == pytest.approx(math.sqrt(found["result"]["test"]["chi2"]))
    assert 0 <= found["conditional_power"]["current_trend"] <= 1
    as_bytes(found)


def test_the_last_look_spends_what_is_left() -> None:
    found = look(Data(PROSPECTIVE, as_published()), 2)
    assert (found["information"], found["n"]) == (1.0, 66)
    assert found["stages"][-1]["cumulative_alpha"] == pytest.approx(0.05, abs=1e-6)
    assert found["conditional_power"] is None


def test_a_plan_without_looks_gives_none() -> None:
    with pytest.raises(ValueError, match="has no interim looks"):
        look(Data(PUBLISHED, as_published()), 1)


@pytest.mark.parametrize("number", [0, 3])
def test_a_look_that_is_not_planned_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=f"there is no look {number}"):
        look(Data(PROSPECTIVE, as_published()), number)


def test_an_interim_look_at_all_the_data_is_refused() -> None:
    assert PROSPECTIVE.looks is not None
    with pytest.raises(ValueError, match="less than all"):
        look(Data(PROSPECTIVE, as_published()), 1)
    later = dataclasses.replace(PROSPECTIVE.looks, information=(0.6, 0.8, 1.0))
    plan = dataclasses.replace(PROSPECTIVE, looks=later)
    with pytest.raises(ValueError, match=r"needs more than 0\.6"):
        look(Data(plan, first(17)), 2)
