"""What the page of a run shows: stored results only, nothing computed anew."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from analysis.curves import CurveFigure
from analysis.figures import course_option, course_rows, endpoint_row
from analysis.models import AnalysisResult, Run
from analysis.plan import ByPainGroup, Course, Plan, Survival
from analysis.plans import PLANS
from analysis.result_lines import ResultLine, result_line
from analysis.sentences import doubt, is_main, of_course, sentences
from analysis.titles import title_of

State = AnalysisResult.State


@dataclass(frozen=True)
class Progress:
    """How far a run is, as `_progress.html` says it."""

    doing: str
    done: int
    total: int
    name: str = "run"


@dataclass(frozen=True)
class CourseFigure:
    code: str
    title: str
    finding: str
    analysis: Course
    result: dict[str, Any]

    @property
    def option(self) -> dict[str, Any]:
        return course_option(self.analysis, self.result)

    @property
    def rows(self) -> list[dict[str, Any]]:
        return course_rows(self.analysis, self.result)

    @property
    def is_sample(self) -> bool:
        return len(self.result["lines"]) < int(self.result["lines_of"])


@dataclass(frozen=True)
class Dashboard:
    plan: Plan
    rows: list[AnalysisResult]
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    families: dict[str, Any] | None = None

    @property
    def finished(self) -> int:
        return sum(row.shown_state != State.WAITING for row in self.rows)

    @property
    def failed(self) -> int:
        return sum(row.shown_state == State.FAILED for row in self.rows)

    @property
    def cancelled(self) -> int:
        return sum(row.state == State.CANCELLED for row in self.rows)

    @property
    def permanent(self) -> tuple[str, ...]:
        """What stands over the results whatever they say."""
        return self.plan.sentences_at("results")

    @property
    def under_cytokines(self) -> tuple[str, ...]:
        return self.plan.sentences_at("cytokines")

    @property
    def is_running(self) -> bool:
        return self.finished < len(self.rows)

    @property
    def progress(self) -> Progress:
        waiting = (row for row in self.rows if row.shown_state == State.WAITING)
        doing = next((title_of(self.plan.analysis(row.code)) for row in waiting), "")
        return Progress(doing, self.finished, len(self.rows))

    @cached_property
    def population(self) -> dict[str, Any] | None:
        """Who was analysed in those that name no other population."""
        first = self.plan.population.code
        facts = (result["population"] for result in self.done.values())
        return next((one for one in facts if one["code"] == first), None)

    @property
    def sentences(self) -> list[str]:
        return sentences(self.plan, self.done)

    @property
    def doubts(self) -> list[str]:
        said = [doubt(self.plan, self.done[row.code]) for row in self.of(ByPainGroup)]
        return [sentence for sentence in said if sentence]

    @property
    def warnings(self) -> list[str]:
        """What the methods themselves say the reader must know."""
        tests = [self.done[row.code]["test"] for row in self.of(ByPainGroup)]
        return list(dict.fromkeys(w["message"] for t in tests for w in t["warnings"]))

    @cached_property
    def adjusted(self) -> dict[tuple[str, str], float | None]:
        """P values adjusted in their families, by analysis and test."""
        return {
            (test["code"], test["name"]): test["adjusted"]
            for family in (self.families or {}).values()
            for test in family["tests"]
        }

    @property
    def lines(self) -> list[ResultLine]:
        """Every analysis of the run, finished or not, in the plan's order."""
        return [
            result_line(self.plan, row, self.done.get(row.code), self.adjusted)
            for row in self.rows
        ]

    @property
    def endpoints(self) -> list[dict[str, str]]:
        return [
            {
                "code": row.code,
                **endpoint_row(self.plan, row.code, self.done[row.code]),
            }
            for row in self.of(ByPainGroup)
        ]

    @property
    def courses(self) -> list[CourseFigure]:
        found = []
        for row in self.of(Course):
            analysis = self.plan.analysis(row.code)
            assert isinstance(analysis, Course)
            result = self.done[row.code]
            finding = of_course(self.plan, row.code, result)
            title = title_of(analysis)
            found.append(CourseFigure(row.code, title, finding, analysis, result))
        return found

    @property
    def curves(self) -> list[CurveFigure]:
        found = []
        for row in self.of(Survival):
            analysis = self.plan.analysis(row.code)
            assert isinstance(analysis, Survival)
            title, result = title_of(analysis), self.done[row.code]
            found.append(CurveFigure(row.code, title, analysis.horizon, result))
        return found

    def of(
        self, kind: type[ByPainGroup] | type[Course] | type[Survival]
    ) -> list[AnalysisResult]:
        """The results of one kind of analysis that are done, in the plan's order."""
        return [
            row
            for row in self.rows
            if row.code in self.done
            and isinstance(self.plan.analysis(row.code), kind)
            and is_main(self.plan.analysis(row.code))
        ]


def dashboard(run: Run) -> Dashboard:
    rows = list(run.results.select_related("job"))
    done = {row.code: row.result for row in rows if row.result is not None}
    return Dashboard(PLANS[run.plan, run.plan_version], rows, done, run.families)
