"""Says in 16 hex digits which model made a vector, so that an index is never searched with another one."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from kb.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path


def of_folder(folder: Path, *notes: str) -> str:
    """Return the fingerprint of a folder's files, by relative name and content, and of `notes`.

    Documentation (`*.md`) and hidden files do not count. Raises ModelError when a file cannot be read.
    """
    digest = hashlib.sha256()
    try:
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder)
            if path.is_file() and path.suffix != ".md" and not any(part.startswith(".") for part in relative.parts):
                status = path.stat()
                digest.update(f"{relative.as_posix()} {_content(path, status.st_size, status.st_mtime_ns)}\n".encode())
    except OSError as error:
        message = f"Model folder {folder}: {error}; restore the file or name another model"
        raise ModelError(message) from error
    return _with_notes(digest.hexdigest(), notes)


def of_facts(*facts: str) -> str:
    """Return the fingerprint of a model known by facts alone: hub name, revision, dimension."""
    return _with_notes("", facts)


def _with_notes(content: str, notes: tuple[str, ...]) -> str:
    return hashlib.sha256("\x00".join((content, *notes)).encode()).hexdigest()[:16]


@lru_cache(maxsize=256)
def _content(path: Path, size: int, modified_ns: int) -> str:
    """Return the SHA-256 of a file; size and time of change are only the cache's key."""
    del size, modified_ns
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
