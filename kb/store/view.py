"""One consistent view of the index: every read happens in one SQLite transaction, whatever is written meanwhile.

Each row's seal is checked as it is read, so that a damaged file raises instead of being quoted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import msgspec
import numpy as np

from kb.errors import NotFoundError
from kb.records import Document, Page, Passage
from kb.store import blobs
from kb.store.faults import damaged
from kb.store.units import FileState, StoredUnit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.records import Language

_DOCUMENT = """
    SELECT id, path, sha256, title, media_type, date, languages, warnings, page_count, passage_count, revision, status,
        seal
    FROM document
"""
_FILE = "SELECT id, path, sha256, file_size, modified_ns FROM document"
_PAGE = "SELECT document_id, page_index, label, text, blocks, seal FROM page"
_PASSAGE = """
    SELECT id, document_id, ordinal, text, spans, headings, language, spelling, sentences, seal FROM passage
"""
_UNIT = """
    SELECT passage.id, document_id, language, spelling, content_key, word_count, terms, vector, sentence_vectors,
        unit.seal
    FROM passage JOIN unit ON passage_id = passage.id
"""
_AMONG = "IN (SELECT value FROM json_each(?))"


class View:
    """Reads of one transaction on `connection`. Every method may raise IndexDamagedError."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path

    def meta(self, key: str) -> str | None:
        """Return a value of the index's own table, None when it was never set."""
        row = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    @property
    def revision(self) -> int:
        """How many changes of content were committed since the index was made."""
        return self._number("revision", self._required("revision"))

    @property
    def history(self) -> str:
        """32 hex digits drawn when the index was made."""
        return self._required("history")

    @property
    def dimension(self) -> int:
        """Numbers in a vector; 0 before the first document."""
        return self._number("dimension", self.meta("dimension") or "0")

    def documents(self) -> list[Document]:
        """Return all documents without their pages, ordered by path."""
        rows = self.connection.execute(f"{_DOCUMENT} ORDER BY path")
        return [self._document(row) for row in rows]

    def document(self, document_id: int) -> Document:
        """Return the document with its pages. Raises NotFoundError."""
        return self._document(self._row_of(document_id), self._pages(document_id))

    def documents_of(self, document_ids: Iterable[int]) -> dict[int, Document]:
        """Return the documents without their pages by id; ids that do not exist are left out."""
        query = f"{_DOCUMENT} WHERE id {_AMONG}"
        rows = self.connection.execute(query, (_ids(document_ids),))
        return {row[0]: self._document(row) for row in rows}

    def warnings(self, document_id: int) -> tuple[str, ...]:
        """Return what the reader warned of. Raises NotFoundError."""
        row = self._row_of(document_id)
        return blobs.unpack_strings(row[7])

    def revisions(self) -> dict[int, int]:
        """Return the revision of the last change of content of each document, by document id."""
        return dict(self.connection.execute("SELECT id, revision FROM document ORDER BY id").fetchall())

    def find(self, path: str) -> FileState | None:
        """Return what is known of the document at `path`, None when it is not indexed."""
        row = self.connection.execute(f"{_FILE} WHERE path = ?", (path,)).fetchone()
        return None if row is None else FileState(*row)

    def file_states(self) -> dict[str, FileState]:
        """Return what is known of each document's file, by path, ordered by path."""
        rows = self.connection.execute(f"{_FILE} ORDER BY path")
        return {row[1]: FileState(*row) for row in rows}

    def page(self, document_id: int, index: int) -> Page:
        """Return one page. Raises NotFoundError."""
        query = f"{_PAGE} WHERE document_id = ? AND page_index = ?"
        row = self.connection.execute(query, (document_id, index)).fetchone()
        if row is None:
            raise NotFoundError(f"No page {index} of document {document_id} in {self.path}")
        return self._page(row)

    def pages(self, document_id: int) -> tuple[Page, ...]:
        """Return the pages in order. Raises NotFoundError when there is no such document."""
        return self.document(document_id).pages

    def passages(self, ids: Iterable[int]) -> dict[int, Passage]:
        """Return the passages by id, in the order of `ids`; ids that no longer exist are left out."""
        wanted = list(ids)
        query = f"{_PASSAGE} WHERE id {_AMONG}"
        found = {row[0]: self._passage(row) for row in self.connection.execute(query, (_ids(wanted),))}
        return {each: found[each] for each in wanted if each in found}

    def passage_sentences(self, ids: Iterable[int]) -> dict[int, blobs.Pairs]:
        """Return each passage's sentences as (start, end) in its text; ids that no longer exist are left out."""
        query = f"{_PASSAGE} WHERE id {_AMONG}"
        found = {}
        for row in self.connection.execute(query, (_ids(ids),)):
            self._unsealed("passage", row[0], row[1:])
            found[row[0]] = blobs.unpack_pairs(row[8])
        return found

    def passages_of(self, document_id: int) -> tuple[Passage, ...]:
        """Return all passages of a document in order; none for an unknown document."""
        query = f"{_PASSAGE} WHERE document_id = ? ORDER BY ordinal"
        return tuple(self._passage(row) for row in self.connection.execute(query, (document_id,)))

    def neighbours(self, passage_id: int, reach: int = 1) -> tuple[Passage, ...]:
        """Return the up to `reach` passages before and after, in order, without the passage itself.

        Raises NotFoundError.
        """
        place = self.connection.execute(
            "SELECT document_id, ordinal FROM passage WHERE id = ?", (passage_id,)
        ).fetchone()
        if place is None:
            raise NotFoundError(f"No passage {passage_id} in {self.path}: its document was replaced or removed")
        document_id, ordinal = place
        query = f"{_PASSAGE} WHERE document_id = ? AND ordinal BETWEEN ? AND ? AND id != ? ORDER BY ordinal"
        rows = self.connection.execute(query, (document_id, ordinal - reach, ordinal + reach, passage_id))
        return tuple(self._passage(row) for row in rows)

    def passage_ids(self) -> NDArray[np.int64]:
        """Return the ids of all passages, ascending."""
        rows = self.connection.execute("SELECT passage_id FROM unit ORDER BY passage_id")
        return np.fromiter((row[0] for row in rows), dtype=np.int64)

    def passage_counts(self) -> dict[str, dict[str, int]]:
        """Return how many passages there are by language and spelling: {"uz": {"latin": 12}}."""
        counts: dict[str, dict[str, int]] = {}
        query = "SELECT language, spelling, count(*) FROM passage GROUP BY language, spelling ORDER BY 1, 2"
        for language, spelling, count in self.connection.execute(query):
            counts.setdefault(language, {})[spelling] = count
        return counts

    def units(self, document_ids: Iterable[int] | None = None) -> Iterator[StoredUnit]:
        """Yield what searching needs of each passage, by ascending id, of all or of the given documents."""
        query, parameters = _UNIT, tuple[str, ...]()
        if document_ids is not None:
            query, parameters = f"{_UNIT} WHERE document_id {_AMONG}", (_ids(document_ids),)
        dimension = max(self.dimension, 1)
        for row in self.connection.execute(f"{query} ORDER BY passage.id", parameters):
            self._unsealed("unit", row[0], row)
            try:
                yield _unit(row, dimension)
            except (ValueError, msgspec.MsgspecError) as error:
                raise damaged(self.path, f"unit {row[0]}: {error}") from error

    def problem(self, reason: object) -> str:
        """Return one sentence that says what is wrong with the file and how to repair it."""
        return str(damaged(self.path, reason))

    def _required(self, key: str) -> str:
        value = self.meta(key)
        if value is None:
            raise damaged(self.path, f"its {key} is missing")
        return value

    def _number(self, key: str, value: str) -> int:
        if not (value.isascii() and value.isdigit()):
            raise damaged(self.path, f"its {key} is {value!r}")
        return int(value)

    def _row_of(self, document_id: int) -> tuple[Any, ...]:
        query = f"{_DOCUMENT} WHERE id = ?"
        row: tuple[Any, ...] | None = self.connection.execute(query, (document_id,)).fetchone()
        if row is None:
            raise NotFoundError(f"No document {document_id} in {self.path}: it was removed or never existed")
        self._unsealed_document(row)
        return row

    def _unsealed(self, kind: str, number: object, row: tuple[Any, ...]) -> None:
        if blobs.seal(*row[:-1]) != row[-1]:
            raise damaged(self.path, f"{kind} {number} is not what was stored")

    def _unsealed_document(self, row: tuple[Any, ...]) -> None:
        if blobs.document_seal(*row[:-1]) != row[-1]:
            raise damaged(self.path, f"document {row[0]} is not what was stored")

    def _document(self, row: tuple[Any, ...], pages: tuple[Page, ...] = ()) -> Document:
        self._unsealed_document(row)
        number, path, sha256, title, media_type, date, languages, _, page_count, passage_count, _, status, _ = row
        return Document(
            id=number,
            title=title,
            path=path,
            sha256=sha256,
            media_type=media_type,
            date=date,
            languages=cast("tuple[Language, ...]", blobs.unpack_strings(languages)),
            page_count=page_count,
            passage_count=passage_count,
            pages=pages,
            status=status,
        )

    def _pages(self, document_id: int) -> tuple[Page, ...]:
        query = f"{_PAGE} WHERE document_id = ? ORDER BY page_index"
        return tuple(self._page(row) for row in self.connection.execute(query, (document_id,)))

    def _page(self, row: tuple[Any, ...]) -> Page:
        document_id, index, label, text, blocks, _ = row
        self._unsealed("page", f"{index} of document {document_id}", row)
        return Page(index, label, text, blobs.unpack_blocks(blocks))

    def _passage(self, row: tuple[Any, ...]) -> Passage:
        self._unsealed("passage", row[0], row[1:])
        number, document_id, ordinal, text, spans, headings, language, spelling, _, _ = row
        return Passage(
            id=number,
            document_id=document_id,
            ordinal=ordinal,
            text=text,
            spans=blobs.unpack_spans(spans),
            headings=blobs.unpack_strings(headings),
            language=language,
            spelling=spelling,
        )


def _unit(row: tuple[Any, ...], dimension: int) -> StoredUnit:
    number, document_id, language, spelling, key, word_count, terms, vector, sentence_vectors, _ = row
    return StoredUnit(
        passage_id=number,
        document_id=document_id,
        language=language,
        spelling=spelling,
        content_key=int(np.int64(key).astype(np.uint64)),
        word_count=word_count,
        terms=blobs.unpack_terms(terms),
        vector=blobs.unpack_vectors(vector, dimension).reshape(dimension),
        sentence_vectors=blobs.unpack_vectors(sentence_vectors, dimension),
    )


def _ids(ids: Iterable[int]) -> str:
    return msgspec.json.encode([int(each) for each in ids]).decode("ascii")
