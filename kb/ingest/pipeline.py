"""A folder brought into the index, one committed document at a time.

Files are compared with the index by size and time, then by content. New and changed ones are read in child
processes, a few ahead of the one that is being committed, so that memory stays bounded. Whatever happens to one file
costs that file only, and never a version of it that is indexed already. An interruption between two commits loses
nothing: the next run goes on where this one stopped.
"""

from __future__ import annotations

import hashlib
import logging
import os
import stat
import time
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.errors import EmptyDocumentError, ReadError, UnsupportedFormatError, VanishedDocumentError
from kb.ingest.passages import cut
from kb.ingest.representation import represent
from kb.ingest.scan import Scan, scan, shown
from kb.readers import SUPPORTED_SUFFIXES, ReaderPool
from kb.reports import Failure, Progress, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Future
    from pathlib import Path

    from kb.models.encoder import Encoder
    from kb.records import ReadDocument
    from kb.settings import Settings
    from kb.store.database import Database
    from kb.store.units import FileState

logger = logging.getLogger(__name__)

_LOOK_AHEAD = 2
_BUFFER = 1 << 20
_RECENT_NS = 2_000_000_000


def ingest(
    database: Database,
    encoder: Encoder,
    path: str | Path,
    settings: Settings,
    progress: Callable[[Progress], None] | None = None,
    *,
    prune: bool = False,
) -> Report:
    """Index a file or a folder and return what was done.

    `progress` is called after each file. Documents whose files are gone stay unless `prune` is set; those in folders
    that cannot be looked into always stay. Raises NotFoundError when there is no such path and IndexStoreError when
    the index cannot be written; documents committed before that stay.
    """
    with database.writer():
        found = scan(path, SUPPORTED_SUFFIXES)
        states = database.file_states()
        run = _Run(database, encoder, settings, progress, len(found.files), states, failed=list(found.failed))
        with ExitStack() as stack:
            for job, reading in _ahead(_changed(found, run), settings, stack):
                run.finish(job, reading)
        if prune:
            run.prune(found)
        return run.report(found.skipped)


@dataclass(frozen=True, slots=True)
class _Job:
    """A file that must be read, as it was found."""

    path: Path
    status: os.stat_result
    sha256: str


@dataclass(slots=True)
class _Run:
    """The counts of one call of `ingest`, and the steps that change them."""

    database: Database
    encoder: Encoder
    settings: Settings
    progress: Callable[[Progress], None] | None
    total: int
    states: Mapping[str, FileState]
    failed: list[Failure]
    warnings: list[Failure] = field(default_factory=list)
    started: float = field(default_factory=time.perf_counter)
    done: int = 0
    indexed: int = 0
    unchanged: int = 0
    removed: int = 0
    passages: int = 0

    def finish(self, job: _Job, reading: Future[ReadDocument]) -> None:
        """Commit one document that has been read, or note why it cannot be."""
        path = str(job.path)
        try:
            read = reading.result()
            if not _same(job.status, job.path.stat()):
                raise VanishedDocumentError(f"{path} was changed while it was being read: run `kb add` again")
            passages = represent(read, cut(read.pages, read.title, self.settings.passages), self.encoder)
            if not passages:
                raise EmptyDocumentError(f"{path}: no text on any of its {len(read.pages)} pages")
            self.database.write_document(
                read,
                path=path,
                sha256=job.sha256,
                file_size=job.status.st_size,
                modified_ns=_settled(job.status),
                passages=passages,
            )
        except (ReadError, OSError) as error:
            self.fail(job.path, error)
            return
        self.indexed += 1
        self.passages += len(passages)
        self.warnings.extend(Failure(path, warning) for warning in read.warnings)
        self.tell(path)

    def keep(self, path: Path) -> None:
        """Count a file whose indexed version is current."""
        self.unchanged += 1
        self.tell(str(path))

    def fail(self, path: Path, error: ReadError | OSError) -> None:
        """Note why a file could not be indexed."""
        reason = str(error)
        if isinstance(error, OSError):
            reason = (
                f"{shown(path)} cannot be read ({error.strerror or error}): check that it exists and its permissions"
            )
        if str(path) in self.states:
            reason += " (the version indexed earlier is kept)"
        self.failed.append(Failure(shown(path), reason))
        logger.warning("%s", reason)
        self.tell(shown(path))

    def tell(self, path: str) -> None:
        """Call back after a file."""
        self.done += 1
        if self.progress:
            seconds = time.perf_counter() - self.started
            self.progress(Progress(self.done, self.total, self.passages, len(self.failed), path, seconds))

    def prune(self, found: Scan) -> None:
        """Remove the documents under the scanned folder whose files are gone."""
        present = {str(file) for file in found.files}
        root, blind = _inside(found.root), tuple(_inside(folder) for folder in found.blind)
        failed = {failure.path for failure in found.failed}
        for path, state in sorted(self.states.items()):
            if path.startswith(root) and path not in present and path not in failed and not path.startswith(blind):
                self.database.remove_document(state.id)
                self.removed += 1

    def report(self, skipped: int) -> Report:
        """Return the counts."""
        return Report(
            indexed=self.indexed,
            unchanged=self.unchanged,
            removed=self.removed,
            passages=self.passages,
            seconds=time.perf_counter() - self.started,
            failed=tuple(self.failed),
            warnings=tuple(self.warnings),
            skipped=skipped,
        )


