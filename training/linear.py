"""Fits the linear models of the answers: one that orders candidates of a question, one that says yes or no."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logsumexp

from kb.answering.model import Linear

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

DIGITS = 5
NO_SIGNS: Mapping[str, int] = MappingProxyType({})


def _bounds(names: tuple[str, ...], signs: Mapping[str, int]) -> list[tuple[float | None, float | None]]:
    allowed = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
    return [allowed[signs.get(name, 0)] for name in names]


def _scale(features: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return features.mean(axis=0, dtype=np.float64), np.maximum(features.std(axis=0, dtype=np.float64), 1e-6)


Scale = tuple[np.ndarray, np.ndarray]


def _in_own_units(names: tuple[str, ...], found: NDArray[np.float64], scale: Scale, bias: float) -> Linear:
    mean, deviation = scale
    coefficients = found / deviation
    intercept = bias - float(coefficients @ mean)
    return Linear(names, tuple(round(float(one), DIGITS) for one in coefficients), round(intercept, DIGITS))


def fit_choice(
    features: Sequence[NDArray[np.float32]],
    right: Sequence[NDArray[np.bool_]],
    weight: Sequence[float],
    names: tuple[str, ...],
    penalty: float,
    *,
    signs: Mapping[str, int] = NO_SIGNS,
) -> Linear:
    """Return the model under which the right candidates of each question are likeliest.

    A conditional logit (McFadden 1974): minus the mean log of the softmax over a question's candidates, summed over its
    right ones, with an L2 penalty on standardised features. Questions without a right candidate teach nothing. `signs`
    holds coefficients to 0 or more (1), or less (-1), by name.
    """
    groups = [(f, r, w) for f, r, w in zip(features, right, weight, strict=True) if r.any()]
    mean, deviation = _scale(np.concatenate([f for f, _, _ in groups]))
    scaled = [((f - mean) / deviation, r, w) for f, r, w in groups]
    total = sum(w for _, _, w in scaled)

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, slope = 0.0, np.zeros_like(parameters)
        for x, r, w in scaled:
            z = x @ parameters
            everything, good = logsumexp(z), logsumexp(z[r])
            value += w * (everything - good)
            slope += w * (np.exp(z - everything) @ x - np.exp(z[r] - good) @ x[r])
        return value / total + penalty * float(parameters @ parameters), slope / total + 2 * penalty * parameters

    start, bounds = np.zeros(len(mean)), _bounds(names, signs)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300}).x
    return _in_own_units(names, found, (mean, deviation), 0.0)


def fit_yes_or_no(
    features: NDArray[np.float32],
    labels: NDArray[np.bool_],
    weight: NDArray[np.float64],
    names: tuple[str, ...],
    penalty: float,
    *,
    signs: Mapping[str, int] = NO_SIGNS,
) -> Linear:
    """Return a logistic regression with an L2 penalty on standardised features and with `signs` as in `fit_choice`."""
    mean, deviation = _scale(features)
    x = (features - mean) / deviation
    sign = np.where(labels, 1.0, -1.0)
    weight = weight / weight.sum()

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        coefficients, intercept = parameters[:-1], parameters[-1]
        margin = sign * (x @ coefficients + intercept)
        slope = -sign * weight * expit(-margin)
        value = float(weight @ np.logaddexp(0, -margin) + penalty * coefficients @ coefficients)
        return value, np.append(x.T @ slope + 2 * penalty * coefficients, slope.sum())

    bounds = [*_bounds(names, signs), (None, None)]
    found = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    return _in_own_units(names, found[:-1], (mean, deviation), float(found[-1]))
