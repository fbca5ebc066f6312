"""The changes of content: each runs inside the transaction of its caller and ends with a new revision."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.errors import DamagedDocumentError, IndexMismatchError, IndexStoreError, ModelError, NotFoundError
from kb.store import blobs

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from kb.records import ReadDocument
    from kb.store.units import NewPassage, Rewritten

MOST_SENTENCES = 4096
"""Sentences of one passage: the snapshot numbers them `passage id * 4096 + place`."""


def insert_document(
    connection: sqlite3.Connection,
    read: ReadDocument,
    *,
    path: str,
    sha256: str,
    file_size: int,
    modified_ns: int,
    passages: Sequence[NewPassage],
) -> int:
    """Insert the document, or replace the one with the same path, and return its id."""
    _refuse_what_is_not_text(read, path)
    _refuse_wrong_blocks(read, path)
    texts = {page.index: page.text for page in read.pages}
    for place, passage in enumerate(passages):
        _refuse_wrong_passage(passage, place, texts, path)
    _settle_dimension(connection, passages, path)
    revision = _next_revision(connection)
    document = (
        path,
        sha256,
        read.title,
        read.media_type,
        read.date,
        blobs.pack_strings(_languages(passages)),
        blobs.pack_strings(read.warnings),
        len(read.pages),
        len(passages),
        revision,
        read.status,
    )
    document_id = _clear_place(connection, path)
    connection.execute(
        "INSERT INTO document (id, path, sha256, title, media_type, date, languages, warnings, page_count, "
        "passage_count, revision, status, file_size, modified_ns, seal) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (document_id, *document, file_size, modified_ns, blobs.document_seal(document_id, *document)),
    )
    connection.executemany(
        "INSERT INTO page (document_id, page_index, label, text, blocks, seal) VALUES (?, ?, ?, ?, ?, ?)",
        [
            _sealed(document_id, page.index, page.label, page.text, blobs.pack_blocks(page.blocks))
            for page in read.pages
        ],
    )
    first = _last_id(connection, "passage") + 1
    connection.executemany(
        "INSERT INTO passage (id, document_id, ordinal, text, spans, headings, language, spelling, sentences, seal) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(first + place, *_passage_row(document_id, passage)) for place, passage in enumerate(passages)],
    )
    connection.executemany(
        "INSERT INTO unit (passage_id, content_key, word_count, terms, vector, sentence_vectors, seal) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [_unit_row(first + place, document_id, passage) for place, passage in enumerate(passages)],
    )
    return document_id


def erase_document(connection: sqlite3.Connection, document_id: int) -> None:
    """Delete the document; its pages and passages follow. Raises NotFoundError."""
    if not connection.execute("DELETE FROM document WHERE id = ?", (document_id,)).rowcount:
        raise NotFoundError(f"No document {document_id} in the index: it was removed or never existed")
    _next_revision(connection)


def rewrite_documents(connection: sqlite3.Connection, documents: Iterable[Rewritten]) -> None:
    """Replace every document by its new version; the first one settles the length of the vectors anew."""
    connection.execute("DELETE FROM meta WHERE key = 'dimension'")
    left = dict(connection.execute("SELECT path, id FROM document").fetchall())
    for document in documents:
        state = document.state
        left.pop(state.path, None)
        insert_document(
            connection,
            document.read,
            path=state.path,
            sha256=state.sha256,
            file_size=state.file_size,
            modified_ns=state.modified_ns,
            passages=document.passages,
        )
    if left:
        raise IndexStoreError(f"{len(left)} documents were left out of the rewriting, such as {min(left)}")


def store_meta(connection: sqlite3.Connection, values: Mapping[str, str]) -> None:
    """Store values in the index's own table."""
    connection.executemany(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        sorted(values.items()),
    )


def _clear_place(connection: sqlite3.Connection, path: str) -> int:
    """Return the id for the document at `path`: its old one, after deleting it, or a new one."""
    row = connection.execute("SELECT id FROM document WHERE path = ?", (path,)).fetchone()
    if row is None:
        return _last_id(connection, "document") + 1
    connection.execute("DELETE FROM document WHERE id = ?", row)
    return int(row[0])


