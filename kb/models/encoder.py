"""What an encoder is, and how a name in the settings becomes one.

A name is a bundled model ("fast", "best", "transformer"), a folder, or a name on a model hub. Bundled models and
folders in our own formats run without torch; everything else goes through sentence-transformers, imported only then.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb.errors import ModelError

FloatArray = NDArray[np.float32]

_BUNDLED = {"fast": "static", "transformer": "transformer"}
BUNDLED = frozenset({*_BUNDLED, "best"})
"""Names of the models that the package ships."""

_STATIC_SHARE = 0.5
"""Of the static encoder in "best"; chosen on the fitting half of the questions."""


class Encoder(Protocol):
    """Turns texts into unit vectors whose inner product is their likeness.

    `encode_queries` and `encode_passages` return arrays (n, dimension) of float32; a row has length one, or is all
    zeros where the text holds nothing that the model knows. A text's vector does not depend on the other texts of the
    call. Encoders with equal `fingerprint` give equal vectors.
    """

    @property
    def name(self) -> str:
        """What the encoder was loaded by."""

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""

    @property
    def fingerprint(self) -> str:
        """16 hex digits that change when the vectors would."""

    def encode_queries(self, texts: list[str]) -> FloatArray:
        """Return the vectors (n, dimension) of questions."""

    def encode_passages(self, texts: list[str]) -> FloatArray:
        """Return the vectors (n, dimension) of passages or sentences."""


def bundled_folder(name: str) -> Path:
    """Return the folder of a resource that the package ships, such as "static"."""
    return Path(str(files("kb") / "resources" / name))


def load_encoder(name: str) -> Encoder:
    """Return the encoder called `name`.

    `name` is bundled ("fast": static; "transformer"; "best": both, side by side), a folder, or a hub name such as
    "intfloat/multilingual-e5-small". A hub model is read from the local cache only, never downloaded here.

    Raises ModelError when the model is missing, damaged or of no known kind.
    """
    from kb.models.combined import CombinedEncoder  # noqa: PLC0415 - likewise
    from kb.models.onnx_encoder import OnnxEncoder, is_onnx_folder  # noqa: PLC0415 - likewise
    from kb.models.static import (  # noqa: PLC0415 - the leaf modules import this one
        StaticEncoder,
        bundled_static,
        is_static_folder,
    )

    if name == "best":
        return CombinedEncoder(load_encoder("fast"), load_encoder("transformer"), share=_STATIC_SHARE, name="best")
    folder = bundled_folder(_BUNDLED[name]) if name in _BUNDLED else Path(name).expanduser()
    if name == "fast" and is_static_folder(folder):
        return bundled_static()
    if is_static_folder(folder):
        return StaticEncoder(folder, name=name)
    if is_onnx_folder(folder):
        return OnnxEncoder(folder, name=name)
    if name in _BUNDLED:
        message = f"Encoder {name!r}: the bundled folder {folder} is missing or incomplete; reinstall the package"
        raise ModelError(message)
    from kb.models.sentence_transformer import SentenceTransformerEncoder  # noqa: PLC0415 - imports torch

    return SentenceTransformerEncoder(name)
