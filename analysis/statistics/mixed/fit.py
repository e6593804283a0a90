"""`mixed_model`: linear mixed models and models of repeated measures."""

import dataclasses
import math

import numpy as np
import pandas as pd

from analysis.statistics.arguments import refuse_option
from analysis.statistics.result import Matrix, Warned

from .blas import Array
from .covariance import OverVisits, RandomEffects
from .data import ModelData, random_data, repeated_data
from .effects import Effects
from .inference import (
    Inference,
    Residual,
    kenward_roger_expected,
    kenward_roger_linear,
    satterthwaite,
)
from .likelihood import Objective
from .optimiser import Optimum, minimise
from .result import Coefficient, MixedModel, without_df

DDF = {
    "satterthwaite": "Satterthwaite",
    "kenward-roger": "Kenward-Roger",
    "residual": "residual df",
}
NO_VARIANCE = 1e-4  # of the residual standard deviation


def mixed_model(
    formula: str,
    frame: pd.DataFrame,
    subject: str,
    random: str | None = None,
    repeated: str | None = None,
    time: str | None = None,
    ddf: str = "satterthwaite",
    reml: bool = True,
) -> MixedModel:
    """Fit y_i = X_i b + e_i, e_i ~ N(0, V_i), for the rows i of each subject.

    `random` (the right side of a formula, "1" or "1 + day"; "1" when neither is given):
    V_i = Z_i G Z_i' + sigma2 I with an unstructured G. `repeated` with `time`: V_i is
    the part of one covariance over the levels of `time` that the subject was seen at;
    "unstructured", "compound_symmetry", "heterogeneous_compound_symmetry", "ar1" (by
    places in the order of `time`, a missed one keeping its place), "heterogeneous_ar1".

    `frame` has one row a subject and visit; the formula names its columns, numbers in
    any unit. A row that lacks any named column is left out and counted. `ddf` gives the
    degrees of freedom: "satterthwaite"; "kenward-roger", REML only (random effects:
    with the expected information, as pbkrtest; repeated: with the observed information
    and without second derivatives, as SAS's kr(linear)); "residual" (rows less
    coefficients).

    The log-likelihood under REML is that of treatment coding, without log|X'X|. AIC and
    BIC: random effects count all parameters and log rows; repeated measures under REML
    the parameters of covariance alone, under ML all, and log subjects. A variance at
    its bound of zero is `singular`, a fit without an optimum `converged` False, both
    with a warning; neither changes the model.

    ValueError: unknown columns and options, two rows of a subject at one visit, an
    empty cell, exact combinations of terms, too few rows or subjects, `random` together
    with `repeated`.

    Sources: Laird and Ware (1982), Biometrics 38:963-974; Jennrich and Schluchter
    (1986), Biometrics 42:805-820; Fai and Cornelius (1996); Kenward and Roger (1997).
    """
    _refuse_arguments(random, repeated, time, ddf, reml)
    if repeated is not None and time is not None:
        data = repeated_data(formula, frame, subject, repeated, time)
    else:
        data = random_data(formula, frame, subject, random or "1")
    optimum = minimise(Objective(data.covariance, reml), data.covariance.start())
    return _result(
        data, optimum, ddf, reml, _method(data, subject, repeated, ddf, reml)
    )


def _refuse_arguments(
    random: str | None, repeated: str | None, time: str | None, ddf: str, reml: bool
) -> None:
    refuse_option(ddf, "ddf", tuple(DDF))
    if random is not None and repeated is not None:
        raise ValueError(
            f"random='{random}' and repeated='{repeated}' are two models of the same "
            "correlation within a subject; give one of them."
        )
    if repeated is not None and time is None:
        raise ValueError(
            f"repeated='{repeated}' needs time: the column of the visits that the "
            "covariance runs over."
        )
    if repeated is None and time is not None:
        raise ValueError(
            f"time='{time}' belongs to a covariance over visits: give repeated, or "
            "leave time out."
        )
    if ddf == "kenward-roger" and not reml:
        raise ValueError(
            "ddf='kenward-roger' is defined for REML: take reml=True, or "
            "ddf='satterthwaite' with maximum likelihood."
        )


def _method(
    data: ModelData, subject: str, repeated: str | None, ddf: str, reml: bool
) -> str:
    likelihood = "REML" if reml else "ML"
    if repeated is None:
        effects = " and ".join(data.labels).replace("Intercept", "intercept")
        return (
            f"Linear mixed model, {likelihood}, random {effects} by {subject}, "
            f"{DDF[ddf]}"
        )
    structure = repeated.replace("_", " ").replace("ar1", "AR(1)")
    return (
        f"Repeated-measures model, {likelihood}, {structure} covariance by {subject}, "
        f"{DDF[ddf]}"
    )


