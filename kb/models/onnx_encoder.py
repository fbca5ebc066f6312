"""The bundled transformer encoder, half of "best": multilingual-e5-small for three languages, in 8 bits, no torch.

A folder holds `model.onnx` (the body in 8-bit arithmetic; takes word vectors, gives one vector a text),
`vectors.safetensors` (word vectors as int8 rows with a scale each, memory-mapped, and the row of each token),
`output_map.safetensors` (a linear map that brings translations together), `tokenizer.json` and `encoder.json` (the
words put before questions and passages, the greatest number of tokens). A text runs by itself, unpadded and on one
processor core, so that no text changes another's vector; several texts run on as many cores at once.

The model knows Uzbek in Latin letters; Cyrillic Uzbek is transliterated first, and the tokenizer's normalizer joins
the Latin spellings. Method: Wang et al. 2024, "Multilingual E5 Text Embeddings".
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from kb.errors import ModelError
from kb.models import fingerprint
from kb.models.prompts import prompts_for
from kb.models.static import read_rows, read_tokenizer, unit
from kb.models.tensors import map_tensors
from kb.text.language import identify
from kb.text.spellings import to_latin

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

    from kb.models.encoder import FloatArray

_VERSION = "onnx 1"


class _Facts(msgspec.Struct):
    prompts: dict[str, str]
    longest: int
    dimension: int


def is_onnx_folder(folder: Path) -> bool:
    """Whether `folder` holds a model in this module's format."""
    return (folder / "model.onnx").is_file() and (folder / "encoder.json").is_file()


class OnnxEncoder:
    """A transformer read from `folder`. Raises ModelError when a file is missing or damaged.

    `threads` bounds the processor cores used for several texts; 0 takes all.
    """

    def __init__(self, folder: Path, name: str | None = None, threads: int = 0) -> None:
        self.folder = folder
        self.name = name or str(folder)
        try:
            facts = msgspec.json.decode((folder / "encoder.json").read_bytes(), type=_Facts)
        except (OSError, msgspec.MsgspecError) as error:
            message = f"Model file {folder / 'encoder.json'}: {error}; restore it or reinstall the package"
            raise ModelError(message) from error
        self.dimension = facts.dimension
        self.prompts = prompts_for(self.name, facts.prompts)
        self._longest = facts.longest
        with ThreadPoolExecutor(1) as pool:
            opening = pool.submit(open_session, folder / "model.onnx")
            self._tokenizer = read_tokenizer(folder / "tokenizer.json")
            self._rows, self._scales = read_rows(folder / "vectors.safetensors")
            self._row_of = tensor(folder / "vectors.safetensors", "rows")
            self._weight = tensor(folder / "output_map.safetensors", "weight")
            self._bias = tensor(folder / "output_map.safetensors", "bias")
            self._session = opening.result()
        self._threads = threads or os.cpu_count() or 1

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits of the files' content."""
        return fingerprint.of_folder(self.folder, _VERSION)

    def encode_queries(self, texts: list[str]) -> FloatArray:
        """Return unit vectors (n, dimension) of questions; zeros for a blank text."""
        return self._encode(texts, self.prompts.query)

    def encode_passages(self, texts: list[str]) -> FloatArray:
        """Return unit vectors (n, dimension) of passages; zeros for a blank text. Text past 512 tokens is not seen."""
        return self._encode(texts, self.prompts.passage)

    def _encode(self, texts: list[str], prompt: str) -> FloatArray:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        rows = [row for row, text in enumerate(texts) if text.strip()]
        asked = [self.tokens_of(texts[row], prompt) for row in rows]
        threads = min(self._threads, len(rows))
        if threads > 1:
            with ThreadPoolExecutor(threads) as pool:
                found = list(pool.map(self.vector_of, asked))
        else:
            found = [self.vector_of(tokens) for tokens in asked]
        for row, vector in zip(rows, found, strict=True):
            vectors[row] = vector
        return unit(vectors)

    def tokens_of(self, text: str, prompt: str) -> list[int]:
        """Return the tokens of a text behind a prompt, those past `encoder.json`'s longest cut away."""
        tokens = self._tokenizer.encode(prompt + _in_latin(text)).ids
        return tokens if len(tokens) <= self._longest else [*tokens[: self._longest - 1], tokens[-1]]

    def vector_of(self, tokens: list[int]) -> FloatArray:
        """Return the vector (dimension,) of a text's tokens, not yet of unit length."""
        ids = self._row_of[tokens]
        words = self._rows[ids].astype(np.float32)
        if self._scales is not None:
            words *= self._scales[ids, None]
        vector = self._session.run(None, {"inputs_embeds": words[None]})[0][0]
        mapped: FloatArray = self._weight @ vector + self._bias
        return mapped


def _in_latin(text: str) -> str:
    """Return Cyrillic Uzbek in Latin letters, and any other text as it is."""
    found = identify(text)
    return to_latin(text) if found.language == "uz" and found.spelling == "cyrillic" else text


def tensor(path: Path, name: str) -> NDArray[Any]:
    """Return one tensor of a model's file, memory-mapped. Raises ModelError."""
    tensors = map_tensors(path)
    if name not in tensors:
        message = f"Model file {path} holds {sorted(tensors)} but no {name!r}; restore it or reinstall the package"
        raise ModelError(message)
    return tensors[name]


def open_session(path: Path) -> InferenceSession:
    """Return an ONNX model ready to run on one processor core. Raises ModelError."""
    import onnxruntime  # noqa: PLC0415 - only this encoder needs it

    options: Any = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own that it does not export
        message = f"Model file {path} cannot be loaded: {error}; restore it or reinstall the package"
        raise ModelError(message) from error
