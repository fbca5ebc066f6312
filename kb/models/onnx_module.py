"""Lets `SentenceTransformer(folder, trust_remote_code=True)` load the bundled transformer, with the same vectors.

`modules.json` in the folder names this class, which is why the library wants to be told to trust it. So tools that know
sentence-transformers use the model as it is shipped, in 8 bits, wherever this package is installed; it cannot be
trained there.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from sentence_transformers.base.modules.input_module import InputModule

from kb.models.onnx_encoder import OnnxEncoder
from kb.models.static import unit

if TYPE_CHECKING:
    from collections.abc import Sequence


class OnnxModule(InputModule):
    """The one module of such a model; `folder` is that of an `OnnxEncoder`. Raises ModelError as that does."""

    def __init__(self, folder: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._encoder = OnnxEncoder(folder)

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: object) -> dict[str, torch.Tensor]:
        """Return `input_ids` (texts, tokens) and `attention_mask`, 0 behind a text's last token."""
        tokens = [self._encoder.tokens_of(text, prompt or "") for text in inputs]
        shape = len(tokens), max(map(len, tokens))
        ids, mask = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
        for row, one in enumerate(tokens):
            ids[row, : len(one)] = torch.tensor(one)
            mask[row, : len(one)] = 1
        return {"input_ids": ids, "attention_mask": mask}

    def forward(self, features: dict[str, Any], **_: object) -> dict[str, Any]:
        """Return the features with `sentence_embedding`, unit vectors (texts, dimension)."""
        ids, lengths = features["input_ids"], features["attention_mask"].sum(dim=1).tolist()
        vectors = [self._encoder.vector_of(row[:length]) for row, length in zip(ids.tolist(), lengths, strict=True)]
        features["sentence_embedding"] = torch.from_numpy(unit(np.stack(vectors))).to(ids.device)
        return features

    def get_embedding_dimension(self) -> int:
        """Return how many numbers a vector has."""
        return self._encoder.dimension

    def save(self, output_path: str, *_: object, **__: object) -> None:
        """Copy the model's files into a folder."""
        for path in self._encoder.folder.iterdir():
            if path.is_file() and path.name not in {"modules.json", "config_sentence_transformers.json"}:
                shutil.copy(path, Path(output_path) / path.name)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", *_: Any, **__: Any) -> OnnxModule:
        """Return the model in a folder."""
        return cls(Path(model_name_or_path) / subfolder)
