"""One analysis of a plan over the frames of a cut: plain values that JSON can hold.

Pure, and the same bytes for the same cut and plan: rows are taken in the order of the
participants' ids, and nothing depends on a clock, a place or the number of threads.
What a result holds is said in `docs/analysis.md`.
"""

import hashlib
import json

from analysis.plan import (
    Analysis,
    BelowLimit,
    ByPainGroup,
    Comparison,
    Course,
    CrossTable,
    Description,
    Filling,
    Mancova,
    Mediation,
    MixedModel,
    Plan,
    Population,
    Regression,
    Survival,
)
from analysis.run import courses, mediations, models, tables
from analysis.run.data import Data
from analysis.run.groups import Frames
from analysis.run.shape import Values

__all__ = [
    "Data",
    "Frames",
    "Values",
    "analyse",
    "analyse_data",
    "as_bytes",
    "sha256_of",
]


def analyse(plan: Plan, code: str, frames: Frames) -> Values:
    """The result of the plan's analysis `code`.

    Raises ValueError, in a statistician's words, where it cannot be done with these
    rows, and KeyError for a code that the plan has not.
    """
    return analyse_data(Data(plan, frames), code)


def analyse_data(data: Data, code: str) -> Values:
    """The same over what a worker keeps between two analyses of one run."""
    analysis = data.plan.analysis(code)
    population = data.plan.population_of(analysis)
    rule = getattr(analysis, "rule", None) or data.plan.pain.rule
    result = _run(data, analysis, population)
    return {
        "population": data.facts(population, rule),
        "improper": analysis.improper,
        **result,
    }


def _run(data: Data, analysis: Analysis, population: Population) -> Values:
    """Each kind by its own function; a kind without one does not pass mypy."""
    match analysis:
        case ByPainGroup():
            return tables.by_pain_group(data, analysis, population)
        case CrossTable():
            return tables.cross_table(data, analysis, population)
        case Comparison():
            return tables.comparison(data, analysis, population)
        case Description():
            return tables.description(data, analysis, population)
        case BelowLimit():
            return tables.below_limit(data, analysis, population)
        case Filling():
            return tables.filling(data, analysis, population)
        case Course():
            return courses.course(data, analysis, population)
        case _:
            return _fitted(data, analysis, population)


def _fitted(
    data: Data,
    analysis: Survival | MixedModel | Mancova | Regression | Mediation,
    population: Population,
) -> Values:
    match analysis:
        case Survival():
            return courses.survival(data, analysis, population)
        case MixedModel():
            return models.mixed(data, analysis, population)
        case Mancova():
            return models.multivariate(data, analysis, population)
        case Regression():
            return models.linear(data, analysis, population)
        case Mediation():
            return mediations.mediated(data, analysis, population)


def as_bytes(result: Values) -> bytes:
    """The result as it is hashed: sorted keys, no spaces, no NaN."""
    text = json.dumps(
        result,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return text.encode()


def sha256_of(result: Values) -> str:
    return hashlib.sha256(as_bytes(result)).hexdigest()
