"""Linear mixed models and models of repeated measures.

The likelihood is taken from cross-products of the data (`moments`, `likelihood`) for a
covariance over visits or random effects (`structures`, `covariance`); `optimiser` finds
its optimum, `inference` the degrees of freedom, `hypotheses` and `effects` the tests.
"""

from .fit import mixed_model

__all__ = ["mixed_model"]
