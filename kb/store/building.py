"""The arrays of a snapshot, made of the rows of an older one that still hold and the units of what changed since.

A rebuild is the same step with no older snapshot, so that catching up and rebuilding cannot differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kb.store.postings import FIELDS, PostingsBuilder
from kb.store.units import LANGUAGES, SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

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


def names() -> tuple[str, ...]:
    """Return the names of all arrays of a snapshot."""
    fields = tuple(f"{language}.{field}" for language in LANGUAGES for field in FIELDS)
    return (*COLUMNS, "sentence_offsets", "sentence_owner", "vectors", "sentence_vectors", *fields)


def compose(
    units: Iterable[StoredUnit], dimension: int, old: Mapping[str, NDArray[Any]] | None, changed: Collection[int]
) -> Arrays:
    """Return the arrays of a snapshot.

    `units` are of the documents that changed or came since `old`; rows of `old` that belong to `changed` documents
    are dropped. The ids of the units must ascend and lie above the ids that are kept.
    """
    if old is None:
        old = empty(dimension)
    kept = ~np.isin(old["document_ids"], np.asarray(sorted(changed), dtype=np.int64))
    count = int(kept.sum())
    new_rows = np.where(kept, np.cumsum(kept) - 1, -1)
    lexical = {language: PostingsBuilder() for language in LANGUAGES}
    taken = {
        language: builder.keep({field: old[f"{language}.{field}"] for field in FIELDS}, new_rows)
        for language, builder in lexical.items()
    }
    columns: dict[str, list[float]] = {name: [] for name in COLUMNS}
    vectors, sentences, sentence_counts = [], [], []
    for row, unit in enumerate(units, start=count):
        for name, value in _row(unit).items():
            columns[name].append(value)
        vectors.append(unit.vector.astype(np.float16))
        sentences.append(unit.sentence_vectors.astype(np.float16))
        sentence_counts.append(len(unit.sentence_vectors))
        lexical[unit.language].add(row, unit.terms)
    counts = np.concatenate([np.diff(old["sentence_offsets"])[kept], np.asarray(sentence_counts, dtype=np.int64)])
    arrays: Arrays = {
        name: np.concatenate([old[name][kept], np.asarray(columns[name], dtype=kind)]) for name, kind in COLUMNS.items()
    }
    arrays["sentence_offsets"] = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    arrays["sentence_owner"] = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    arrays["vectors"] = _stacked(old["vectors"], kept, vectors)
    arrays["sentence_vectors"] = _stacked(old["sentence_vectors"], kept[old["sentence_owner"]], sentences)
    for language, builder in lexical.items():
        for field, array in builder.build(taken[language]).items():
            arrays[f"{language}.{field}"] = array
    return arrays


def empty(dimension: int) -> Arrays:
    """Return the arrays of a snapshot without passages."""
    arrays: Arrays = {name: np.empty(0, kind) for name, kind in COLUMNS.items()}
    arrays["sentence_offsets"] = np.zeros(1, np.int64)
    arrays["sentence_owner"] = np.empty(0, np.int32)
    arrays["vectors"] = np.empty((0, dimension), np.float16)
    arrays["sentence_vectors"] = np.empty((0, dimension), np.float16)
    for language in LANGUAGES:
        for field, array in PostingsBuilder().build().items():
            arrays[f"{language}.{field}"] = array
    return arrays


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


def _stacked(old: NDArray[Any], kept: NDArray[np.bool_], new: list[NDArray[Any]]) -> NDArray[Any]:
    width = old.shape[1]
    fresh = [array.reshape(-1, width) for array in new]
    return np.concatenate([old[kept], *fresh]) if fresh else np.asarray(old[kept])