def _last_id(connection: sqlite3.Connection, table: str) -> int:
    """Return the greatest id the table ever had, so that no id is used twice."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return 0 if row is None else int(row[0])


def _next_revision(connection: sqlite3.Connection) -> int:
    row = connection.execute(
        "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'revision' RETURNING value"
    ).fetchone()
    return int(row[0])


def _languages(passages: Sequence[NewPassage]) -> tuple[str, ...]:
    """Return the languages by the share of characters they have, the greatest first."""
    characters: Counter[str] = Counter()
    for passage in passages:
        characters[passage.language] += len(passage.text)
    return tuple(sorted(characters, key=lambda language: (-characters[language], language)))


def _sealed(*values: object) -> tuple[object, ...]:
    return (*values, blobs.seal(*values))


def _passage_row(document_id: int, passage: NewPassage) -> tuple[object, ...]:
    return _sealed(
        document_id,
        passage.ordinal,
        passage.text,
        blobs.pack_spans(passage.spans),
        blobs.pack_strings(passage.headings),
        passage.language,
        passage.spelling,
        blobs.pack_pairs(passage.sentences),
    )


def _unit_row(passage_id: int, document_id: int, passage: NewPassage) -> tuple[object, ...]:
    values = (
        blobs.content_key(passage.text),
        len(passage.text.split()),
        blobs.pack_terms(passage.terms),
        blobs.pack_vectors(passage.vector),
        blobs.pack_vectors(passage.sentence_vectors),
    )
    return (passage_id, *values, blobs.seal(passage_id, document_id, passage.language, passage.spelling, *values))


def _settle_dimension(connection: sqlite3.Connection, passages: Sequence[NewPassage], path: str) -> None:
    """Hold all vectors to one length: that of the first passage ever stored."""
    row = connection.execute("SELECT value FROM meta WHERE key = 'dimension'").fetchone()
    dimension = int(row[0]) if row else (passages[0].vector.shape[-1] if passages else 0)
    for passage in passages:
        if passage.vector.shape != (dimension,) or passage.sentence_vectors.shape != (
            len(passage.sentences),
            dimension,
        ):
            raise IndexMismatchError(
                f"{path}: passage {passage.ordinal} has vectors of shape {passage.vector.shape} and "
                f"{passage.sentence_vectors.shape} for {len(passage.sentences)} sentences, the index holds {dimension} "
                "numbers a vector: open it with the model that made it, or index into another folder"
            )
    if row is None and dimension:
        connection.execute("INSERT INTO meta (key, value) VALUES ('dimension', ?)", (str(dimension),))


def _refuse_wrong_passage(passage: NewPassage, place: int, texts: Mapping[int, str], path: str) -> None:
    name = f"{path}: passage {passage.ordinal}"
    if passage.ordinal != place:
        raise IndexStoreError(f"{name} stands at place {place}: passages must be numbered from 0 in order")
    for span in passage.spans:
        if not 0 <= span.start < span.end <= len(texts.get(span.page_index, "")):
            raise IndexStoreError(f"{name}: {span} lies outside the text of its page")
    if passage.text != "\n".join(texts[span.page_index][span.start : span.end] for span in passage.spans):
        raise IndexStoreError(f"{name} is not the text of its {len(passage.spans)} spans")
    if len(passage.sentences) > MOST_SENTENCES:
        raise IndexStoreError(f"{name} has {len(passage.sentences)} sentences, at most {MOST_SENTENCES} can be stored")
    for start, end in passage.sentences:
        if not 0 <= start < end <= len(passage.text):
            raise IndexStoreError(f"{name}: sentence {start}:{end} lies outside its {len(passage.text)} characters")
    if any(count < 1 for count in passage.terms.values()):
        raise IndexStoreError(f"{name} has a term that is counted less than once")
    for vectors in (passage.vector, passage.sentence_vectors):
        if not _storable(vectors):
            raise ModelError(f"{name}: the encoder gave numbers that are not finite or beyond float16")


def _refuse_wrong_blocks(read: ReadDocument, path: str) -> None:
    for page in read.pages:
        for block in page.blocks:
            if not 0 <= block.start <= block.end <= len(page.text):
                raise IndexStoreError(
                    f"{path}: {block} lies outside the {len(page.text)} characters of page {page.index}"
                )


def _storable(vectors: Any) -> bool:
    return bool(np.all(np.abs(np.asarray(vectors, dtype=np.float32)) <= np.finfo(np.float16).max))


def _refuse_what_is_not_text(read: ReadDocument, path: str) -> None:
    """Raise DamagedDocumentError for lone surrogates, which no encoding can store and no quote could show."""
    places = [("path", path), ("title", read.title)]
    for page in read.pages:
        places += [(f"page {page.index}", page.text), (f"label of page {page.index}", page.label)]
    places += [("warnings", warning) for warning in read.warnings]
    for where, text in places:
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise DamagedDocumentError(f"{path!r}: {where} is not Unicode text ({error.reason})") from error
