"""Making the passages and vectors of a whole index anew, with another model or other settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kb.ingest.index_model import FINGERPRINT, MODEL, absolute_name
from kb.ingest.rebuild import rebuild
from kb.models.encoder import load_encoder
from kb.settings import Settings
from kb.store.database import Database
from kb.store.snapshot import open_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.reports import Progress, Report


def rebuild_index(
    path: str | Path,
    *,
    model: str | None = None,
    settings: Settings | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Make the passages and vectors of an index anew from its stored pages, with another model or other settings.

    Until it is done the index stays as it was.

    Raises IndexStoreError when there is no index, ModelError when the model cannot be loaded.
    """
    settings = settings or Settings()
    with Database.open(Path(path), create=False) as database, database.writer():
        name = absolute_name(model or database.meta(MODEL) or settings.model)
        encoder = load_encoder(name)
        fingerprint = settings.index_fingerprint(encoder.fingerprint)
        report = rebuild(database, encoder, settings, progress, {MODEL: name, FINGERPRINT: fingerprint})
        open_snapshot(database, database.folder)
    return report
