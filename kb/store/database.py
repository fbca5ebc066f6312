"""`kb.sqlite`: the only truth of an index. A document is written in one transaction or not at all.

Reads take a connection from a pool, so threads do not wait for each other; several reads that must agree go through
one `view()`. Writes wait for the lock between processes, and SQLite's own journal (WAL, synchronous=FULL) makes a
commit survive a killed process and a power cut.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kb.errors import IndexStoreError
from kb.store import schema
from kb.store.checking import problems_of
from kb.store.faults import NO_SPACE, damaged, full, sqlite_faults
from kb.store.locking import ProcessLock
from kb.store.view import View
from kb.store.writes import (
    erase_document,
    insert_document,
    rewrite_documents,
    store_meta,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from kb.records import Document, Page, Passage, ReadDocument
    from kb.store.blobs import Pairs
    from kb.store.units import FileState, NewPassage, Rewritten, StoredUnit

FILE_NAME = "kb.sqlite"
SNAPSHOTS = "snapshots"
_SMALLEST = 512  # bytes of SQLite's smallest page; it takes anything shorter for an empty database
_BUSY_SECONDS = 30.0
_LOCK_SECONDS = 10.0


class Database:
    """The documents, pages and passages of one index folder. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self._lock = ProcessLock(folder / "writer.lock")
        self._idle: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._closed = False

    @classmethod
    def open(cls, folder: str | Path, *, create: bool = True) -> Database:
        """Open the index in `folder`, making an empty one there when `create` is set.

        Raises IndexStoreError when there is none and `create` is not set, IndexMismatchError when a newer version or
        another program made it, IndexDamagedError when SQLite cannot read it, IndexFullError without space.
        """
        database = cls(Path(folder))
        if not database.path.exists():
            if not create:
                raise IndexStoreError(f"No index in {folder}: make one with `kb add`")
            try:
                database.folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                if error.errno in NO_SPACE:
                    raise full(database.folder, error) from error
                raise IndexStoreError(f"{folder} cannot be made ({error}): choose another index folder") from error
        try:
            database._prepare()
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Close all connections that are not in use; those in use are closed when they are done."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def view(self) -> Iterator[View]:
        """Give one consistent view for several reads; what is committed meanwhile stays out of it."""
        with self._connection() as connection:
            connection.execute("BEGIN")
            try:
                yield View(connection, self.path)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def writer(self, timeout: float = _LOCK_SECONDS) -> AbstractContextManager[None]:
        """Hold the lock between writers (processes and threads) over several writes of this thread.

        Raises IndexLockedError, naming the holder, after `timeout` seconds.
        """
        return self._lock.held(timeout)

    def write_document(
        self,
        read: ReadDocument,
        *,
        path: str,
        sha256: str,
        file_size: int,
        modified_ns: int,
        passages: Sequence[NewPassage],
    ) -> int:
        """Store a document with its pages and passages in one transaction and return its id.

        A document with the same path is replaced and keeps its id; its passages get new ids. Raises IndexStoreError
        for a passage that is not the text of its spans, IndexMismatchError for vectors of another length than the
        index's, ModelError for vectors that are not finite, DamagedDocumentError for text that is not Unicode,
        IndexLockedError and IndexFullError.
        """
        with self.writer(), self._transaction() as connection:
            return insert_document(
                connection,
                read,
                path=path,
                sha256=sha256,
                file_size=file_size,
                modified_ns=modified_ns,
                passages=passages,
            )

    def remove_document(self, document_id: int) -> None:
        """Remove a document with all that belongs to it. Raises NotFoundError, IndexLockedError, IndexFullError."""
        with self.writer(), self._transaction() as connection:
            erase_document(connection, document_id)

    def touch_document(self, document_id: int, *, modified_ns: int, file_size: int) -> None:
        """Note a new time of change of a file whose content is the same. The revision stays."""
        with self.writer(), self._transaction() as connection:
            connection.execute(
                "UPDATE document SET modified_ns = ?, file_size = ? WHERE id = ?", (modified_ns, file_size, document_id)
            )

    def rewrite(self, documents: Iterable[Rewritten], meta: Mapping[str, str]) -> None:
        """Replace the passages of all documents and store `meta`, in one transaction; vectors may change their length.

        Readers see the old state until it is done, and an error leaves it. `documents` may read from this database
        while it is consumed. Documents keep their ids. Raises what `write_document` raises, and IndexStoreError when a
        document of the index is left out.
        """
        with self.writer(), self._transaction() as connection:
            rewrite_documents(connection, documents)
            store_meta(connection, meta)

    def set_meta(self, key: str, value: str) -> None:
        """Store a value under `key`; needs no writer's lock. The revision stays. Raises IndexFullError."""
        with self._transaction() as connection:
            store_meta(connection, {key: value})

    def meta(self, key: str) -> str | None:
        """Return the value stored under `key`, None when there is none."""
        with self.view() as view:
            return view.meta(key)

    @property
    def revision(self) -> int:
        """How many changes of content were committed since the index was made."""
        with self.view() as view:
            return view.revision

    @property
    def history(self) -> str:
        """32 hex digits drawn when the index was made."""
        with self.view() as view:
            return view.history

    @property
    def dimension(self) -> int:
        """Numbers in a vector; 0 before the first document."""
        with self.view() as view:
            return view.dimension

    def documents(self) -> list[Document]:
        """Return all documents without their pages, ordered by path."""
        with self.view() as view:
            return view.documents()

    def document(self, document_id: int) -> Document:
        """Return the document with its pages. Raises NotFoundError."""
        with self.view() as view:
            return view.document(document_id)

    def documents_of(self, document_ids: Iterable[int]) -> dict[int, Document]:
        """Return the documents without their pages by id; ids that do not exist are left out."""
        with self.view() as view:
            return view.documents_of(document_ids)

    def find(self, path: str) -> FileState | None:
        """Return what is known of the document at `path`, None when it is not indexed."""
        with self.view() as view:
            return view.find(path)

    def warnings(self, document_id: int) -> tuple[str, ...]:
        """Return what the reader warned of. Raises NotFoundError."""
        with self.view() as view:
            return view.warnings(document_id)

    def file_states(self) -> dict[str, FileState]:
        """Return what is known of each document's file, by path, ordered by path."""
        with self.view() as view:
            return view.file_states()

    def page(self, document_id: int, index: int) -> Page:
        """Return one page. Raises NotFoundError."""
        with self.view() as view:
            return view.page(document_id, index)

    def pages(self, document_id: int) -> tuple[Page, ...]:
        """Return the pages in order. Raises NotFoundError when there is no such document."""
        with self.view() as view:
            return view.pages(document_id)

    def passages(self, ids: Iterable[int]) -> dict[int, Passage]:
        """Return the passages by id, in the order of `ids`; ids that no longer exist are left out."""
        with self.view() as view:
            return view.passages(ids)

    def passages_of(self, document_id: int) -> tuple[Passage, ...]:
        """Return all passages of a document in order; none for an unknown document."""
        with self.view() as view:
            return view.passages_of(document_id)

    def passage_sentences(self, ids: Iterable[int]) -> dict[int, Pairs]:
        """Return each passage's sentences as (start, end) in its text; ids that no longer exist are left out."""
        with self.view() as view:
            return view.passage_sentences(ids)

    def neighbours(self, passage_id: int, reach: int = 1) -> tuple[Passage, ...]:
        """Return the up to `reach` passages before and after, without the passage itself. Raises NotFoundError."""
        with self.view() as view:
            return view.neighbours(passage_id, reach)

    def passage_counts(self) -> dict[str, dict[str, int]]:
        """Return how many passages there are by language and spelling: {"uz": {"latin": 12}}."""
        with self.view() as view:
            return view.passage_counts()

    def units(self, document_ids: Collection[int] | None = None) -> Iterator[StoredUnit]:
        """Yield what searching needs of each passage, by ascending id, of all or of the given documents."""
        with self.view() as view:
            yield from view.units(document_ids)

    def check(self, *, deep: bool = False) -> list[str]:
        """Return what is wrong with the index, each with its repair; an empty list when it is sound.

        Shallow: SQLite's structure, references between rows, counts. Deep: also every row's seal, every span, every
        passage against the text of its pages, every vector.
        """
        return problems_of(self, deep=deep)

    def _prepare(self) -> None:
        """Make the tables of a new file or bring an older one up to date; never take a lost file for a new one."""
        size = self.path.stat().st_size if self.path.exists() else 0
        if 0 < size < _SMALLEST or (size == 0 and (self.folder / SNAPSHOTS).exists()):
            raise damaged(self.path, f"{size} bytes are left of it")
        with self._connection() as connection:
            ready = schema.version_of(connection, self.path) == len(schema.MIGRATIONS)
            ready = ready and connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        if not ready:
            with self.writer(), self._connection() as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                schema.migrate(connection, self.path)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # SQLite has rolled back by itself after some errors, a full disk among them.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection out of the pool for one piece of work."""
        with sqlite_faults(self.path):
            with self._guard:
                connection = self._idle.pop() if self._idle else None
            if connection is None:
                connection = self._connect()
            try:
                yield connection
            finally:
                with self._guard:
                    keep = not self._closed and not connection.in_transaction
                    if keep:
                        self._idle.append(connection)
                if not keep:
                    connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
        return connection
