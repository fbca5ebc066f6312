"""Files of a snapshot: written with their SHA-256, forced to the disk, read back only if they are what was written."""

from __future__ import annotations

import hashlib
import io
import mmap
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec
import numpy as np

from kb.errors import IndexStoreError
from kb.store.vectors import load_faiss

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MANIFEST = "manifest.json"
_MAPPED_FROM = 1 << 20


class UnusableSnapshotError(IndexStoreError):
    """A snapshot is missing, damaged, of another format or of another history; it is made anew from SQLite."""


class FileSum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file must be: its length in bytes and its SHA-256 in hex."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a snapshot holds and of which state of the index it was made."""

    format: int
    history: str
    revision: int
    dimension: int
    passages: int
    sentences: int
    files: dict[str, FileSum]


class _Summing:
    """A binary file that keeps the sum of what is written to it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()
        self._count = 0

    def write(self, data: bytes) -> int:
        self._sha256.update(data)
        self._count += len(data)
        return self._file.write(data)

    def sum(self) -> FileSum:
        return FileSum(self._count, self._sha256.hexdigest())


def write_array(path: Path, array: NDArray[Any]) -> FileSum:
    """Write an array in NumPy's format and force it to the disk. Raises OSError."""
    with path.open("xb") as file:
        summing = _Summing(file)
        np.lib.format.write_array(summing, np.ascontiguousarray(array), allow_pickle=False)
        _force(file)
    return summing.sum()


def write_faiss(path: Path, index: Any) -> FileSum:
    """Write a FAISS index and force it to the disk. Raises OSError."""
    with path.open("xb") as file:
        summing = _Summing(file)
        # Not through FAISS's own file writer: it would report a full disk without its error number.
        summing.write(load_faiss().serialize_index(index).tobytes())
        _force(file)
    return summing.sum()


def write_manifest(folder: Path, manifest: Manifest) -> str:
    """Write the manifest as the last file of a snapshot, force the folder to the disk, return the file's SHA-256."""
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


def read_array(path: Path, expected: FileSum, hash_up_to: float) -> NDArray[Any]:
    """Return an array; large ones are mapped. Raises UnusableSnapshotError unless the file is what was written."""
    check_size(path, expected)
    try:
        if expected.bytes < _MAPPED_FROM:
            content = path.read_bytes()
            _compare(path, expected, content)
            return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
        if expected.bytes <= hash_up_to:
            check_sum(path, expected)
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError) as error:
        raise UnusableSnapshotError(f"{path}: {error}") from error


def check_size(path: Path, expected: FileSum) -> None:
    """Raise UnusableSnapshotError unless the file has the length that was written."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UnusableSnapshotError(f"{path}: {error}") from error
    if size != expected.bytes:
        raise UnusableSnapshotError(f"{path}: {size} bytes instead of {expected.bytes}")


def check_sum(path: Path, expected: FileSum) -> None:
    """Raise UnusableSnapshotError unless the file's SHA-256 is the one that was written."""
    check_size(path, expected)
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            _compare(path, expected, content)
    except (OSError, ValueError) as error:
        raise UnusableSnapshotError(f"{path}: {error}") from error


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


def _compare(path: Path, expected: FileSum, content: bytes | mmap.mmap) -> None:
    if hashlib.sha256(content).hexdigest() != expected.sha256:
        raise UnusableSnapshotError(f"{path}: its content is not what was written")
