"""The columns that analyses name, made once from the frames of a cut."""

from functools import cached_property, lru_cache

import pandas as pd

from analysis.plan import (
    ByPainGroup,
    Course,
    Endpoint,
    Plan,
    Population,
    TimePoint,
)
from analysis.run.groups import (
    CONTROL,
    GROUPS,
    Frames,
    analysed,
    population_facts,
    population_of,
)
from analysis.run.levels import Levels, filled_in, levels_of
from analysis.run.ratings import days, time_to, totals
from trial.eligibility import PainRule

YES_NO = (
    "employed",
    "psychiatric_comorbidity",
    "family_history",
    "antipsychotic",
    "mood_stabiliser",
    "benzodiazepine",
)
NUMBERS = ("education_years", "illness_months", "antidepressant_dose_mg_day")


class Data:
    """The frames of a cut as one plan sees them. Kept by a worker between analyses."""

    def __init__(self, plan: Plan, frames: Frames) -> None:
        self.plan, self.frames = plan, frames
        self.people = lru_cache(maxsize=None)(self._people)
        self.levels = lru_cache(maxsize=None)(self._levels)
        self.by_visit = lru_cache(maxsize=None)(self._by_visit)
        self.columns = lru_cache(maxsize=None)(self._columns)
        self.groups = lru_cache(maxsize=None)(self._groups)

    def _people(self, population: Population, rule: PainRule) -> pd.DataFrame:
        return population_of(self.plan, population, rule, self.frames)

    def facts(self, population: Population, rule: PainRule) -> dict[str, object]:
        return population_facts(population, self.people(population, rule))

    def _groups(
        self, population: Population, rule: PainRule | None = None
    ) -> pd.Series:
        """The pain group of everybody analysed, by participant."""
        used = analysed(self.people(population, rule or self.plan.pain.rule))
        groups = used.set_index("participant")["group"]
        return groups.astype(pd.CategoricalDtype(list(GROUPS)))

    @cached_property
    def controls(self) -> pd.Series:
        everybody = self.frames["participants"]
        ids = everybody.loc[everybody["arm"] == CONTROL, "participant"].sort_values()
        return pd.Series(CONTROL, index=pd.Index(ids, name="participant"))

    def _levels(self, code: str, population: Population) -> Levels:
        assay = self.plan.assay
        levels = levels_of(assay, code, self.frames["cytokines"])
        if not assay.filled:
            return levels
        return filled_in(levels, self.groups(population).astype("object"))

    @cached_property
    def described(self) -> pd.DataFrame:
        """What the baseline form says of everybody, by participant."""
        form = self.frames["baseline"].set_index("participant").sort_index()
        enrolled = self.frames["participants"].set_index("participant")["enrolled_on"]
        found = pd.DataFrame(index=form.index)
        years = pd.to_datetime(enrolled.reindex(form.index)).dt.year
        found["age"] = (years - form["birth_year"]).astype("float64")
        found["sex"] = form["sex"]
        found["male"] = _yes_or_no(form["sex"] == "M")
        found["bmi"] = form["weight_kg"] / (form["height_cm"] / 100) ** 2
        for column in NUMBERS:
            found[column] = form[column].astype("float64")
        for column in YES_NO:
            found[column] = _yes_or_no(form[column])
        return found

    def table(
        self,
        population: Population,
        measures: tuple[str, ...],
        rule: PainRule | None = None,
    ) -> pd.DataFrame:
        """A row for everybody analysed: `participant`, `group`, the baseline form, and
        for each measure its visits and changes (`vas_day13`, `vas_change_day13`)."""
        groups = self.groups(population, rule)
        parts = [groups.to_frame(), self.described.reindex(groups.index)]
        parts += [
            self.columns(one, population).reindex(groups.index) for one in measures
        ]
        return pd.concat(parts, axis=1).reset_index(names="participant")

    def _columns(self, measure: str, population: Population) -> pd.DataFrame:
        wide = self.by_visit(measure, population)
        found = wide.add_prefix(f"{measure}_")
        if "baseline" in wide:
            fall = -wide.drop(columns="baseline").sub(wide["baseline"], axis=0)
            found = found.join(fall.add_prefix(f"{measure}_change_"))
        return found

    def _by_visit(self, measure: str, population: Population) -> pd.DataFrame:
        """A scale's totals or an analyte's levels: a row a participant, by visit."""
        for scale in self.plan.scales:
            if scale.code == measure:
                visits = sorted(set(self.frames["ratings"]["visit"]))
                return totals(self.frames["ratings"], scale, tuple(visits))
        return self.levels(measure, population).values

    def times(
        self,
        endpoint: Endpoint,
        population: Population,
        points: tuple[TimePoint, ...] = (),
    ) -> pd.DataFrame:
        """`days` and `event` of an endpoint over the visits, those of its course."""
        points = points or self._points_of(endpoint)
        visits = tuple(point.visit for point in points)
        ratings = self.frames["ratings"]
        wide = totals(ratings, endpoint.scale, visits)
        on = days(ratings, endpoint.scale, points)
        found = time_to(endpoint, wide, on, visits[1:])
        return found.reindex(self.groups(population).index)

    def _points_of(self, endpoint: Endpoint) -> tuple[TimePoint, ...]:
        for analysis in self.plan.analyses:
            if isinstance(analysis, Course) and analysis.scale == endpoint.scale:
                return analysis.points
        raise ValueError(f"The plan has no course of {endpoint.scale.name}.")

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Those that the plan crosses with the pain group, each once."""
        asked = [a.endpoint for a in self.plan.analyses if isinstance(a, ByPainGroup)]
        return tuple({endpoint.code: endpoint for endpoint in asked}.values())

    def plates(self, measure: str, population: Population) -> pd.DataFrame | None:
        """The plates of an analyte's levels by visit; None for a scale."""
        if measure not in dict(self.plan.assay.analytes):
            return None
        return self.levels(measure, population).plates

    def measures_in(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """The scales and analytes whose columns are among these."""
        codes = [scale.code for scale in self.plan.scales]
        codes += [code for code, _name in self.plan.assay.analytes]
        starts = {column.split("_")[0] for column in columns}
        return tuple(code for code in codes if code in starts)


def _yes_or_no(flags: pd.Series) -> pd.Series:
    words = flags.map({True: "yes", False: "no"})
    return words.astype(pd.CategoricalDtype(["no", "yes"]))
