"""A snapshot's folder on the disk: stored beside the old one, named by SQLite only after it was read back."""

from __future__ import annotations

import logging
import secrets
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from kb.errors import IndexStoreError
from kb.store.building import LARGE, names
from kb.store.faults import NO_SPACE, full
from kb.store.lists import Labelled
from kb.store.vectors import build_index, labels_of
from kb.store.writes import MOST_SENTENCES
from kb.store.writing import (
    Manifest,
    UnusableSnapshotError,
    read_arrays,
    read_faiss,
    read_manifest,
    write_arrays,
    write_faiss,
    write_manifest,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.store.writing import FileSum, Place

FORMAT = 2
"""Grows with every change of what the files mean, and of the terms that titles have; a snapshot of another format is
made anew."""

_COLUMNS, _VECTORS = "columns.bin", "vectors.bin"
_LOG = logging.getLogger(__name__)


class Note(msgspec.Struct, frozen=True):
    """What SQLite keeps of the current snapshot: the folder's name and the SHA-256 of its manifest."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class State:
    """Which state of which index a snapshot is made of."""

    revision: int
    history: str
    dimension: int


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """What a snapshot's folder holds; its arrays are made read-only. An empty FAISS index is None."""

    revision: int
    history: str
    dimension: int
    arrays: Mapping[str, NDArray[Any]]
    dense: Any
    sentences: Any

    def __post_init__(self) -> None:
        """Close the arrays to writing: they are shared between threads."""
        for array in self.arrays.values():
            array.flags.writeable = False


def in_memory(arrays: Mapping[str, NDArray[Any]], state: State) -> Contents:
    """Return the arrays with their FAISS indexes, none of it on the disk."""
    indexes = {key: build_index(given.vectors, given.labels) for key, given in _indexed(arrays).items()}
    return Contents(
        revision=state.revision,
        history=state.history,
        dimension=state.dimension,
        arrays=arrays,
        dense=indexes.get("dense"),
        sentences=indexes.get("sentences"),
    )


def sentence_labels(arrays: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Return the own id of every sentence: passage id * 4096 + its place in the passage."""
    owner = arrays["sentence_owner"].astype(np.int64)
    places = np.arange(len(owner), dtype=np.int64) - arrays["sentence_offsets"][owner]
    labels: NDArray[np.int64] = arrays["ids"][owner] * MOST_SENTENCES + places
    return labels


def store(folder: Path, arrays: Mapping[str, NDArray[Any]], state: State, old: Contents | None = None) -> Note:
    """Write a new folder under `folder`, force it to the disk and return what to note of it.

    What an older snapshot says of vectors that are still there spares work and changes nothing.
    Raises IndexFullError and IndexStoreError; a folder that was begun is removed then.
    """
    place = folder / f"{state.revision:010d}-{secrets.token_hex(4)}"
    with writing_to(place):
        try:
            place.mkdir(parents=True)
            files: dict[str, FileSum] = {}
            places: dict[str, Place] = {}
            for file, keys in _grouped(arrays).items():
                files[file], found = write_arrays(place / file, {key: arrays[key] for key in keys})
                places |= found
            older = {} if old is None else _indexed(old.arrays, old)
            for key, given in _indexed(arrays).items():
                files[f"{key}.faiss"] = write_faiss(place / f"{key}.faiss", given, older.get(key))
            manifest = Manifest(
                format=FORMAT,
                history=state.history,
                revision=state.revision,
                dimension=state.dimension,
                passages=len(arrays["ids"]),
                sentences=len(arrays["sentence_owner"]),
                files=files,
                arrays=places,
            )
            return Note(place.name, write_manifest(place, manifest))
        except OSError:
            shutil.rmtree(place, ignore_errors=True)
            raise


@contextmanager
def writing_to(place: Path) -> Iterator[None]:
    """Raise IndexFullError or IndexStoreError for what the system reports while a snapshot is written."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise full(place, error) from error
        raise IndexStoreError(f"{place} cannot be written ({error}): check the rights of the folder") from error


def load(folder: Path, note: Note, *, history: str, whole: bool = False) -> Contents:
    """Return the noted snapshot, its large files mapped; those are compared with their SHA-256 only with `whole`.

    Raises UnusableSnapshotError when it is missing, damaged, of another format or of another history.
    """
    place = folder / note.name
    manifest = read_manifest(place, note.sha256)
    if manifest.format != FORMAT or manifest.history != history:
        raise UnusableSnapshotError(f"{place}: of format {manifest.format} and history {manifest.history}")
    arrays: dict[str, NDArray[Any]] = {}
    for file in (_COLUMNS, _VECTORS):
        arrays |= read_arrays(place, manifest, file, whole=whole)
    if set(arrays) != set(names()):
        raise UnusableSnapshotError(f"{place}: holds {len(arrays)} arrays instead of {len(names())}")
    contents = Contents(
        revision=manifest.revision,
        history=manifest.history,
        dimension=manifest.dimension,
        arrays=arrays,
        dense=_faiss(place, "dense", manifest, manifest.passages, whole=whole),
        sentences=_faiss(place, "sentences", manifest, manifest.sentences, whole=whole),
    )
    if len(arrays["ids"]) != manifest.passages or len(arrays["sentence_owner"]) != manifest.sentences:
        raise UnusableSnapshotError(f"{place}: its arrays are not as long as its manifest says")
    return contents


def verified(folder: Path, note: Note, *, history: str) -> Contents:
    """Return the noted snapshot after hashing all of its files and comparing FAISS's ids with the arrays'.

    Raises UnusableSnapshotError.
    """
    contents = load(folder, note, history=history, whole=True)
    for index, labels in (
        (contents.dense, contents.arrays["ids"]),
        (contents.sentences, sentence_labels(contents.arrays)),
    ):
        if index is not None and not np.array_equal(labels_of(index), labels):
            raise UnusableSnapshotError(f"{folder / note.name}: FAISS holds other ids than the arrays")
    return contents


def prune(folder: Path, note: Note) -> None:
    """Remove all snapshots but the noted one; what another program holds open is left for the next time."""
    for place in sorted(folder.iterdir()):
        if place.name != note.name:
            try:
                shutil.rmtree(place)
            except OSError as error:
                _LOG.info("An old snapshot is left for later: %s", error)


def _grouped(arrays: Mapping[str, NDArray[Any]]) -> dict[str, list[str]]:
    """Return which arrays lie in which file: the vectors, which may be very large, apart from all else."""
    return {_COLUMNS: [key for key in arrays if key not in LARGE], _VECTORS: list(LARGE)}


def _indexed(arrays: Mapping[str, NDArray[Any]], contents: Contents | None = None) -> dict[str, Labelled]:
    """Return what each FAISS index that is not empty is over, with the index when `contents` hold it."""
    dense, sentences = (None, None) if contents is None else (contents.dense, contents.sentences)
    found = {}
    if len(arrays["ids"]):
        found["dense"] = Labelled(arrays["vectors"], arrays["ids"], dense)
    if len(arrays["sentence_owner"]):
        found["sentences"] = Labelled(arrays["sentence_vectors"], sentence_labels(arrays), sentences)
    return found


def _faiss(place: Path, key: str, manifest: Manifest, count: int, *, whole: bool) -> Any:
    if not count:
        return None
    path = place / f"{key}.faiss"
    index = read_faiss(path, manifest.files[path.name], whole=whole)
    if (index.ntotal, index.d) != (count, manifest.dimension):
        raise UnusableSnapshotError(f"{path}: {index.ntotal} vectors of {index.d} numbers instead of {count}")
    return index
