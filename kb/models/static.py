"""The static encoder: every token has a vector, and a text is their mean, scaled to unit length.

It needs no torch: numpy, the tokenizer library and a memory map give thousands of passages a second. The tokenizer's
normalizer folds the four Uzbek spellings and Russian to one form, so that equal words meet whatever their script.

A folder holds `tokenizer.json`, `model.safetensors` and `modules.json`; the weights are either `embedding.weight`
(floats) or `embeddings` (int8 rows) with `weights` (one float32 scale a row). Both are layouts that
`sentence_transformers.SentenceTransformer(folder)` reads too, with equal vectors.

Method: bag-of-tokens sentence vectors after Wieting et al. 2016, "Towards Universal Paraphrastic Sentence Embeddings".
"""

from __future__ import annotations

import threading
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Tokenizer

from kb.errors import ModelError
from kb.models import fingerprint
from kb.models.encoder import bundled_folder
from kb.models.tensors import map_tensors

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from kb.models.encoder import FloatArray

_BATCH = 1024
_VERSION = "static 1"
_reading = threading.Lock()


def is_static_folder(folder: Path) -> bool:
    """Whether `folder` holds a static model: weights and a tokenizer, and no transformer's configuration."""
    wanted = (folder / "model.safetensors").is_file() and (folder / "tokenizer.json").is_file()
    return wanted and not (folder / "config.json").exists() and not (folder / "model.onnx").exists()


def as_sentence_transformer(folder: Path) -> SentenceTransformer:
    """Return the same model as a SentenceTransformer (imports torch); its vectors agree to 1e-5."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds to import

    return SentenceTransformer(str(folder), device="cpu")


class StaticEncoder:
    """A static model read from `folder`. Raises ModelError when a file is missing or damaged."""

    def __init__(self, folder: Path, name: str | None = None) -> None:
        self.folder = folder
        self.name = name or str(folder)
        self._tokenizer = read_tokenizer(folder / "tokenizer.json")
        self._rows, self._scales = read_rows(folder / "model.safetensors")
        if self._tokenizer.get_vocab_size() > len(self._rows):
            message = (
                f"Model folder {folder}: tokenizer.json has {self._tokenizer.get_vocab_size()} tokens but "
                f"model.safetensors {len(self._rows)} rows; the two belong to different models"
            )
            raise ModelError(message)
        self.dimension = int(self._rows.shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits of the files' content."""
        return fingerprint.of_folder(self.folder, _VERSION)

    def encode_queries(self, texts: list[str]) -> FloatArray:
        """Return unit vectors (n, dimension); zeros for a text without tokens."""
        return self._encode(texts)

    def encode_passages(self, texts: list[str]) -> FloatArray:
        """Return unit vectors (n, dimension); zeros for a text without tokens."""
        return self._encode(texts)

    def token_vectors(self, text: str) -> tuple[list[tuple[int, int]], FloatArray]:
        """Return each token's characters `text[start:end]` and its own unit vector, shape (tokens, dimension)."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return list(encoding.offsets), unit(self._lookup(np.asarray(encoding.ids, np.int64)))

    def _encode(self, texts: list[str]) -> FloatArray:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for first in range(0, len(texts), _BATCH):
            batch = texts[first : first + _BATCH]
            encodings = self._tokenizer.encode_batch_fast(batch, add_special_tokens=False)
            for row, encoding in enumerate(encodings, start=first):
                if encoding.ids:
                    vectors[row] = self._lookup(np.asarray(encoding.ids, np.int64)).mean(axis=0)
        return unit(vectors)

    def _lookup(self, ids: NDArray[np.int64]) -> FloatArray:
        rows = self._rows[ids].astype(np.float32)
        return rows if self._scales is None else rows * self._scales[ids, None]


@lru_cache(maxsize=1)
def bundled_static() -> StaticEncoder:
    """Return the static encoder that the package ships; one a process, since its tokenizer takes time to load."""
    return StaticEncoder(bundled_folder("static"), name="fast")


def read_tokenizer(path: Path) -> Tokenizer:
    """Return the tokenizer of a file, without padding and truncation. Raises ModelError naming the file.

    Two models that share a file share the tokenizer: nobody changes it.
    """
    try:
        facts = path.stat()
        with _reading:
            return _tokenizer(path, facts.st_mtime_ns, facts.st_size)
    except OSError as error:
        message = f"Model file {path}: {error}; restore it or reinstall the package"
        raise ModelError(message) from error


@lru_cache(maxsize=4)
def _tokenizer(path: Path, _changed: int, _size: int) -> Tokenizer:
    text = path.read_text(encoding="utf-8")
    try:
        tokenizer = Tokenizer.from_str(text)
    except Exception as error:  # the tokenizer library raises nothing narrower
        message = f"Model file {path} is not a tokenizer: {error}; restore it or reinstall the package"
        raise ModelError(message) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def read_rows(path: Path) -> tuple[NDArray[Any], FloatArray | None]:
    """Return vectors as stored, memory-mapped, and the scale of each row if they are int8. Raises ModelError."""
    tensors = map_tensors(path)
    rows = tensors.get("embedding.weight", tensors.get("embeddings"))
    if rows is None or rows.ndim != 2:
        message = f"Model file {path} holds {sorted(tensors)}, not a static model's 'embeddings'; name another model"
        raise ModelError(message)
    scales = tensors.get("weights")
    if scales is not None and scales.shape != (len(rows),):
        message = f"Model file {path}: {len(rows)} rows but scales of shape {scales.shape}; restore the file"
        raise ModelError(message)
    return rows, None if scales is None else np.asarray(scales, np.float32)


def unit(vectors: FloatArray) -> FloatArray:
    """Return the rows scaled to length one; zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    unit: FloatArray = vectors / lengths
    return unit
