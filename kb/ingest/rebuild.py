"""Cutting and encoding all stored pages anew, for another model or other settings; the files are not needed.

It is one transaction: until it commits, every reader sees the old index, and an interruption leaves the old index.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from kb.ingest.passages import cut
from kb.ingest.representation import represent
from kb.records import ReadDocument
from kb.reports import Progress, Report
from kb.store.units import Rewritten
from kb.text.status import status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kb.models.encoder import Encoder
    from kb.settings import Settings
    from kb.store.database import Database


def rebuild(
    database: Database,
    encoder: Encoder,
    settings: Settings,
    progress: Callable[[Progress], None] | None,
    meta: Mapping[str, str],
) -> Report:
    """Make the passages and vectors of all documents anew and store `meta` with them.

    Documents keep their ids; passages get new ones. Raises IndexLockedError, IndexFullError, ModelError.
    """
    started = time.perf_counter()
    states = list(database.file_states().values())
    passages = 0

    def documents() -> Iterator[Rewritten]:
        nonlocal passages
        for done, state in enumerate(states, start=1):
            document = database.document(state.id)
            read = ReadDocument(
                title=document.title,
                media_type=document.media_type,
                date=document.date,
                pages=document.pages,
                warnings=database.warnings(state.id),
                status=status_of(document.title, document.pages) if document.status == "unknown" else document.status,
            )
            new = represent(read, cut(read.pages, read.title, settings.passages), encoder)
            passages += len(new)
            yield Rewritten(state, read, tuple(new))
            if progress:
                progress(Progress(done, len(states), passages, 0, state.path, time.perf_counter() - started))

    database.rewrite(documents(), meta)
    return Report(indexed=len(states), passages=passages, seconds=time.perf_counter() - started)
