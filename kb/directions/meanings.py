"""Vectors of what the directions mean, kept beside the index so that a slow encoder computes them once.

The file's name tells which encoder and which texts it was made of; it may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.directions.taxonomy import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.directions.taxonomy import Direction
    from kb.models.encoder import Encoder, FloatArray

_LOG = logging.getLogger(__name__)


def meanings(encoder: Encoder, directions: Sequence[Direction], folder: Path | None = None) -> FloatArray:
    """Return the vectors (directions, 3, d) of label and definition in each language.

    They are read from `folder` when it has them, else computed and, where it can be written to, kept there.
    """
    texts = [f"{one.label[language]}. {one.definition[language]}" for one in directions for language in LANGUAGES]
    shape = (len(directions), len(LANGUAGES), encoder.dimension)
    if folder is None:
        return encoder.encode_passages(texts).reshape(shape)
    key = hashlib.sha256("\0".join([encoder.fingerprint, *texts]).encode()).hexdigest()[:16]
    path = folder / f"directions-{key}.npy"
    vectors = _read(path, shape)
    if vectors is None:
        vectors = encoder.encode_passages(texts).reshape(shape)
        _keep(path, vectors)
    return vectors


def _read(path: Path, shape: tuple[int, ...]) -> FloatArray | None:
    """Return the vectors of a file, None when there is none or it is not what was written."""
    try:
        vectors = np.load(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError) as error:
        _LOG.info("%s is made anew: %s", path, error)
        return None
    if not isinstance(vectors, np.ndarray) or vectors.shape != shape or vectors.dtype != np.float32:
        return None
    lengths = np.linalg.norm(vectors, axis=-1)
    return vectors if bool(np.all((np.abs(lengths - 1) < 1e-3) | (lengths == 0))) else None


def _keep(path: Path, vectors: FloatArray) -> None:
    """Write the file in one step and remove those of other encoders and texts."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix="directions-", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.save(file, vectors)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        for other in path.parent.glob("directions-*.npy"):
            if other != path:
                other.unlink(missing_ok=True)
    except OSError as error:
        _LOG.info("%s is not kept, so the next start computes it again: %s", path, error)
