"""FAISS over the stored vectors: exact up to 200,000, inverted lists beyond (`lists`).

Stored vectors are float16, so FAISS's float16 scalar quantizer holds them without loss: its flat scan gives the same
inner products as a float32 index at half the memory and twice the speed. Labels are our own 64-bit ids, never
positions. An index is never added to once it may be searched; a change makes a new one.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.store.lists import Labelled, load_faiss, members_of, write_lists

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.models.encoder import FloatArray
    from kb.store.lists import Writable

EXACT_UP_TO = 200_000
_BLOCK = 65_536


def build_index(vectors: NDArray[np.float16], labels: NDArray[np.int64], *, exact_up_to: int | None = None) -> Any:
    """Return a FAISS index over the vectors (n, d), n > 0, under the given labels; the same for the same input."""
    content = io.BytesIO()
    write_index(content, Labelled(vectors, labels), exact_up_to=exact_up_to)
    return load_faiss().deserialize_index(np.frombuffer(content.getbuffer(), np.uint8))


def write_index(
    file: Writable, given: Labelled, older: Labelled | None = None, *, exact_up_to: int | None = None
) -> None:
    """Write the FAISS index over some vectors, at least one; the same for the same input.

    What FAISS's own writer writes, without holding the vectors of a large index in memory: they may be mapped. What an
    `older` index says of vectors that are still there spares work and changes nothing.
    """
    count, dimension = given.vectors.shape
    faiss = load_faiss()
    if count > (EXACT_UP_TO if exact_up_to is None else exact_up_to):
        write_lists(file, given, older)
        return
    index = faiss.index_factory(dimension, "IDMap2,SQfp16", faiss.METRIC_INNER_PRODUCT)
    for start in range(0, count, _BLOCK):
        block = np.asarray(given.vectors[start : start + _BLOCK], dtype=np.float32)
        index.add_with_ids(block, given.labels[start : start + _BLOCK])
    # Not through FAISS's own file writer: it would report a full disk without its error number.
    file.write(faiss.serialize_index(index).data)


def search_index(
    index: Any, queries: FloatArray, limit: int, among: NDArray[np.int64] | None = None
) -> tuple[NDArray[np.int64], FloatArray]:
    """Return labels (q, k) and scores (q, k), best first, ties by label; k is the limit or less.

    `among` restricts the search to these labels. Where fewer are found, the label is -1 and the score -inf.
    """
    faiss = load_faiss()
    selector = None if among is None else faiss.IDSelectorBatch(np.ascontiguousarray(among, dtype=np.int64))
    count = min(limit, index.ntotal if among is None else len(among))
    if hasattr(index, "nprobe"):
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=index.nprobe)
    else:
        parameters = faiss.SearchParameters(sel=selector)
    queries = np.ascontiguousarray(queries, dtype=np.float32)
    if not count:
        return np.empty((len(queries), 0), np.int64), np.empty((len(queries), 0), np.float32)
    scores, labels = index.search(queries, count, params=parameters)
    scores[labels < 0] = -np.inf
    order = np.lexsort((labels, -scores))
    return np.take_along_axis(labels, order, axis=1), np.take_along_axis(scores, order, axis=1)


def labels_of(index: Any) -> NDArray[np.int64]:
    """Return all labels of an index, ascending."""
    faiss = load_faiss()
    if hasattr(index, "id_map"):
        return np.sort(faiss.vector_to_array(index.id_map))
    found = [labels for _, labels in members_of(index)]
    return np.sort(np.concatenate(found)) if found else np.empty(0, np.int64)
