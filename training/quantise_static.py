"""Writes a static model as it is shipped: int8 rows with one float32 scale a row, a quarter of the floats' size.

The layout (`embeddings` and `weights` beside tokenizer.json and modules.json) is one that sentence-transformers reads
as well.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import save_file

if TYPE_CHECKING:
    from pathlib import Path

    from tokenizers import Tokenizer

LEAST_COSINE = 0.999
_MODULES = {
    "": "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding",
    "1_Normalize": "sentence_transformers.base.modules.normalize.Normalize",
}


def quantise(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return int8 rows and the float32 scale of each, so that `rows ~ int8 * scale`."""
    scales = np.abs(rows).max(axis=1) / 127
    scales[scales == 0] = 1
    return np.rint(rows / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def write_model(rows: np.ndarray, tokenizer: Tokenizer, folder: Path) -> float:
    """Write the model and return the least cosine between a row before and after.

    Raises ValueError, before anything is written, when that is below `LEAST_COSINE` or a row is not finite.
    """
    if not np.isfinite(rows).all():
        message = f"{folder}: nothing written; {int((~np.isfinite(rows)).any(axis=1).sum())} rows are not finite"
        raise ValueError(message)
    small, scales = quantise(rows)
    back = small * scales[:, None]
    lengths = np.linalg.norm(rows, axis=1)
    known = lengths > 0
    cosines = (rows * back).sum(axis=1)[known] / lengths[known] / np.linalg.norm(back, axis=1)[known]
    least = float(cosines.min(initial=1))
    if least < LEAST_COSINE:
        message = f"{folder}: nothing written; a row's cosine to its 8-bit form is {least:.6f}, below {LEAST_COSINE}"
        raise ValueError(message)
    folder.mkdir(parents=True, exist_ok=True)
    save_file({"embeddings": small, "weights": scales}, folder / "model.safetensors")
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    modules = [
        {"idx": n, "name": str(n), "path": path, "type": kind} for n, (path, kind) in enumerate(_MODULES.items())
    ]
    (folder / "modules.json").write_text(json.dumps(modules, indent=2) + "\n", encoding="utf-8")
    return least
