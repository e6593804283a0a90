"""Counts and descriptions: endpoints by group, Table 1, levels below the limit."""

import math
from collections import Counter
from typing import Any

import pandas as pd
from scipy.special import stdtrit

from analysis.plan import (
    BelowLimit,
    ByPainGroup,
    Comparison,
    CrossTable,
    Description,
    Filling,
    Population,
)
from analysis.run.data import Data
from analysis.run.groups import GROUPS
from analysis.run.ratings import reached, totals
from analysis.run.shape import Values, as_estimate, as_test, head, plain
from analysis.statistics import contingency, two_sample_t


def by_pain_group(data: Data, analysis: ByPainGroup, population: Population) -> Values:
    endpoint = analysis.endpoint
    visits = tuple(v for v in (endpoint.from_visit, endpoint.visit) if v)
    outcome = reached(endpoint, totals(data.frames["ratings"], endpoint.scale, visits))
    groups = data.groups(population, analysis.rule)
    event = outcome.reindex(groups.index).astype("object")
    event = event.where(event.notna(), None)
    not_rated = int(event.isna().sum())
    if analysis.missing_is_no:
        event = event.fillna("no")
    frame = pd.DataFrame(
        {
            "group": groups,
            "event": pd.Categorical(event, categories=["no", "yes"]),
        }
    )
    return {
        "kind": "by_pain_group",
        "endpoint": endpoint.code,
        "groups": [counted(frame, group) for group in GROUPS],
        "counted_as_no": not_rated if analysis.missing_is_no else 0,
        **_crossed(data, frame, analysis.family),
    }


def cross_table(data: Data, analysis: CrossTable, population: Population) -> Values:
    table = data.table(population, data.measures_in((analysis.column,)))
    frame = pd.DataFrame({"group": table["group"], "event": table[analysis.column]})
    return {
        "kind": "cross_table",
        "column": analysis.column,
        "groups": [counted(frame, group) for group in GROUPS],
        **_crossed(data, frame, analysis.family),
    }


def _crossed(data: Data, frame: pd.DataFrame, family: str) -> Values:
    test = contingency(frame, "group", "event", confidence=data.plan.confidence)
    whole = test.to_dict()
    found = head(test)
    found["estimates"] = [
        {
            "name": f"{row['measure']}, {row['method']}",
            **{key: row[key] for key in ("estimate", "lower", "upper")},
            **{"se": None, "df": None, "p": None},
        }
        for row in whole.get("intervals", ())
    ]
    found["tests"] = [
        as_test("Pearson", "chi2", test.chi2, [test.df], test.p, family),
        as_test("Fisher", "", None, [], test.fisher_p),
    ]
    if "yates_p" in whole:
        found["tests"].insert(
            1, as_test("Yates", "chi2", whole["yates_chi2"], [1], whole["yates_p"])
        )
    return {**found, "test": whole}


def counted(frame: pd.DataFrame, group: str) -> Values:
    known = frame.loc[(frame["group"] == group) & frame["event"].notna()]
    events = int((known["event"] == "yes").sum())
    return {
        "group": group,
        "n": len(known),
        "events": events,
        "percent": 100 * events / len(known) if len(known) else None,
        "missing": int((frame["group"] == group).sum()) - len(known),
    }


def comparison(data: Data, analysis: Comparison, population: Population) -> Values:
    frame = with_times(data, (analysis.column,), population)
    test = two_sample_t(
        frame,
        analysis.column,
        "group",
        equal_variance=analysis.equal_variance,
        confidence=data.plan.confidence,
    )
    whole = test.to_dict()
    found = head(test)
    found["estimates"] = [
        as_estimate("no-pain - pain", {**whole, "estimate": test.difference}),
        {
            **as_estimate("Cohen's d", {"estimate": test.cohens_d}),
            "lower": test.cohens_d_lower,
            "upper": test.cohens_d_upper,
        },
    ]
    found["tests"] = [
        as_test("no-pain - pain", "t", test.t, [test.df], test.p, analysis.family)
    ]
    return {
        "kind": "comparison",
        "column": analysis.column,
        "means": _described(data, frame, analysis.column),
        **found,
        "test": whole,
    }


