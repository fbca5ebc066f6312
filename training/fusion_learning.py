"""Learning how to fuse legs: linear weights by lists or pairs, and LambdaMART, on the scores of `fusion_scores`."""

from __future__ import annotations

import hashlib
import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from fusion_scores import FORMER, Asked, Ranker, ranked
from scipy.optimize import minimize
from scipy.special import expit

from kb.settings import RetrievalSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDS = 5


def fold(question: str) -> int:
    """Return the fold of a question."""
    return int(hashlib.sha256(f"fold {question}".encode()).hexdigest(), 16) % FOLDS


@dataclass(frozen=True)
class Packed:
    """Candidates of many questions: features (q, c, f), grades (q, c), which places are filled, weights (q,)."""

    values: np.ndarray
    grades: np.ndarray
    filled: np.ndarray
    weights: np.ndarray


def packed(asked: Sequence[Asked], names: Sequence[str], share: float) -> Packed:
    """Return the gold and the best 60 candidates; the passages' questions weigh `share` of the corpus' ones."""
    size = 60
    values = np.zeros((len(asked), size, len(names)))
    grades = np.zeros((len(asked), size))
    filled = np.zeros((len(asked), size), bool)
    for number, one in enumerate(asked):
        of_rows = one.grades
        best = ranked(one, FORMER)
        rows = np.concatenate([np.flatnonzero(of_rows), best[of_rows[best] == 0]])[:size]
        values[number, : len(rows)] = np.stack([one.features[name][rows] for name in names], axis=1)
        grades[number, : len(rows)] = of_rows[rows]
        filled[number, : len(rows)] = True
    others = np.asarray([one.kind == "passages" for one in asked])
    weights = np.where(others, share / max(others.sum(), 1), 1 / max((~others).sum(), 1))
    return Packed(values, grades, filled, weights)


def fitted(data: Packed, start: np.ndarray, ridge: float, *, pairs: bool) -> np.ndarray:
    """Return linear weights by softmax over candidates, or over pairs of a gold one and another."""
    targets = data.grades / np.maximum(data.grades.sum(axis=1, keepdims=True), 1e-9)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = np.where(data.filled, data.values @ weights, -1e9)
        if pairs:
            margin = scores[:, :, None] - scores[:, None, :]
            worse = data.filled[:, None, :] & (data.grades[:, None, :] == 0)
            share = targets[:, :, None] * worse / np.maximum(worse.sum(axis=2, keepdims=True), 1)
            value = -(data.weights[:, None, None] * share * np.log(expit(margin) + 1e-12)).sum()
            pull = data.weights[:, None, None] * share * expit(-margin)
            slope = pull.sum(axis=1) - pull.sum(axis=2)
        else:
            shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
            likely = shifted / shifted.sum(axis=1, keepdims=True)
            value = -(data.weights[:, None] * targets * np.log(likely + 1e-12)).sum()
            slope = data.weights[:, None] * (likely - targets)
        gradient = np.einsum("qc,qcf->f", slope, data.values) + 2 * ridge * (weights - start)
        return float(value + ridge * ((weights - start) ** 2).sum()), gradient

    return minimize(loss, start, jac=True, method="L-BFGS-B").x


def trees(asked: Sequence[Asked], names: Sequence[str], share: float) -> Ranker | None:
    """Return a LambdaMART ranker, None without lightgbm."""
    try:
        lightgbm = importlib.import_module("lightgbm")
    except ImportError:
        return None
    data = packed(asked, names, share)
    labels = data.grades[data.filled].astype(int)
    sizes = data.filled.sum(axis=1)
    weights = np.repeat(data.weights * len(asked), sizes)
    settings = {
        "objective": "lambdarank", "num_leaves": 4, "learning_rate": 0.05, "min_data_in_leaf": 100, "lambda_l2": 5,
        "feature_fraction": 0.7, "seed": 0, "deterministic": True, "num_threads": 1, "verbose": -1,
        "lambdarank_truncation_level": 10,
    }  # fmt: skip
    model = lightgbm.train(
        settings, lightgbm.Dataset(data.values[data.filled], labels, group=sizes, weight=weights), 80
    )

    def rank(one: Asked) -> np.ndarray:
        order = ranked(one, FORMER)
        scores = model.predict(np.stack([one.features[name][order[:60]] for name in names], axis=1))
        return np.concatenate([order[:60][np.argsort(-scores, kind="stable")], order[60:]])

    return rank


def linear(asked: Sequence[Asked], names: Sequence[str], ridge: float, share: float, *, pairs: bool) -> np.ndarray:
    """Return fitted weights of some features, drawn to those in use."""
    start = np.asarray([getattr(RetrievalSettings(), name, 0.0) for name in names])
    return fitted(packed(asked, names, share), start, ridge, pairs=pairs)
