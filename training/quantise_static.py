"""Halves a static model: int8 rows with one float32 scale a row instead of 16-bit floats.

    python training/quantise_static.py SOURCE TARGET

TARGET/model.safetensors then holds `embeddings` and `weights`, a layout that sentence-transformers reads as well. The
script prints the cosine between the rows before and after, and refuses when one falls below .999.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file


def quantise(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return int8 rows and the float32 scale of each, so that `rows ~ int8 * scale`."""
    scales = np.abs(rows).max(axis=1) / 127
    scales[scales == 0] = 1
    return np.rint(rows / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def main(source: Path, target: Path) -> None:
    """Write the quantised copy of the model in `source` to `target`."""
    rows = load_file(source / "model.safetensors")["embedding.weight"].astype(np.float32)
    small, scales = quantise(rows)
    lengths = np.linalg.norm(rows, axis=1)
    back = small * scales[:, None]
    known = lengths > 0
    cosines = (rows * back).sum(axis=1)[known] / lengths[known] / np.linalg.norm(back, axis=1)[known]
    print(f"{len(rows)} rows: cosine mean {cosines.mean():.6f}, least {cosines.min():.6f}")
    if cosines.min() < 0.999:
        sys.exit("a row changed too much; nothing written")
    target.mkdir(parents=True, exist_ok=True)
    save_file({"embeddings": small, "weights": scales}, target / "model.safetensors")
    if source.resolve() != target.resolve():
        shutil.copy(source / "tokenizer.json", target / "tokenizer.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