def _inference(data: ModelData, optimum: Optimum, ddf: str) -> Inference:
    model = data.covariance
    if ddf == "residual":
        residual = float(data.used.n - len(data.design.names))
        return Residual(optimum.point.phi, residual)
    if ddf == "kenward-roger" and isinstance(model, RandomEffects):
        return kenward_roger_expected(optimum, model)
    slopes = model.slopes(optimum.theta)
    if ddf == "kenward-roger":
        return kenward_roger_linear(optimum, slopes)
    return satterthwaite(optimum, slopes)


def _result(
    data: ModelData, optimum: Optimum, ddf: str, reml: bool, method: str
) -> MixedModel:
    at = data.coordinates
    inference = _inference(data, optimum, ddf)
    effects = Effects(optimum.point.beta, at.offset, at.turn, at.scale, inference)
    names = data.design.names
    coefficients = tuple(
        Coefficient(name, *effects.estimate(row))
        for name, row in zip(names, np.eye(len(names)), strict=True)
    )
    log_likelihood = _log_likelihood(data, optimum, reml)
    aic, bic = _criteria(data, len(optimum.theta), log_likelihood, reml)
    random, residual, variance = _covariances(data, optimum)
    singular = _singular(data.covariance, optimum.theta)
    return MixedModel(
        method=method,
        converged=optimum.converged,
        warnings=(
            *_fit_warnings(optimum, singular),
            *without_df([c.term for c in coefficients if c.df is None]),
        ),
        n_observations=data.used.n,
        n_left_out=data.used.n_left_out,
        left_out=data.used.left_out,
        n_subjects=data.n_subjects,
        log_likelihood=log_likelihood,
        aic=aic,
        bic=bic,
        residual_variance=variance,
        singular=singular,
        coefficients=coefficients,
        fixed_covariance=_matrix(names, effects.covariance()),
        random_covariance=random,
        residual_covariance=residual,
        _effects=effects,
        # The fit is done: the result need not hold on to every row of the design.
        _design=dataclasses.replace(data.design, matrix=np.empty((0, len(names)))),
    )


def _log_likelihood(data: ModelData, optimum: Optimum, reml: bool) -> float:
    n, p = data.used.n, len(data.design.names)
    free = n - p if reml else n
    deviance = optimum.point.deviance
    deviance += free * math.log(2 * math.pi * data.coordinates.scale**2)
    if reml:
        deviance += 2 * data.coordinates.log_determinant
    return -deviance / 2


def _criteria(
    data: ModelData, n_covariance: int, log_likelihood: float, reml: bool
) -> tuple[float, float]:
    random = isinstance(data.covariance, RandomEffects)
    n_fixed = len(data.design.names) if random or not reml else 0
    count = n_fixed + n_covariance
    size = data.used.n if random else data.n_subjects
    return -2 * log_likelihood + 2 * count, -2 * log_likelihood + math.log(size) * count


def _covariances(
    data: ModelData, optimum: Optimum
) -> tuple[Matrix | None, Matrix | None, float | None]:
    """Of the random effects, of the residuals over time, and the one variance."""
    model, square = data.covariance, data.coordinates.scale**2
    if isinstance(model, RandomEffects):
        G, sigma2 = model.parts(optimum.theta)
        return _matrix(data.labels, square * G), None, square * sigma2
    sigma = square * model.structure.matrix(optimum.theta)
    variance = float(sigma[0, 0]) if model.structure.one_variance else None
    return None, _matrix(data.labels, sigma), variance


def _singular(model: OverVisits | RandomEffects, theta: Array) -> bool:
    return model.smallest_share(theta) < NO_VARIANCE


def _fit_warnings(optimum: Optimum, singular: bool) -> tuple[Warned, ...]:
    warnings: list[Warned] = []
    if not optimum.converged:
        warnings.append(
            Warned(
                "not_converged",
                f"No optimum of the likelihood found in {optimum.iterations} steps; "
                "estimates and tests are those of the last step and not to be used.",
            )
        )
    if singular:
        warnings.append(
            Warned(
                "singular_fit",
                "A variance is estimated at its bound of zero, or a correlation at one "
                "(below 1e-4 of the residual standard deviation).",
            )
        )
    return tuple(warnings)


def _matrix(labels: tuple[str, ...], values: Array) -> Matrix:
    return Matrix(labels, tuple(tuple(row) for row in values.tolist()))
