"""The arrays of a snapshot, made of the rows of an older one that still hold and the units of what changed since.

A rebuild is the same step with no older snapshot, so that catching up and rebuilding cannot differ. Vectors go through
spools and postings are merged from sorted blocks, so that a million passages need no more memory than a laptop has.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kb.store import sampling, titles
from kb.store.inverting import PostingsBuilder, by_skeleton
from kb.store.mapped import let_go
from kb.store.postings import ALIKE, FIELDS
from kb.store.spool import Spool
from kb.store.units import LANGUAGES, SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from kb.records import Document
    from kb.store.units import StoredUnit

Arrays = dict[str, NDArray[Any]]

COLUMNS = {
    "ids": np.int64,
    "document_ids": np.int64,
    "languages": np.uint8,
    "spellings": np.uint8,
    "content_keys": np.uint64,
    "word_counts": np.int32,
    "lengths": np.float32,
}
"""One number a passage, by ascending id."""

VECTORS = ("vectors", "sentence_vectors")
LARGE = (*VECTORS, *sampling.SAMPLES)
"""The arrays whose rows are vectors."""

_ROWS_AT_ONCE = 65_536


def names() -> tuple[str, ...]:
    """Return the names of all arrays of a snapshot."""
    fields = tuple(f"{language}.{field}" for language in LANGUAGES for field in (*FIELDS, *ALIKE))
    return (*COLUMNS, "sentence_offsets", "sentence_owner", *LARGE, *fields, *titles.names())


def compose(
    units: Iterable[StoredUnit],
    documents: Iterable[Document],
    dimension: int,
    *,
    old: Mapping[str, NDArray[Any]] | None = None,
    changed: Collection[int] = (),
    folder: Path | None = None,
) -> Arrays:
    """Return the arrays of a snapshot.

    `units` and `documents` are what changed or came since `old`; rows of `old` that belong to `changed` documents are
    dropped, as are its titles. The ids of the units must ascend and lie above the ids that are kept. In `folder`, large
    arrays are kept in files without a name; without one, all is in memory. Raises OSError when such a file cannot be
    written.
    """
    if old is None:
        old = empty(dimension)
    dropped = np.asarray(sorted(changed), dtype=np.int64)
    kept = ~np.isin(old["document_ids"], dropped)
    count = int(kept.sum())
    new_rows = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    lexical = {language: PostingsBuilder() for language in LANGUAGES}
    for language, builder in lexical.items():
        builder.keep({field: old[f"{language}.{field}"] for field in FIELDS}, new_rows)
    columns = {name: array(np.dtype(kind).char) for name, kind in COLUMNS.items()}
    new_sentences = array("q")
    with Spool(np.float16, dimension, folder) as vectors, Spool(np.float16, dimension, folder) as sentences:
        _take_over(vectors, old["vectors"], kept)
        _take_over(sentences, old["sentence_vectors"], kept, old["sentence_owner"])
        for row, unit in enumerate(units, start=count):
            for name, value in _row(unit).items():
                columns[name].append(value)
            vectors.append(unit.vector)
            sentences.append(unit.sentence_vectors)
            new_sentences.append(len(unit.sentence_vectors))
            lexical[unit.language].add(row, unit.terms)
        arrays: Arrays = {"vectors": vectors.array(), "sentence_vectors": sentences.array()}
    for name, kind in COLUMNS.items():
        arrays[name] = np.concatenate([old[name][kept], np.asarray(columns[name], dtype=kind)])
    counts = np.concatenate([np.diff(old["sentence_offsets"])[kept], np.asarray(new_sentences, dtype=np.int64)])
    arrays["sentence_offsets"] = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    arrays["sentence_owner"] = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    for language, builder in lexical.items():
        built = builder.build()
        arrays |= {f"{language}.{field}": made for field, made in (built | by_skeleton(built)).items()}
    arrays |= sampling.compose(arrays)
    new = list(documents)
    return arrays | titles.compose(new, old, set(changed) - {document.id for document in new})


def empty(dimension: int) -> Arrays:
    """Return the arrays of a snapshot without passages."""
    arrays: Arrays = {name: np.empty(0, kind) for name, kind in COLUMNS.items()}
    arrays["sentence_offsets"] = np.zeros(1, np.int64)
    arrays["sentence_owner"] = np.empty(0, np.int32)
    arrays |= {name: np.empty((0, dimension), np.float16) for name in VECTORS}
    arrays |= sampling.compose(arrays)
    nothing = PostingsBuilder().build()
    for language in LANGUAGES:
        arrays |= {f"{language}.{field}": made for field, made in (nothing | by_skeleton(nothing)).items()}
        arrays |= {f"titles.{language}.{field}": made for field, made in nothing.items()}
    arrays[titles.DOCUMENTS] = np.empty(0, np.int64)
    return arrays


def differing(one: Mapping[str, NDArray[Any]], other: Mapping[str, NDArray[Any]]) -> list[str]:
    """Return the names of the arrays of `one` that are not the same in `other`, comparing block by block."""
    return [name for name, made in one.items() if not _same(made, other[name])]


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    return one.shape == other.shape and all(
        _same_part(one, other, slice(start, start + _ROWS_AT_ONCE)) for start in range(0, len(one), _ROWS_AT_ONCE)
    )


def _same_part(one: NDArray[Any], other: NDArray[Any], part: slice) -> bool:
    same = np.array_equal(one[part], other[part])
    let_go(one)
    let_go(other)
    return same


def _row(unit: StoredUnit) -> dict[str, int]:
    return {
        "ids": unit.passage_id,
        "document_ids": unit.document_id,
        "languages": LANGUAGES.index(unit.language),
        "spellings": SPELLINGS.index(unit.spelling),
        "content_keys": unit.content_key,
        "word_counts": unit.word_count,
        "lengths": sum(unit.terms.values()),
    }


def _take_over(
    spool: Spool, old: NDArray[Any], kept: NDArray[np.bool_], owner: NDArray[np.int32] | None = None
) -> None:
    """Add the kept rows of an older array; `owner` says which passage each row belongs to, itself when None."""
    for start in range(0, len(old), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        spool.append(old[part][kept[part] if owner is None else kept[owner[part]]])
        let_go(old)
