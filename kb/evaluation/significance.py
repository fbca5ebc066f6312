"""Whether two runs differ by more than luck: the paired randomisation test, and Holm's correction for many tests.

Under the null hypothesis the two runs are two draws of the same system, so each question's pair of values could as
well stand the other way round (Fisher 1935). The p-value is the share of all such exchanges whose mean difference is
at least as large as the one observed. Smucker, Allan and Carterette (2007) found it, of the tests in use for
retrieval, the one to prefer.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RESAMPLES = 20_000
SEED = 0
_EXACT_UP_TO = 14
_BLOCK = 1_000
_TOLERANCE = 1e-12


def randomisation_test(differences: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED) -> float:
    """Return the two-sided p-value of the mean of paired differences, one a question.

    Up to 14 questions that differ at all, every exchange is tried and p is exact. Beyond, `resamples` exchanges are
    drawn and the observed one counts as one of them, so that p is never 0 (Phipson and Smyth 2010). Without any
    difference p is 1.
    """
    values = np.asarray([one for one in differences if one != 0], dtype=np.float64)
    if not len(values):
        return 1.0
    observed = abs(float(values.sum())) - _TOLERANCE
    if len(values) <= _EXACT_UP_TO:
        signs = np.asarray(list(product((-1.0, 1.0), repeat=len(values))))
        return float(np.mean(_at_least(signs, values, observed)))
    random = np.random.default_rng(seed)
    extreme = 0
    for start in range(0, resamples, _BLOCK):
        count = min(_BLOCK, resamples - start)
        signs = random.choice(np.asarray((-1.0, 1.0)), (count, len(values)))
        extreme += int(_at_least(signs, values, observed).sum())
    return (extreme + 1) / (resamples + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values adjusted for their number, in their order (Holm 1979)."""
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for place, number in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[number]))
        adjusted[number] = highest
    return adjusted


def _at_least(signs: NDArray[np.float64], values: NDArray[np.float64], observed: float) -> NDArray[np.bool_]:
    reached: NDArray[np.bool_] = np.abs(signs @ values) >= observed
    return reached
