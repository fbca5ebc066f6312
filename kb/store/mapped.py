"""Letting go of mapped memory: what was read of a large file need not stay resident until the system asks for it."""

from __future__ import annotations

import hashlib
import mmap
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HASHED_AT_ONCE = 64 << 20


def let_go(array: NDArray[Any]) -> None:
    """Give the memory behind a mapped array back; it is read from its file again when it is needed.

    Nothing happens for an array in memory, nor where the system knows no such thing.
    """
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, memoryview):
        _drop(base.obj)


def sha256_of(content: bytes | mmap.mmap) -> str:
    """Return the SHA-256 in hex of bytes or of a mapped file, which does not stay in memory."""
    found = hashlib.sha256()
    with memoryview(content) as whole:
        for start in range(0, len(whole), _HASHED_AT_ONCE):
            found.update(whole[start : start + _HASHED_AT_ONCE])
            _drop(content)
    return found.hexdigest()


def _drop(held: object) -> None:
    if isinstance(held, mmap.mmap) and hasattr(held, "madvise"):
        held.madvise(mmap.MADV_DONTNEED)
