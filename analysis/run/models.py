"""Mixed models, MANCOVA and regressions of a plan."""

import pandas as pd

from analysis.plan import Mancova, MixedModel, Population, PostHoc, Regression
from analysis.run.data import Data
from analysis.run.groups import CONTROL, GROUPS
from analysis.run.shape import Values, as_estimate, as_test, head
from analysis.statistics import mancova, mixed_model, regression
from analysis.statistics.formula import parse_formula
from analysis.statistics.mixed.result import MixedModel as Fitted


def mixed(data: Data, analysis: MixedModel, population: Population) -> Values:
    _refuse_means(data, analysis.measure, population)
    frame = long(data, analysis, population)
    fitted = mixed_model(
        analysis.formula,
        frame,
        analysis.subject,
        random=analysis.random or None,
        repeated=analysis.repeated or None,
        time="visit" if analysis.repeated else None,
        ddf=analysis.ddf,
    )
    found = head(fitted)
    found["estimates"] = [as_estimate(row.term, row) for row in fitted.coefficients]
    for row in fitted.type3().rows:
        family = analysis.family if row.term == analysis.family_term else ""
        df = [row.num_df, row.den_df]
        found["tests"].append(as_test(row.term, "F", row.F, df, row.p, family))
    return {
        "kind": "mixed_model",
        "measure": analysis.measure,
        "subset": analysis.subset,
        **found,
        "n_subjects": fitted.n_subjects,
        "means": _means(analysis, fitted),
        "post_hoc": [_post_hoc(ask, fitted) for ask in analysis.post_hoc],
        "model": fitted.to_dict(),
    }


def long(data: Data, analysis: MixedModel, population: Population) -> pd.DataFrame:
    """A row a person and visit; the measure under its own name, `plate` for levels."""
    columns = parse_formula(analysis.formula).columns
    measures = dict.fromkeys((analysis.measure, *data.measures_in(columns)))
    table = data.table(population, tuple(measures))
    if analysis.subset:
        table = table.loc[table["group"] == analysis.subset]
    wide = data.by_visit(analysis.measure, population)
    plates = data.plates(analysis.measure, population)
    parts = []
    for visit in analysis.visits:
        values = wide[visit].reindex(table["participant"]).to_numpy()
        part = table.assign(**{analysis.measure: values}, visit=visit)
        if plates is not None:
            part["plate"] = plates[visit].reindex(table["participant"]).to_numpy()
        parts.append(part)
    frame = pd.concat(parts, ignore_index=True)
    frame["visit"] = pd.Categorical(frame["visit"], categories=list(analysis.visits))
    return frame


def _refuse_means(data: Data, measure: str, population: Population) -> None:
    """No test of means where too many of a group stand below the limit."""
    limit = data.plan.assay.most_below
    if limit is None or measure not in dict(data.plan.assay.analytes):
        return
    below, groups = data.levels(measure, population).below, data.groups(population)
    for visit in below.columns:
        for group in GROUPS:
            known = below[visit].reindex(groups.index[groups == group]).dropna()
            if len(known) and known.mean() > limit:
                raise ValueError(
                    f"{data.plan.assay.name(measure)} stands below the limit in "
                    f"{int(known.sum())} of {len(known)} at {visit} ({group}), more "
                    f"than {100 * limit:g} %: means are not as_test, the shares are "
                    "compared."
                )


def _means(analysis: MixedModel, fitted: Fitted) -> list[Values]:
    """Marginal means by group and visit, where the model has both."""
    right = parse_formula(analysis.formula).predictors
    factors = [name for name in ("group", "visit") if name in right]
    if not factors:
        return []
    by = factors[1] if len(factors) > 1 else None
    return [dict(row) for row in fitted.means(factors[0], by).rows]


def _post_hoc(ask: PostHoc, fitted: Fitted) -> Values:
    """Contrasts with p as it is and times the size of the declared family."""
    contrasts = fitted.contrasts(ask.factor, ask.by or None, method=ask.method)
    rows = []
    for row in contrasts.rows:
        p = row["p"]
        times = None if p is None else min(1.0, float(p) * ask.times)
        rows.append({**row, "p_times": times})
    return {
        "factor": ask.factor,
        "by": ask.by,
        "contrasts_of": ask.method,
        "times": ask.times,
        "rows": rows,
    }


def multivariate(data: Data, analysis: Mancova, population: Population) -> Values:
    patients, controls = data.groups(population).astype("object"), data.controls
    groups = pd.concat([patients, controls])
    frame = data.described.reindex(groups.index)
    frame["group"] = pd.Categorical(groups, categories=[*GROUPS, CONTROL])
    codes = [code for code, _name in data.plan.assay.analytes]
    for code in codes:
        levels = data.levels(code, population).values
        frame[code] = levels["baseline"].reindex(groups.index)
    test = mancova(frame, codes, "group", analysis.covariates)
    whole = test.to_dict()
    found = head(test)
    found["tests"] = [
        as_test(
            f"{row['term']}, {row['statistic']}",
            "F",
            row["F"],
            [row["num_df"], row["den_df"]],
            row["p"],
        )
        for row in whole["multivariate"]
        if row["term"] == "group"
    ] + [
        as_test(row["outcome"], "F", row["F"], [row["num_df"], row["den_df"]], row["p"])
        for row in whole["univariate"]
        if row["term"] == "group"
    ]
    return {"kind": "mancova", **found, "model": whole}


def linear(data: Data, analysis: Regression, population: Population) -> Values:
    columns = parse_formula(analysis.formula).columns
    measures = data.measures_in(columns)
    for measure in measures:
        _refuse_means(data, measure, population)
    table = data.table(population, measures)
    if analysis.subset:
        table = table.loc[table["group"] == analysis.subset]
    fitted = regression(analysis.formula, table, covariance=analysis.covariance)
    found = head(fitted)
    for row in fitted.coefficients:
        more = {"standardised_beta": row.standardised_beta, "vif": row.vif}
        found["estimates"].append(
            {**as_estimate(row.term, row, **more), "df": fitted.den_df}
        )
        if row.term == analysis.term:
            found["tests"] = [
                as_test(row.term, "t", row.t, [fitted.den_df], row.p, analysis.family)
            ]
    return {
        "kind": "regression",
        "formula": analysis.formula,
        "term": analysis.term,
        "subset": analysis.subset,
        **found,
        "r_squared": fitted.r_squared,
    }
