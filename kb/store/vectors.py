"""FAISS over the stored vectors: exact up to 200,000, inverted lists beyond.

Stored vectors are float16, so FAISS's float16 scalar quantizer holds them without loss: its flat scan gives the same
inner products as a float32 index at half the memory and twice the speed. Labels are our own 64-bit ids, never
positions. An index is never added to once it may be searched; a change makes a new one.

Inverted lists with a coarse quantizer: Jégou, Douze and Schmid 2011, "Product quantization for nearest neighbor
search"; here without product quantization, so that scores stay exact and only the choice of lists is approximate.
"""

from __future__ import annotations

import io
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.models.encoder import FloatArray

EXACT_UP_TO = 200_000
SEED = 1234
_BLOCK = 65_536
_MOST_THREADS = 4
# About the root of n lists, of which one in 32 is searched. On 300,000 clustered vectors an eighth found 98 % of the
# ten nearest in a quarter of the time of a scan; a 32nd takes a quarter of that again, and the other legs find what it
# misses.
_POINTS_PER_LIST = 64
_SHARE_PROBED = 32


class Writable(Protocol):
    """What bytes are written to."""

    def write(self, data: bytes | memoryview, /) -> int:
        """Write all of the data and return how many bytes they are."""


def load_faiss() -> Any:
    """Return the FAISS module, held to one thread; it is large, so only what searches or indexes loads it.

    One question is too little work to share: on a busy machine, threads that wait for each other made a search of 1 ms
    take 20 ms. It also keeps training independent of the number of cores.
    """
    import faiss  # noqa: PLC0415 - see above

    faiss.omp_set_num_threads(1)  # of the calling thread only
    return faiss


def build_index(vectors: NDArray[np.float16], labels: NDArray[np.int64], *, exact_up_to: int | None = None) -> Any:
    """Return a FAISS index over the vectors (n, d), n > 0, under the given labels; the same for the same input."""
    content = io.BytesIO()
    write_index(content, vectors, labels, exact_up_to=exact_up_to)
    return load_faiss().deserialize_index(np.frombuffer(content.getbuffer(), np.uint8))


def write_index(
    file: Writable, vectors: NDArray[np.float16], labels: NDArray[np.int64], *, exact_up_to: int | None = None
) -> None:
    """Write the FAISS index over the vectors (n, d), n > 0, under the given labels; the same for the same input.

    What FAISS's own writer writes, without holding the vectors of a large index in memory: they may be mapped.
    """
    count, dimension = vectors.shape
    faiss = load_faiss()
    if count > (EXACT_UP_TO if exact_up_to is None else exact_up_to):
        _write_lists(file, vectors, labels)
        return
    index = faiss.index_factory(dimension, "IDMap2,SQfp16", faiss.METRIC_INNER_PRODUCT)
    for start in range(0, count, _BLOCK):
        block = np.asarray(vectors[start : start + _BLOCK], dtype=np.float32)
        index.add_with_ids(block, labels[start : start + _BLOCK])
    # Not through FAISS's own file writer: it would report a full disk without its error number.
    file.write(faiss.serialize_index(index).data)


def _write_lists(file: Writable, vectors: NDArray[np.float16], labels: NDArray[np.int64]) -> None:
    """Write an index of inverted lists: FAISS trains it and writes it empty, its lists are put in behind.

    Lists are the last part of FAISS's format: "ilar", how many there are, bytes of a vector, "full", how many lengths
    follow, the lengths; then list after list its vectors and its labels.
    """
    faiss = load_faiss()
    count, dimension = vectors.shape
    lists = 1 << int(np.log2(np.sqrt(count)))
    index = faiss.index_factory(dimension, f"IVF{lists},SQfp16", faiss.METRIC_INNER_PRODUCT)
    index.by_residual = False
    index.cp.seed = SEED
    index.cp.max_points_per_centroid = _POINTS_PER_LIST
    index.nprobe = max(1, lists // _SHARE_PROBED)
    sample = np.random.default_rng(SEED).choice(count, min(count, lists * _POINTS_PER_LIST), replace=False)
    index.train(np.asarray(vectors[np.sort(sample)], dtype=np.float32))
    owner = _nearest(index.quantizer, vectors)
    index.ntotal = count
    head = faiss.serialize_index(index).tobytes()
    shape = np.asarray([lists, vectors.itemsize * dimension], dtype="<u8").tobytes()
    end = head.rindex(b"ilar" + shape) + 4 + len(shape)
    sizes = np.bincount(owner, minlength=lists)
    file.write(head[:end] + b"full" + np.asarray([lists, *sizes], dtype="<u8").tobytes())
    order = np.argsort(owner, kind="stable")
    for members in np.split(order, np.cumsum(sizes)[:-1]):
        file.write(vectors[members].astype("<f2", copy=False).tobytes())
        file.write(labels[members].astype("<i8", copy=False).tobytes())


def _nearest(quantizer: Any, vectors: NDArray[np.float16]) -> NDArray[np.uint16]:
    """Return the list of each vector. Each block is one thread's, so that their number changes nothing."""

    def of_block(start: int) -> NDArray[np.uint16]:
        load_faiss()
        block = np.asarray(vectors[start : start + _BLOCK], dtype=np.float32)
        found: NDArray[np.uint16] = quantizer.search(block, 1)[1][:, 0].astype(np.uint16)
        return found

    with ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS)) as pool:
        return np.concatenate(list(pool.map(of_block, range(0, len(vectors), _BLOCK))))


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
        labels = faiss.vector_to_array(index.id_map)
    else:
        lists = index.invlists
        parts = [
            faiss.rev_swig_ptr(lists.get_ids(number), lists.list_size(number)).copy()
            for number in range(lists.nlist)
            if lists.list_size(number)
        ]
        labels = np.concatenate(parts) if parts else np.empty(0, np.int64)
    sorted_labels: NDArray[np.int64] = np.sort(labels)
    return sorted_labels
