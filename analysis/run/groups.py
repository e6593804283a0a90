"""Who is in a population, in which pain group, and who is not and why."""

import math
from collections.abc import Mapping

import pandas as pd

from analysis.plan import PainSource, Plan, Population
from analysis.run.ratings import totals
from trial.eligibility import PainRule, pain_group

Frames = Mapping[str, pd.DataFrame]
Values = dict[str, object]

GROUPS = ("no-pain", "pain")
CONTROL = "control"
REASONS = {"few": "too few infusions", "rated": "not rated", "group": "no pain group"}


def population_of(
    plan: Plan, population: Population, rule: PainRule, frames: Frames
) -> pd.DataFrame:
    """Everybody of the population's arm: `participant`, `group`, `out`.

    `group` is pain, no-pain, or None where the baseline answers do not decide it; `out`
    is why the person is not analysed, empty for who is.
    """
    everybody = frames["participants"]
    people = everybody.loc[everybody["arm"] == population.arm]
    people = people.sort_values("participant", ignore_index=True)
    groups = pain_groups(plan.pain, rule, frames["ratings"])
    rated = _rated(plan, population, frames["ratings"])
    found = pd.DataFrame({"participant": people["participant"].astype("object")})
    found["group"] = pd.Series(
        [groups.get(one) for one in people["participant"]], dtype="object"
    )
    enough = people["infusions_started"] >= population.least_infusions
    out = pd.Series("", index=found.index, dtype="object")
    out = out.mask(found["group"].isna(), REASONS["group"])
    if rated is not None:
        out = out.mask(~found["participant"].isin(rated), REASONS["rated"])
    found["out"] = out.mask(~enough, REASONS["few"])
    return found


def _rated(
    plan: Plan, population: Population, ratings: pd.DataFrame
) -> set[str] | None:
    """Who has the plan's first scale at every visit that the population asks for."""
    if not population.rated_at:
        return None
    wide = totals(ratings, plan.scales[0], population.rated_at)
    return set(wide.index[wide.notna().all(axis=1)])


def pain_groups(
    source: PainSource, rule: PainRule, ratings: pd.DataFrame
) -> dict[str, str | None]:
    """The pain group of each participant who has the sheet that decides it."""
    sheet = ratings.loc[
        (ratings["visit"] == source.visit)
        & (ratings["instrument"] == source.instrument)
        & (ratings["kind"] == "item")
    ]
    answers: dict[str, dict[str, int | None]] = {}
    rows = zip(sheet["participant"], sheet["measure"], sheet["value"], strict=True)
    for participant, item, value in rows:
        known = None if math.isnan(value) else int(value)
        answers.setdefault(str(participant), {})[item] = known
    return {one: _group(source, rule, values) for one, values in answers.items()}


def _group(
    source: PainSource, rule: PainRule, values: Mapping[str, int | None]
) -> str | None:
    pain = pain_group(
        rule,
        vas_mm=values.get(source.vas_mm),
        ppi=values.get(source.ppi),
        descriptors=[values.get(code) for code in source.descriptors],
    ).pain
    return None if pain is None else GROUPS[pain]


def analysed(people: pd.DataFrame) -> pd.DataFrame:
    return people.loc[people["out"] == ""]


def population_facts(population: Population, people: pd.DataFrame) -> dict[str, object]:
    """How many there are, and who of the cut's arm is not, by reason."""
    used = analysed(people)
    counts = people["out"].value_counts()
    return {
        "code": population.code,
        "n": len(used),
        "groups": {group: int((used["group"] == group).sum()) for group in GROUPS},
        "excluded": [
            {"reason": reason, "n": int(counts[reason])}
            for reason in REASONS.values()
            if reason in counts
        ],
    }
