"""What is wrong with the truth, found by looking at all of it.

SQLite's own check sees the structure of its file; ours sees what the cells mean: counts that agree, spans that lie in
their pages, passages that are the text they claim to be, vectors of the right length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kb.errors import IndexDamagedError
from kb.store import blobs

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from kb.records import Passage
    from kb.store.database import Database
    from kb.store.view import View

MOST_PROBLEMS = 100

_COUNTS = """
    SELECT document.id, path, page_count, passage_count,
        (SELECT count(*) FROM page WHERE page.document_id = document.id),
        (SELECT count(*) FROM passage WHERE passage.document_id = document.id),
        (SELECT count(*) FROM unit JOIN passage ON passage.id = passage_id WHERE passage.document_id = document.id),
        (SELECT coalesce(max(ordinal) + 1, 0) FROM passage WHERE passage.document_id = document.id)
    FROM document ORDER BY path
"""


def problems_of(database: Database, *, deep: bool) -> list[str]:
    """Return at most 100 problems, each one sentence with its repair; none for a sound index."""
    problems: list[str] = []
    try:
        with database.view() as view:
            for problem in _problems(view, deep=deep):
                problems.append(problem)
                if len(problems) == MOST_PROBLEMS:
                    break
    except IndexDamagedError as error:
        problems.append(str(error))
    return problems


def _problems(view: View, *, deep: bool) -> Iterator[str]:
    connection = view.connection
    for (line,) in connection.execute("PRAGMA integrity_check" if deep else "PRAGMA quick_check"):
        if line != "ok":
            yield view.problem(line)
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield view.problem(f"row {row} of {table} refers to a {parent} that is not there")
    yield from _wrong_counts(view, connection)
    if deep:
        for number, path in connection.execute("SELECT id, path FROM document ORDER BY path").fetchall():
            try:
                yield from _wrong_content(view, number, path)
            except IndexDamagedError as error:
                yield str(error)
        yield from _wrong_units(view)


def _wrong_counts(view: View, connection: sqlite3.Connection) -> Iterator[str]:
    for number, path, pages, passages, *found in connection.execute(_COUNTS):
        if [pages, passages, passages, passages] != found:
            yield view.problem(
                f"{path} (document {number}) should have {pages} pages and {passages} passages, "
                f"has {found[0]} pages, {found[1]} passages, {found[2]} vectors, {found[3]} numbered passages"
            )
    newest = max(view.revisions().values(), default=0)
    if newest > view.revision:
        yield view.problem(f"a document is of revision {newest}, the index of {view.revision}")


def _wrong_content(view: View, document_id: int, path: str) -> Iterator[str]:
    document = view.document(document_id)
    texts = {page.index: page.text for page in document.pages}
    for page in document.pages:
        if any(not 0 <= block.start <= block.end <= len(page.text) for block in page.blocks):
            yield view.problem(f"{path}, page {page.index}: a block lies outside the page's text")
    passages = view.passages_of(document_id)
    sentences = view.passage_sentences(passage.id for passage in passages)
    for passage in passages:
        if not _stands_in(passage, texts):
            yield view.problem(f"{path}: passage {passage.ordinal} is not the text of its pages")
        if any(not 0 <= start < end <= len(passage.text) for start, end in sentences[passage.id]):
            yield view.problem(f"{path}: a sentence lies outside passage {passage.ordinal}")


def _stands_in(passage: Passage, texts: dict[int, str]) -> bool:
    if any(not 0 <= span.start < span.end <= len(texts.get(span.page_index, "")) for span in passage.spans):
        return False
    return passage.text == "\n".join(texts[span.page_index][span.start : span.end] for span in passage.spans)


def _wrong_units(view: View) -> Iterator[str]:
    rows = view.connection.execute("SELECT id, text, sentences FROM passage")
    stored = {
        number: (blobs.content_key(text), len(text.split()), len(sentences) // 8) for number, text, sentences in rows
    }
    try:
        for unit in view.units():
            key = int(np.uint64(unit.content_key).astype(np.int64))
            if (key, unit.word_count, len(unit.sentence_vectors)) != stored[unit.passage_id]:
                yield view.problem(f"the vectors and counts of passage {unit.passage_id} belong to another text")
            if not (np.isfinite(unit.vector).all() and np.isfinite(unit.sentence_vectors).all()):
                yield view.problem(f"the vectors of passage {unit.passage_id} are not finite")
    except IndexDamagedError as error:
        yield str(error)