def _inside(folder: Path) -> str:
    return str(folder).rstrip(os.sep) + os.sep


def _changed(found: Scan, run: _Run) -> Iterator[_Job]:
    """Yield the files that must be read; note those that are current or cannot be opened."""
    for path in found.files:
        try:
            name = str(path)
            name.encode()
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise UnsupportedFormatError(f"{path} is not a regular file: name a document or a folder")
            state = run.states.get(name)
            if state and (state.file_size, state.modified_ns) == (status.st_size, status.st_mtime_ns):
                run.keep(path)
                continue
            # A file over the limit is not worth hashing: the reader refuses it.
            sha256 = _sha256(path) if status.st_size <= run.settings.reading.max_bytes else ""
        except UnicodeEncodeError:
            run.fail(path, ReadError(f"{shown(path)}: its name is not valid UTF-8; rename it"))
            continue
        except (ReadError, OSError) as error:
            run.fail(path, error)
            continue
        if state and state.sha256 == sha256:
            run.database.touch_document(state.id, file_size=status.st_size, modified_ns=_settled(status))
            run.keep(path)
        else:
            yield _Job(path, status, sha256)


def _ahead(jobs: Iterator[_Job], settings: Settings, stack: ExitStack) -> Iterator[tuple[_Job, Future[ReadDocument]]]:
    """Yield jobs in order with their reading begun, a few ahead; the pool starts with the first of them."""
    pool: ReaderPool | None = None
    waiting: deque[tuple[_Job, Future[ReadDocument]]] = deque()
    for job in jobs:
        if pool is None:
            pool = stack.enter_context(ReaderPool(settings.reading))
        waiting.append((job, pool.submit(job.path)))
        if len(waiting) > settings.reading.processes + _LOOK_AHEAD:
            yield waiting.popleft()
    yield from waiting


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_BUFFER):
            digest.update(chunk)
    return digest.hexdigest()


def _same(before: os.stat_result, after: os.stat_result) -> bool:
    return (before.st_ino, before.st_size, before.st_mtime_ns) == (after.st_ino, after.st_size, after.st_mtime_ns)


def _settled(status: os.stat_result) -> int:
    """Return the time to remember of a file: -1 for one changed just now, which may change again in the same tick."""
    return status.st_mtime_ns if time.time_ns() - status.st_mtime_ns > _RECENT_NS else -1
