"""Mediation, with what an unmeasured confounder of its second step would change."""

import math

import numpy as np
import pandas as pd

from analysis.plan import Mediation, Population
from analysis.run.data import Data
from analysis.run.shape import Values, as_estimate, as_test, head
from analysis.statistics import mediation
from analysis.statistics.regression import least_squares


def mediated(data: Data, analysis: Mediation, population: Population) -> Values:
    columns = (analysis.x, analysis.m, analysis.y, *analysis.covariates)
    table = data.table(population, data.measures_in(columns))
    if analysis.subset:
        table = table.loc[table["group"] == analysis.subset]
    result = mediation(
        table,
        analysis.x,
        analysis.m,
        analysis.y,
        analysis.covariates,
        resamples=analysis.resamples,
        seed=analysis.seed,
        confidence=data.plan.confidence,
    )
    found = head(result)
    found["estimates"] = [as_estimate(row.path, row) for row in result.paths]
    found["estimates"].append(
        {
            **as_estimate(
                "indirect", {"estimate": result.indirect, "se": result.boot_se}
            ),
            "lower": result.percentile_lower,
            "upper": result.percentile_upper,
        }
    )
    found["tests"] = [
        as_test("indirect, Sobel", "z", result.sobel_z, [], result.sobel_p),
        as_test("indirect, Aroian", "z", result.aroian_z, [], result.aroian_p),
    ]
    return {
        "kind": "mediation",
        "x": analysis.x,
        "m": analysis.m,
        "y": analysis.y,
        "subset": analysis.subset,
        "resamples": analysis.resamples,
        "seed": analysis.seed,
        "said": list(analysis.said),
        **found,
        "confounded": [
            {"rho": rho, "indirect": confounded(table, analysis, rho)}
            for rho in analysis.rhos
        ],
        "model": result.to_dict(),
    }


def confounded(frame: pd.DataFrame, analysis: Mediation, rho: float) -> float:
    """The indirect effect if the errors of m and y are correlated by `rho`.

    Imai, Keele and Yamamoto (2010), theorem 4: with e1 and e2 the residuals of y and m
    on x, s1 and s2 their SDs and r their correlation, a (s1 / s2) (r - rho sqrt((1 -
    r²) / (1 - rho²))). At rho = 0 it is the product of the paths.
    """
    names = [analysis.x, analysis.m, analysis.y, *analysis.covariates]
    used = frame[names].dropna().astype("float64")
    columns = [np.ones(len(used)), used[analysis.x].to_numpy()]
    columns += [used[name].to_numpy() for name in analysis.covariates]
    X = np.column_stack(columns)
    of_m = least_squares(X, used[analysis.m].to_numpy())
    of_y = least_squares(X, used[analysis.y].to_numpy())
    s1, s2 = float(np.std(of_y.residuals)), float(np.std(of_m.residuals))
    r = math.fsum(of_y.residuals * of_m.residuals) / (len(used) * s1 * s2)
    a = float(of_m.estimates[1])
    return a * s1 / s2 * (r - rho * math.sqrt((1 - r * r) / (1 - rho * rho)))
