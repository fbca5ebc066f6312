"""The derived snapshot: everything that searching needs, immutable, mapped into memory, thrown away without loss.

    snapshot = open_snapshot(database, database.folder)
    rows, scores = snapshot.dense_search(query, 100)

A snapshot is a folder under `snapshots/` that SQLite names together with its manifest's SHA-256. That note is the
pointer: it changes in one transaction after the new folder is on the disk and has been read back, and it goes with a
backup of `kb.sqlite`, so that a snapshot of another past of the index is never taken for this one's.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from kb.errors import IndexDamagedError, IndexStoreError
from kb.store import storage
from kb.store.building import compose, differing
from kb.store.database import SNAPSHOTS
from kb.store.faults import damaged
from kb.store.locking import ProcessLock
from kb.store.postings import Inverted, Postings
from kb.store.storage import Contents, Note, State
from kb.store.titles import DOCUMENTS, fields
from kb.store.units import LANGUAGES
from kb.store.vectors import search_index
from kb.store.writes import MOST_SENTENCES
from kb.store.writing import UnusableSnapshotError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kb.models.encoder import FloatArray
    from kb.records import Language
    from kb.store.building import Arrays
    from kb.store.database import Database
    from kb.store.view import View

NOTE = "snapshot"
_LOCK_SECONDS = 600.0
_PRODUCTS_AT_ONCE = 512
_LOG = logging.getLogger(__name__)

Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One state of the index for searching; n passages by ascending id, m sentences in the order of their passages.

    Safe to share between threads, and valid while newer ones replace it. `languages` and `spellings` are places in
    `units.LANGUAGES` and `units.SPELLINGS`. `folder` is where snapshots lie, None when this one could not be stored.
    `dense` and `sentences` are FAISS indexes, None when there is nothing in them; `arrays` holds what the folder holds.
    `titles` are the terms of titles, whose rows are places in `title_documents`, the ids of all documents, ascending.
    """

    revision: int
    history: str
    dimension: int
    folder: Path | None
    arrays: Mapping[str, NDArray[Any]]
    lexical: Mapping[Language, Postings]
    titles: Mapping[Language, Inverted]
    title_documents: NDArray[np.int64]
    dense: Any
    sentences: Any
    ids: NDArray[np.int64]
    document_ids: NDArray[np.int64]
    languages: NDArray[np.uint8]
    spellings: NDArray[np.uint8]
    content_keys: NDArray[np.uint64]
    word_counts: NDArray[np.int32]
    sentence_owner: Rows
    sentence_offsets: NDArray[np.int64]

    @property
    def n(self) -> int:
        """How many passages there are."""
        return len(self.ids)

    def dense_search(
        self, queries: FloatArray, limit: int, among: Rows | None = None
    ) -> tuple[Rows, NDArray[np.float32]]:
        """Return rows and inner products of the nearest passages, best first, ties by id.

        For queries (q, d) both have shape (q, k), for one query (d,) shape (k,); k is `limit` or less. `among`
        restricts the search to these rows. Where an approximate index finds fewer, rows of -1 end the result of a
        batch; those of a single query are cut off.
        """
        if self.dense is None:
            return _nothing(queries)
        labels, scores = search_index(
            self.dense, np.atleast_2d(queries), limit, None if among is None else self.ids[among]
        )
        rows = np.searchsorted(self.ids, labels).astype(np.int32)
        rows[labels < 0] = -1
        if queries.ndim == 1:
            found = rows[0] >= 0
            return rows[0][found], scores[0][found]
        return rows, scores

    def sentence_search(self, query: FloatArray, limit: int) -> tuple[Rows, NDArray[np.float32]]:
        """Return the rows of up to `limit` passages whose best sentences are nearest to the query (d,), ties by id.

        The second array holds the inner products of those sentences.
        """
        total = len(self.sentence_owner)
        if self.sentences is None or limit < 1:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        wanted = min(4 * limit, total)
        while True:
            labels, scores = search_index(self.sentences, np.atleast_2d(query), wanted)
            found = labels[0] >= 0
            owners = np.searchsorted(self.ids, labels[0][found] // MOST_SENTENCES)
            # The first sentence of a passage in the list is its best.
            rows, first = np.unique(owners, return_index=True)
            if len(rows) >= limit or wanted >= total or not found.all():
                best = scores[0][found][first]
                order = np.lexsort((rows, -best))[:limit]
                return rows[order].astype(np.int32), best[order]
            wanted = min(4 * wanted, total)

    def vectors(self, rows: NDArray[np.integer[Any]]) -> FloatArray:
        """Return the vectors of passages, shape (len(rows), d)."""
        return np.asarray(self.arrays["vectors"][rows], dtype=np.float32)

    def sentence_vectors(self, sentences: NDArray[np.integer[Any]]) -> FloatArray:
        """Return the vectors of sentences by their own rows (see `sentence_offsets`), shape (len(sentences), d)."""
        return np.asarray(self.arrays["sentence_vectors"][sentences], dtype=np.float32)

    def products(self, rows: NDArray[np.integer[Any]], query: FloatArray) -> NDArray[np.float32]:
        """Return the inner products of passages with a query (d,), shape (len(rows),)."""
        return _products(self.arrays["vectors"], rows, query)

    def sentence_products(self, sentences: NDArray[np.integer[Any]], query: FloatArray) -> NDArray[np.float32]:
        """Return the inner products of sentences, by their own rows, with a query (d,), shape (len(sentences),)."""
        return _products(self.arrays["sentence_vectors"], sentences, query)

    def rows_of(self, ids: NDArray[np.int64]) -> Rows:
        """Return the rows of passages by id, -1 for an id that this snapshot does not hold."""
        wanted = np.asarray(ids, dtype=np.int64)
        if not self.n:
            return np.full(len(wanted), -1, dtype=np.int32)
        places = np.minimum(np.searchsorted(self.ids, wanted), self.n - 1)
        return np.where(self.ids[places] == wanted, places, -1).astype(np.int32)


def open_snapshot(database: Database, folder: Path) -> Snapshot:
    """Return the snapshot of the newest committed state: loaded when it is good, else caught up or made anew.

    Where it cannot be stored (full disk, no right to write, another process storing for ten minutes) it lives in
    memory only and a warning is logged. Raises IndexDamagedError when SQLite, which it is made of, is damaged.
    """
    with database.view() as view:
        found = _noted(view, folder / SNAPSHOTS)
        if found is not None and found.revision == view.revision:
            return _snapshot(found, folder / SNAPSHOTS)
    try:
        with ProcessLock(folder / "snapshots.lock").held(_LOCK_SECONDS):
            return _renewed(database, folder)
    except IndexDamagedError:
        raise
    except IndexStoreError as error:
        _LOG.warning("The snapshot cannot be stored and is kept in memory: %s", error)
    with database.view() as view:
        return _snapshot(storage.in_memory(_made(view, None, None), _state(view)), None)


def verify_snapshot(database: Database, snapshot: Snapshot) -> list[str]:
    """Return what is wrong with a snapshot, each with its repair: its files, its ids, its content against SQLite."""
    with database.view() as view:
        note = _note(view)
        if note is not None and snapshot.folder is not None:
            try:
                storage.verified(snapshot.folder, note, history=view.history)
            except UnusableSnapshotError as error:
                return [f"The snapshot is damaged ({error}): delete the folder {snapshot.folder}, it is made anew"]
        if snapshot.revision != view.revision:
            return []
        wrong = differing(_fresh(view, snapshot.folder), snapshot.arrays)
    if wrong:
        return [f"The snapshot differs from SQLite in {', '.join(wrong)}: delete the folder {snapshot.folder}"]
    return []


def _fresh(view: View, folder: Path | None) -> Arrays:
    """Return the arrays of the view's state, kept in memory where `folder` cannot be written to."""
    if folder is not None:
        try:
            with storage.writing_to(folder):
                return _made(view, None, folder)
        except IndexDamagedError:
            raise
        except IndexStoreError as error:
            _LOG.info("The snapshot is checked in memory: %s", error)
    return _made(view, None, None)


def _renewed(database: Database, folder: Path) -> Snapshot:
    """Store the snapshot of the newest state and let SQLite name it. The caller holds the lock."""
    place = folder / SNAPSHOTS
    with database.view() as view:
        old = _noted(view, place)
        if old is not None and old.revision == view.revision:
            return _snapshot(old, place)
        with storage.writing_to(place):
            place.mkdir(exist_ok=True)
            older = _noted(view, place, whole=True) if old is not None else None
            arrays = _made(view, older, place)
        state = _state(view)
    note = storage.store(place, arrays, state, older)
    stored = storage.verified(place, note, history=state.history)
    database.set_meta(NOTE, msgspec.json.encode(note).decode("utf-8"))
    storage.prune(place, note)
    return _snapshot(stored, place)


def _noted(view: View, place: Path, *, whole: bool = False) -> Contents | None:
    """Return the snapshot that SQLite names, None when there is none or it cannot be used; `whole` looks at all."""
    note = _note(view)
    if note is None:
        return None
    try:
        return (storage.verified if whole else storage.load)(place, note, history=view.history)
    except UnusableSnapshotError as error:
        _LOG.warning("The snapshot is made anew: %s", error)
        return None


def _note(view: View) -> Note | None:
    value = view.meta(NOTE)
    try:
        return None if value is None else msgspec.json.decode(value, type=Note)
    except msgspec.MsgspecError as error:
        raise damaged(view.path, f"its note of the snapshot: {error}") from error


def _made(view: View, old: Contents | None, folder: Path | None) -> Arrays:
    """Return the arrays of the view's state, reusing what still holds of an older one; large ones lie in `folder`."""
    revision, dimension = view.revision, view.dimension
    if old is not None and old.dimension == dimension and old.revision < revision:
        now = view.revisions()
        new = {number for number, changed in now.items() if changed > old.revision}
        gone = {*old.arrays["document_ids"].tolist(), *old.arrays[DOCUMENTS].tolist()} - now.keys()
        documents = view.documents_of(new).values()
        arrays = compose(view.units(new), documents, dimension, old=old.arrays, changed=new | gone, folder=folder)
        if np.array_equal(arrays["ids"], view.passage_ids()):
            return arrays
        _LOG.warning("The older snapshot of %s does not lead to the present one: it is made anew", view.path)
    return compose(view.units(), view.documents(), dimension, folder=folder)


def _state(view: View) -> State:
    return State(view.revision, view.history, view.dimension)


def _snapshot(contents: Contents, folder: Path | None) -> Snapshot:
    arrays = contents.arrays
    return Snapshot(
        revision=contents.revision,
        history=contents.history,
        dimension=contents.dimension,
        folder=folder,
        arrays=arrays,
        lexical=_lexical(arrays),
        titles=_titles(arrays),
        title_documents=arrays[DOCUMENTS],
        dense=contents.dense,
        sentences=contents.sentences,
        ids=arrays["ids"],
        document_ids=arrays["document_ids"],
        languages=arrays["languages"],
        spellings=arrays["spellings"],
        content_keys=arrays["content_keys"],
        word_counts=arrays["word_counts"],
        sentence_owner=arrays["sentence_owner"],
        sentence_offsets=arrays["sentence_offsets"],
    )


def _lexical(arrays: Mapping[str, NDArray[Any]]) -> dict[Language, Postings]:
    lengths = arrays["lengths"]
    lexical: dict[Language, Postings] = {}
    for code, language in enumerate(LANGUAGES):
        own = lengths[arrays["languages"] == code]
        lexical[language] = Postings(
            joined_terms=arrays[f"{language}.terms"],
            term_offsets=arrays[f"{language}.term_offsets"],
            offsets=arrays[f"{language}.offsets"],
            rows=arrays[f"{language}.rows"],
            counts=arrays[f"{language}.counts"],
            skeletons=arrays[f"{language}.skeletons"],
            skeleton_offsets=arrays[f"{language}.skeleton_offsets"],
            skeleton_terms=arrays[f"{language}.skeleton_terms"],
            lengths=lengths,
            total=len(own),
            mean_length=float(own.mean(dtype=np.float64)) if len(own) else 0.0,
        )
    return lexical


def _titles(arrays: Mapping[str, NDArray[Any]]) -> dict[Language, Inverted]:
    titles: dict[Language, Inverted] = {}
    for language in LANGUAGES:
        of = fields(arrays, language)
        titles[language] = Inverted(of["terms"], of["term_offsets"], of["offsets"], of["rows"], of["counts"])
    return titles


def _products(stored: NDArray[np.float16], places: NDArray[np.integer[Any]], query: FloatArray) -> NDArray[np.float32]:
    """Return the inner products of stored vectors with a query, taken block by block in the processor's cache."""
    found = np.empty(len(places), dtype=np.float32)
    block = np.empty((min(len(places), _PRODUCTS_AT_ONCE), stored.shape[1]), dtype=np.float32)
    for start in range(0, len(places), _PRODUCTS_AT_ONCE):
        some = places[start : start + _PRODUCTS_AT_ONCE]
        vectors = block[: len(some)]
        np.copyto(vectors, stored[some])
        np.vecdot(vectors, query, out=found[start : start + len(some)])
    return found


def _nothing(queries: FloatArray) -> tuple[Rows, NDArray[np.float32]]:
    shape = (0,) if queries.ndim == 1 else (len(queries), 0)
    return np.empty(shape, np.int32), np.empty(shape, np.float32)
