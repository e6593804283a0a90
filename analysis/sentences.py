"""What the results of a run say, in sentences made from their numbers."""

from typing import Any

from django.utils.translation import gettext as _

from analysis.plan import Analysis, Course, Plan

Values = dict[str, Any]


def sentences(plan: Plan, results: dict[str, Values]) -> list[str]:
    """One for each main endpoint and course that is done, in the plan's order."""
    said = {"by_pain_group": of_endpoint, "course": of_course}
    return [
        said[results[analysis.code]["kind"]](
            plan, analysis.code, results[analysis.code]
        )
        for analysis in plan.analyses
        if analysis.code in results
        and results[analysis.code]["kind"] in said
        and is_main(analysis)
    ]


def is_main(analysis: Analysis) -> bool:
    """Over the plan's first population and by its own pain rule: no sensitivity."""
    return not (analysis.population or getattr(analysis, "rule", None))


def of_endpoint(plan: Plan, code: str, result: Values) -> str:
    without, with_pain = result["groups"]
    newcombe = interval(result, "risk_difference", "newcombe")
    words = {
        "endpoint": endpoint_name(result["endpoint"]),
        "pain": with_pain["events"],
        "n_pain": with_pain["n"],
        "pain_percent": f"{with_pain['percent']:.1f}",
        "no_pain": without["events"],
        "n_no_pain": without["n"],
        "no_pain_percent": f"{without['percent']:.1f}",
        "difference": points(newcombe["estimate"]),
        "lower": points(newcombe["lower"]),
        "upper": points(newcombe["upper"]),
        "p": p_value(result["test"]["p"]),
        "confidence": f"{100 * plan.confidence:g}",
    }
    return (
        _(
            "%(endpoint)s: %(pain)s of %(n_pain)s with pain (%(pain_percent)s %%) and "
            "%(no_pain)s of %(n_no_pain)s without (%(no_pain_percent)s %%), a "
            "difference of %(difference)s percentage points (%(confidence)s %% "
            "interval %(lower)s to %(upper)s; chi-square p %(p)s)."
        )
        % words
    )


def of_course(plan: Plan, code: str, result: Values) -> str:
    first, last = result["days"][0], result["days"][-1]
    means = {(row["group"], row["day"]): row["mean"] for row in result["means"]}
    return _(
        "%(scale)s: from baseline to day %(day)s the mean went from %(pain_first)s to "
        "%(pain_last)s with pain and from %(no_pain_first)s to %(no_pain_last)s "
        "without."
    ) % {
        "scale": scale_name(plan, code),
        "day": last,
        "pain_first": number(means["pain", first]),
        "pain_last": number(means["pain", last]),
        "no_pain_first": number(means["no-pain", first]),
        "no_pain_last": number(means["no-pain", last]),
    }


def scale_name(plan: Plan, code: str) -> str:
    analysis = plan.analysis(code)
    return _(analysis.scale.name) if isinstance(analysis, Course) else code


def doubt(plan: Plan, result: Values) -> str:
    """Said where the three tests stand on different sides of the plan's level."""
    test = result["test"]
    values = (test["p"], test["yates_p"], test["fisher_p"])
    below = [p < plan.alpha for p in values if p is not None]
    if all(below) or not any(below):
        return ""
    return _(
        "%(endpoint)s: the tests stand on both sides of %(alpha)s: chi-square "
        "%(p)s, with Yates's correction %(yates)s, Fisher's exact %(fisher)s."
    ) % {
        "endpoint": endpoint_name(result["endpoint"]),
        "alpha": plan.alpha,
        "p": p_value(values[0]),
        "yates": p_value(values[1]),
        "fisher": p_value(values[2]),
    }


def endpoint_name(code: str) -> str:
    return {"response": _("Response"), "remission": _("Remission")}.get(code, code)


def interval(result: Values, measure: str, method: str) -> Values:
    """The row of that measure and method; KeyError where the test has none."""
    for row in result["test"]["intervals"]:
        if (row["measure"], row["method"]) == (measure, method):
            found: Values = row
            return found
    raise KeyError(f"{measure} by {method}")


def points(share: float | None) -> str:
    """A share as percentage points with one decimal, an en dash for none."""
    return number(None if share is None else 100 * share)


def number(value: float | None, decimals: int = 1) -> str:
    """A number as it is printed; nothing is ever -0.0."""
    if value is None:
        return "–"
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def p_value(p: float | None) -> str:
    """Three decimals, as journals print it."""
    if p is None:
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"
