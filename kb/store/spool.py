"""Arrays that grow row by row and may become larger than memory: beyond a limit they lie in a nameless file.

The vectors of a million passages with their sentences take four gigabytes. A nameless file goes when its process does,
however that ends, so nothing is left to clear away.
"""

from __future__ import annotations

import mmap
import tempfile
from typing import IO, TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import DTypeLike, NDArray

IN_MEMORY_UP_TO = 64 << 20
"""Bytes of one array that are kept in memory before it goes to a file."""


class Spool:
    """Collects rows of `width` numbers, in a `with` block. Without a folder all stays in memory."""

    def __init__(self, kind: DTypeLike, width: int, folder: Path | None) -> None:
        self._kind = np.dtype(kind)
        self._width = width
        self._folder = folder
        self._parts: list[bytes] = []
        self._held = 0
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file; an array that was made of it stays."""
        if self._file is not None:
            self._file.close()

    def append(self, rows: NDArray[Any]) -> None:
        """Add rows, shape (n, width) or (width,). Raises OSError where a file cannot be made or grow."""
        self._parts.append(np.ascontiguousarray(rows, dtype=self._kind).tobytes())
        self._held += len(self._parts[-1])
        if self._folder is not None and self._held > IN_MEMORY_UP_TO:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed by `__exit__`
            self._file.writelines(self._parts)
            self._parts, self._held = [], 0

    def array(self) -> NDArray[Any]:
        """Return all rows, shape (n, width), read-only; the spool must not be added to any more."""
        content: bytes | mmap.mmap = b"".join(self._parts)
        if self._file is not None:
            self._file.write(content)
            self._file.flush()
            content = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        self._parts = []
        flat = np.frombuffer(content, dtype=self._kind)
        return flat.reshape(len(flat) // max(self._width, 1), self._width)
