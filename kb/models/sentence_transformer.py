"""Any sentence-transformers model as an encoder: a folder, or a hub model that is already in the local cache.

Importing this module imports torch, which takes seconds; `kb.models.encoder` does so only when such a model is named.
Nothing is ever downloaded here: a knowledge base that works offline must not depend on what a network answers.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors import SafetensorError
from sentence_transformers import SentenceTransformer

from kb.errors import ModelError
from kb.models import fingerprint
from kb.models.prompts import prompts_for

if TYPE_CHECKING:
    from kb.models.encoder import FloatArray

_BATCH = 32
_VERSION = "sentence-transformers 1"


class SentenceTransformerEncoder:
    """A sentence-transformers model by folder or hub name, in 32-bit floats, with the prompts it was trained with.

    Raises ModelError when the model is neither a usable folder nor in the local cache.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        folder = Path(name).expanduser()
        self._folder = folder if folder.is_dir() else None
        self._model = _load(name, self._folder)
        self.prompts = prompts_for(name, self._model.prompts)
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            message = f"Encoder {name}: the model does not say how long its vectors are; name another model"
            raise ModelError(message)
        self.dimension = int(dimension)

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits of the folder's content, or of the hub name and revision; and of the prompts."""
        notes = (_VERSION, str(self.dimension), self.prompts.query, self.prompts.passage)
        if self._folder is not None:
            return fingerprint.of_folder(self._folder, *notes)
        return fingerprint.of_facts(self.name, _revision(self._model), *notes)

    def encode_queries(self, texts: list[str]) -> FloatArray:
        """Return unit vectors (n, dimension) of questions; zeros for a blank text."""
        return self._encode(texts, self.prompts.query)

    def encode_passages(self, texts: list[str]) -> FloatArray:
        """Return unit vectors (n, dimension) of passages; zeros for a blank text."""
        return self._encode(texts, self.prompts.passage)

    def _encode(self, texts: list[str], prompt: str) -> FloatArray:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        known = [row for row, text in enumerate(texts) if text.strip()]
        if known:
            vectors[known] = self._model.encode(
                [texts[row] for row in known],
                prompt=prompt,
                batch_size=_BATCH,
                show_progress_bar=False,
                convert_to_numpy=True,
                normalize_embeddings=True,
            )
        if not np.isfinite(vectors).all():
            message = f"Encoder {self.name}: the model returned numbers that are not finite; its files may be damaged"
            raise ModelError(message)
        return vectors


def _load(name: str, folder: Path | None) -> SentenceTransformer:
    if folder is not None and not any((folder / file).is_file() for file in ("modules.json", "config.json")):
        message = f"Encoder folder {folder} has neither modules.json nor config.json; name a folder that holds a model"
        raise ModelError(message)
    try:
        return SentenceTransformer(
            name if folder is None else str(folder), local_files_only=True, model_kwargs={"dtype": torch.float32}
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        if folder is not None:
            message = f"Encoder folder {folder} cannot be loaded: {_first_line(error)}; restore its files"
        else:
            reason = "" if isinstance(error, OSError) else f" ({_first_line(error)})"
            message = (
                f"Encoder {name!r} is neither bundled, nor a folder, nor a usable model of this computer's model "
                f"cache{reason}. Get it once with a network: hf download {name}"
            )
        raise ModelError(message) from error


def _revision(model: SentenceTransformer) -> str:
    config = getattr(getattr(model[0], "auto_model", None), "config", None)
    return str(getattr(config, "_commit_hash", None) or "unknown revision")


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
