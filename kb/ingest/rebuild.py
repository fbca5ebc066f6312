"""The stored pages cut and encoded anew: for another model or other settings, without the files.

Until the last document is done the index says of itself that it is unfinished, so that one with vectors of two models
is never searched; running the rebuild again finishes it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from kb.ingest.passages import cut
from kb.ingest.representation import represent
from kb.records import Progress, ReadDocument, Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from kb.models.encoder import Encoder
    from kb.settings import Settings
    from kb.store.database import Database

UNFINISHED = "unfinished rebuild"


def rebuild(
    database: Database, encoder: Encoder, settings: Settings, progress: Callable[[Progress], None] | None = None
) -> Report:
    """Replace the passages and vectors of all documents, which keep their ids, and return the counts.

    Raises IndexStoreError when the index cannot be written.
    """
    started = time.perf_counter()
    passages = 0
    with database.writer():
        states = database.file_states()
        database.set_meta("fingerprint", UNFINISHED)
        database.set_meta("dimension", str(encoder.dimension))
        for done, (path, state) in enumerate(states.items(), start=1):
            document = database.document(state.id)
            read = ReadDocument(document.title, document.media_type, document.date, document.pages)
            made = represent(read, cut(read.pages, read.title, settings.passages), encoder)
            database.write_document(
                read,
                path=path,
                sha256=state.sha256,
                file_size=state.file_size,
                modified_ns=state.modified_ns,
                passages=made,
            )
            passages += len(made)
            if progress:
                progress(Progress(done, len(states), passages, 0, path, time.perf_counter() - started))
        database.set_meta("fingerprint", settings.index_fingerprint(encoder.fingerprint))
    return Report(indexed=len(states), passages=passages, seconds=time.perf_counter() - started)