def with_times(
    data: Data, columns: tuple[str, ...], population: Population
) -> pd.DataFrame:
    """The table of the columns; `days_to_...` as the plan's endpoints give them."""
    table = data.table(population, data.measures_in(columns))
    for endpoint in data.endpoints:
        column = f"days_to_{endpoint.code}"
        if column in columns:
            table[column] = data.times(endpoint, population)["days"].to_numpy()
    return table


def description(data: Data, analysis: Description, population: Population) -> Values:
    table = data.table(population, data.measures_in(analysis.columns))
    if analysis.subset:
        table = table.loc[table["group"] == analysis.subset]
    return {
        "kind": "description",
        "columns": [
            {"column": column, "rows": _described(data, table, column)}
            for column in analysis.columns
        ],
        **plain("n, mean and SD, or counts", len(table)),
    }


def _described(data: Data, table: pd.DataFrame, column: str) -> list[Values]:
    """A row for all and for each group: n, mean, SD and interval, or events."""
    found = []
    for group in ("all", *GROUPS):
        rows = table if group == "all" else table.loc[table["group"] == group]
        if isinstance(table[column].dtype, pd.CategoricalDtype):
            known = rows[column].dropna()
            events = int((known == "yes").sum())
            share = {"percent": 100 * events / len(known) if len(known) else None}
            found.append({"group": group, "n": len(known), "events": events, **share})
        else:
            found.append(
                {"group": group, **mean_of(rows[column], data.plan.confidence)}
            )
    return found


def below_limit(data: Data, analysis: BelowLimit, population: Population) -> Values:
    levels, groups = data.levels(analysis.analyte, population), data.groups(population)
    shares, found = (
        [],
        plain("Shares below the limit; Fisher's exact test", len(groups)),
    )
    for visit in data.plan.assay.visits:
        below = levels.below[visit].reindex(groups.index)
        for group in GROUPS:
            known = below.loc[groups == group].dropna()
            shares.append(_share(visit, group, known))
        frame = pd.DataFrame({"group": groups, "below": below}).dropna()
        if frame["below"].nunique() > 1 and frame["group"].nunique() > 1:
            frame["below"] = frame["below"].map({0.0: "no", 1.0: "yes"})
            test = contingency(frame.astype({"below": "category"}), "group", "below")
            found["tests"].append(as_test(visit, "", None, [], test.fisher_p))
    most = max((row["share"] or 0.0 for row in shares), default=0.0)
    limit = data.plan.assay.most_below
    return {
        "kind": "below_limit",
        "analyte": analysis.analyte,
        "lloq_pg_ml": levels.lloq,
        "shares": shares,
        "means_are_tested": limit is None or most <= limit,
        **found,
    }


def _share(visit: str, group: str, known: pd.Series) -> Values:
    n, below = len(known), int(known.sum())
    share = below / n if n else None
    return {"visit": visit, "group": group, "n": n, "below": below, "share": share}


def filling(data: Data, analysis: Filling, population: Population) -> Values:
    rows = [
        {"analyte": code, "visit": visit, "participant": who}
        for code, _name in data.plan.assay.analytes
        for who, visit in data.levels(code, population).filled
    ]
    counts = Counter((row["analyte"], row["visit"]) for row in rows)
    return {
        "kind": "filling",
        "filled": [
            {"analyte": analyte, "visit": visit, "n": n}
            for (analyte, visit), n in counts.items()
        ],
        "participants": len({row["participant"] for row in rows}),
        **plain(
            "Expectation maximisation of a multivariate normal: baseline, day 13, day "
            "26 and group, one analyte at a time",
            len(rows),
        ),
    }


def mean_of(values: pd.Series, confidence: float) -> dict[str, Any]:
    """n, mean, SD and t interval; None for what so few values do not give."""
    known = sorted(values.dropna().tolist())
    n = len(known)
    mean = math.fsum(known) / n if n else None
    if mean is None or n < 2:
        return {"n": n, "mean": mean, "sd": None, "lower": None, "upper": None}
    sd = math.sqrt(math.fsum((v - mean) ** 2 for v in known) / (n - 1))
    reach = float(stdtrit(n - 1, (1 + confidence) / 2)) * sd / math.sqrt(n)
    return {
        "n": n,
        "mean": mean,
        "sd": sd,
        "lower": mean - reach,
        "upper": mean + reach,
    }
