"""Files of a snapshot: written with their SHA-256, forced to the disk, read back only if they are what was written."""

from __future__ import annotations

import hashlib
import math
import mmap
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec
import numpy as np

from kb.errors import IndexStoreError
from kb.store.lists import load_faiss
from kb.store.mapped import let_go, sha256_of
from kb.store.vectors import write_index

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from kb.store.lists import Labelled

MANIFEST = "manifest.json"
IN_MEMORY_UP_TO = 16 << 20
"""Files up to this many bytes are read and compared whenever a snapshot is opened; larger ones are mapped."""

_ALIGNED = 64
_ROWS_AT_ONCE = 65_536


class UnusableSnapshotError(IndexStoreError):
    """A snapshot is missing, damaged, of another format or of another history; it is made anew from SQLite."""


class FileSum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file must be: its length in bytes and its SHA-256 in hex."""

    bytes: int
    sha256: str


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an array lies: its file, the byte it starts at, NumPy's name of its numbers, its shape."""

    file: str
    start: int
    numbers: str
    shape: tuple[int, ...]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a snapshot holds and of which state of the index it was made."""

    format: int
    history: str
    revision: int
    dimension: int
    passages: int
    sentences: int
    files: dict[str, FileSum]
    arrays: dict[str, Place]


class _Summing:
    """A binary file that keeps the sum of what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()
        self._count = 0

    def write(self, data: bytes | memoryview) -> int:
        self._sha256.update(data)
        self._count += memoryview(data).nbytes
        return self._file.write(data)

    def align(self) -> int:
        """Fill up to the next multiple of 64 bytes and return how many there are."""
        self.write(bytes(-self._count % _ALIGNED))
        return self._count

    def sum(self) -> FileSum:
        return FileSum(self._count, self._sha256.hexdigest())


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> tuple[FileSum, dict[str, Place]]:
    """Write arrays one after another, little-endian, each from a multiple of 64 bytes on. Raises OSError.

    One file for many arrays: forcing a file to the disk and removing it later cost about 3 ms each, whatever its size.
    """
    places = {}
    with path.open("xb") as file:
        summing = _Summing(file)
        for name, array in arrays.items():
            kind = array.dtype.newbyteorder("<")
            places[name] = Place(path.name, summing.align(), kind.str, array.shape)
            for start in range(0, len(array), _ROWS_AT_ONCE):
                summing.write(array[start : start + _ROWS_AT_ONCE].astype(kind, copy=False).tobytes())
                let_go(array)
    return summing.sum(), places


def write_faiss(path: Path, given: Labelled, older: Labelled | None) -> FileSum:
    """Write the FAISS index over some vectors, at least one, with the help of an older one. Raises OSError."""
    with path.open("xb") as file:
        summing = _Summing(file)
        write_index(summing, given, older)
    return summing.sum()


def write_manifest(folder: Path, manifest: Manifest) -> str:
    """Write the manifest as the last file of a snapshot and return its SHA-256. Raises OSError.

    The files were written without waiting, so that the system could join its work; now each is forced to the disk,
    then the manifest, then the folder.
    """
    for name in manifest.files:
        with (folder / name).open("rb+") as file:
            _force(file)
    content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    with (folder / MANIFEST).open("xb") as file:
        file.write(content)
        _force(file)
    force_folder(folder)
    force_folder(folder.parent)
    return hashlib.sha256(content).hexdigest()


def read_manifest(folder: Path, sha256: str) -> Manifest:
    """Return the manifest of a snapshot. Raises UnusableSnapshotError unless it is the one with this SHA-256."""
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise UnusableSnapshotError(f"{folder}: no manifest ({error})") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise UnusableSnapshotError(f"{folder}: not the snapshot that the index noted")
    try:
        return msgspec.json.decode(content, type=Manifest)
    except msgspec.MsgspecError as error:
        raise UnusableSnapshotError(f"{folder}: {error}") from error


def read_arrays(folder: Path, manifest: Manifest, name: str, *, whole: bool) -> dict[str, NDArray[Any]]:
    """Return the arrays of one file, read-only. Raises UnusableSnapshotError as `read_content` does."""
    content = read_content(folder / name, manifest.files[name], whole=whole)
    arrays = {}
    for key, place in manifest.arrays.items():
        if place.file == name:
            count = math.prod(place.shape)
            flat = np.frombuffer(content, place.numbers, count, place.start) if count else np.empty(0, place.numbers)
            arrays[key] = flat.reshape(place.shape)
    return arrays


def read_faiss(path: Path, expected: FileSum, *, whole: bool) -> Any:
    """Return a FAISS index. Raises UnusableSnapshotError as `read_content` does."""
    faiss = load_faiss()
    content = read_content(path, expected, whole=whole)
    try:
        if isinstance(content, bytes):
            return faiss.deserialize_index(np.frombuffer(content, np.uint8))
        content.close()
        if str(path).isascii():
            return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        # FAISS opens names in the system's old code page on Windows; Python's own file has no such limit.
        with path.open("rb") as file:
            return faiss.read_index(faiss.PyCallbackIOReader(file.read))
    except (OSError, RuntimeError) as error:
        raise UnusableSnapshotError(f"{path}: {error}") from error


def read_content(path: Path, expected: FileSum, *, whole: bool) -> bytes | mmap.mmap:
    """Return what a file holds: a small one as bytes, compared with its SHA-256; a large one mapped into memory.

    Bytes that were compared are the bytes that are used, whatever happens to the file later. A large file is compared
    only when `whole` is set, since that reads all of it. Raises UnusableSnapshotError unless the file is as long as
    what was written, and equal to it where it is compared.
    """
    try:
        size = path.stat().st_size
        if size != expected.bytes:
            raise UnusableSnapshotError(f"{path}: {size} bytes instead of {expected.bytes}")
        content: bytes | mmap.mmap
        if size <= IN_MEMORY_UP_TO or not size:
            content = path.read_bytes()
        else:
            with path.open("rb") as file:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise UnusableSnapshotError(f"{path}: {error}") from error
    if (whole or isinstance(content, bytes)) and sha256_of(content) != expected.sha256:
        raise UnusableSnapshotError(f"{path}: its content is not what was written")
    return content


def force_folder(folder: Path) -> None:
    """Force a folder's list of names to the disk, where the system knows such a thing."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _force(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
