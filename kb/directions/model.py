"""The frozen classifier: one logistic regression for all directions, each with an intercept of its own.

The coefficients live in `kb/resources/directions/model.json`; `training/directions.py` fits them and says how they were
tested. Because they are shared, a direction that a user adds is scored too, with the mean intercept.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from kb.directions.features import FEATURES
from kb.errors import ModelError
from kb.models.encoder import bundled_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.directions.features import Features

FILE_NAME = "model.json"


class DirectionModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """p = 1 / (1 + exp(-(intercept of the direction + coefficients . features))).

    A passage has a direction when p is `threshold` or more. `rarity` is what `features.Evidence` weights terms with.
    """

    features: tuple[str, ...]
    coefficients: tuple[float, ...]
    intercepts: dict[str, float]
    threshold: float
    rarity: dict[str, dict[str, float]]

    def probabilities(self, features: Features, names: Sequence[str]) -> NDArray[np.float32]:
        """Return the probability of each direction, shape (n, d), for features of shape (n, d, f)."""
        usual = sum(self.intercepts.values()) / max(len(self.intercepts), 1)
        intercepts = np.array([self.intercepts.get(name, usual) for name in names], dtype=np.float32)
        logits = np.vecdot(features, np.asarray(self.coefficients, dtype=np.float32)) + intercepts
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)


@cache
def load_model() -> DirectionModel:
    """Return the bundled model. Raises ModelError when the file is missing, damaged or of another version."""
    return read_model(bundled_folder("directions") / FILE_NAME)


def read_model(path: Path) -> DirectionModel:
    """Return the model of a file. Raises ModelError like `load_model`."""
    try:
        model = msgspec.json.decode(path.read_bytes(), type=DirectionModel)
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError) as error:
        message = f"{path}: {error}. Reinstall the package, or run: python training/directions.py"
        raise ModelError(message) from error
    if model.features != FEATURES or len(model.coefficients) != len(FEATURES):
        message = f"{path} was fitted for other features than this version computes. Run: python training/directions.py"
        raise ModelError(message)
    return model
