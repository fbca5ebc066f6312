"""Which model and settings an index was made with: noted in it, and every other refused.

Vectors of two models mean nothing to each other, so an index that was opened with the wrong one would answer wrongly
without a sign of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import IndexMismatchError
from kb.models.encoder import BUNDLED, load_encoder

if TYPE_CHECKING:
    from kb.models.encoder import Encoder
    from kb.settings import Settings
    from kb.store.database import Database

MODEL, FINGERPRINT = "model", "fingerprint"
"""The keys in the index's own table."""


def matching_encoder(database: Database, model: str | None, settings: Settings) -> Encoder:
    """Return the encoder of an index, noting it in a new one. Raises IndexMismatchError, ModelError."""
    stored = database.meta(MODEL)
    name = absolute_name(model or stored or settings.model)
    encoder = load_encoder(name)
    fingerprint = settings.index_fingerprint(encoder.fingerprint)
    if database.meta(FINGERPRINT) is None:
        with database.writer():
            if database.meta(FINGERPRINT) is None:
                database.set_meta(MODEL, name)
                database.set_meta(FINGERPRINT, fingerprint)
    made_with = database.meta(FINGERPRINT)
    if made_with != fingerprint:
        message = (
            f"The index in {database.folder} was made with model {stored!r} (fingerprint {made_with}); model {name!r} "
            f"with the present settings has {fingerprint}. Open it with what it was made with, or make its vectors "
            f"anew: kb rebuild --index {database.folder} --model {name}"
        )
        raise IndexMismatchError(message)
    return encoder


def absolute_name(model: str) -> str:
    """Return a model's name; of a folder its absolute path, so that the index opens from any working directory."""
    is_folder = model not in BUNDLED and Path(model).expanduser().is_dir()
    return str(Path(model).expanduser().resolve()) if is_folder else model
