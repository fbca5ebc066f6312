"""What is known of the bundled encoders, for `kb models`: names, licences and the figures measured when they were made.

The facts stand in `kb/resources/models.json`; sizes are those of the files on this disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from kb.errors import ModelError
from kb.models.encoder import bundled_folder

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "models.json"

_Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
_Positive = Annotated[float, msgspec.Meta(gt=0)]


class Figures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Quality; None where a figure was not measured.

    `corpus` is nDCG@10 of the whole search on the single-answer questions of `corpus/questions.jsonl`; the rest is of
    the encoder alone: mean F1 of the six directions of FLORES, and nDCG@10 on Belebele, question > passage language
    (`en_uz` and `ru_uz` among 302 passages, the others among 488).
    """

    corpus: _Share | None
    flores: _Share | None
    belebele_en_en: _Share
    belebele_ru_ru: _Share
    belebele_ru_en: _Share
    belebele_en_ru: _Share
    belebele_en_uz: _Share
    belebele_ru_uz: _Share


class BundledModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One bundled encoder.

    `folders` are resource folders; `dimension` counts the numbers of a vector; `indexed_per_second` is passages a
    second of `kb index` from file to vector on an idle core, None where not measured.
    """

    name: str
    summary: str
    folders: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    dimension: Annotated[int, msgspec.Meta(gt=0)]
    licence: str
    indexed_per_second: _Positive | None
    figures: Figures

    @property
    def size_bytes(self) -> int:
        """Bytes of the model's files on this disk."""
        return sum(path.stat().st_size for one in self.folders for path in bundled_folder(one).iterdir())


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    models: Annotated[tuple[BundledModel, ...], msgspec.Meta(min_length=1)]


def read_catalogue(path: Path) -> tuple[BundledModel, ...]:
    """Return the models that a file describes. Raises ModelError for a missing file, an unknown key or a wrong type."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_File).models
    except (OSError, msgspec.MsgspecError) as error:
        raise ModelError(f"Model list {path}: {error}; restore it or reinstall the package") from error


def bundled_models() -> tuple[BundledModel, ...]:
    """Return the encoders that the package ships. Raises ModelError when their list is damaged."""
    return read_catalogue(bundled_folder(FILE_NAME))
