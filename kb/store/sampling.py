"""A fixed sample of the passages, by which scores of a large index are standardised.

Its vectors lie together in the snapshot, as float32: gathered from all over the index and converted, they were a third
of the first search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

SAMPLE_ROWS = 4_096
SAMPLES = ("sample_vectors", "sample_sentences")


def sample_rows(count: int) -> NDArray[np.int32]:
    """Return at most 4,096 rows spread evenly over `count`: all of them in a small index."""
    return np.unique(np.linspace(0, count - 1, num=min(count, SAMPLE_ROWS)).round()).astype(np.int32)


def compose(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """Return the vectors of the sample (k, d) and of its passages' sentences, one passage after the other (s, d)."""
    rows = sample_rows(len(arrays["ids"]))
    sentences = sentences_of(arrays["sentence_offsets"], rows)[0]
    return {
        "sample_vectors": arrays["vectors"][rows].astype(np.float32),
        "sample_sentences": arrays["sentence_vectors"][sentences].astype(np.float32),
    }


def sentences_of(
    offsets: NDArray[np.int64], rows: NDArray[np.integer[Any]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the passages' sentences, one passage after the other, and how many each has."""
    starts, ends = offsets[rows], offsets[rows + 1]
    counts = (ends - starts).astype(np.int64)
    first = np.repeat(starts - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
    return (first + np.arange(counts.sum())).astype(np.int64), counts
