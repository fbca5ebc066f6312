"""Fits the linear map behind the transformer: directions in which translations differ are shrunk.

Vectors of one meaning in three languages form a class; W is the covariance of their differences. The map
(I + strength * W)^(-1/2), after the mean is taken off, shortens what tells languages apart and leaves what tells
meanings apart. Within-class covariance normalisation: Hatch, Kajarekar & Stolcke 2006.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from evaluate_encoder import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from evaluate_encoder import Encode

STRENGTH = 400.0
SENTENCES, STRINGS, SHORTEST = 1200, 800, 25


def fit(train: Path, encode: Encode) -> dict[str, np.ndarray]:
    """Return `weight` (d, d) and `bias` (d,) of the map for vectors that `encode` gives without one."""
    sides: list[list[np.ndarray]] = []
    for name, most in (("authored_sentences", SENTENCES), ("localisation_1", STRINGS)):
        table = read_table(train / f"{name}.tsv")
        rows = [
            row for row in zip(table["uz"], table["ru"], table["en"], strict=True) if min(map(len, row)) >= SHORTEST
        ]
        chosen = rows[:: max(1, len(rows) // most)][:most]
        sides.append([encode([row[column] for row in chosen]) for column in range(3)])
    languages = [np.concatenate([side[column] for side in sides]) for column in range(3)]
    differences = np.concatenate([a - b for a, b in combinations(languages, 2)]).astype(np.float64)
    values, vectors = np.linalg.eigh(differences.T @ differences / len(differences))
    weight = vectors @ np.diag(1 / np.sqrt(1 + STRENGTH * values.clip(min=0))) @ vectors.T
    mean = np.mean([side.mean(axis=0) for side in sides[0]], axis=0)
    return {"weight": weight.astype(np.float32), "bias": (-weight @ mean).astype(np.float32)}
