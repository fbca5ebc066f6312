"""Uploaded files: bounded, of a readable format, and never able to leave their folder or replace one another.

Each file lies in a folder named after its content, `uploads/<16 hex digits of its SHA-256>/<name>`, so equal names
with different content live side by side, and the same content twice is one file.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from kb.errors import DocumentLimitError, EmptyDocumentError, IndexFullError, UnsupportedFormatError

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_UPLOAD_MEGABYTES = 200
_MAX_NAME_BYTES = 180
_UNSAFE = re.compile(r"[^\w .,()\-+‘’ʻʼ'`«»№]")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)$")


def safe_name(name: str) -> str:
    """Return the last component of an untrusted file name, without what has a meaning to a file system.

    The suffix is kept; letters of every script stay; the result is never empty, hidden or longer than 180 bytes.
    """
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    cleaned = _UNSAFE.sub("_", last).strip(" .")
    stem, dot, suffix = cleaned.rpartition(".")
    if not dot:
        stem, suffix = cleaned, ""
    ending = f".{suffix}" if suffix and len(suffix) <= 12 else ""
    room = _MAX_NAME_BYTES - len(ending.encode())
    stem = stem.encode()[:room].decode(errors="ignore").strip(" .") or "document"
    return f"{stem}_{ending}" if _RESERVED.match(stem) else f"{stem}{ending}"


def store_upload(
    folder: Path, name: str, content: bytes, suffixes: Collection[str], max_bytes: int = MAX_UPLOAD_MEGABYTES * 1024**2
) -> Path:
    """Write one upload below `folder` and return its path; `suffixes` are those allowed, such as ".pdf".

    Raises UnsupportedFormatError, EmptyDocumentError, DocumentLimitError, or IndexFullError when it cannot be written.
    """
    safe = safe_name(name)
    suffix = Path(safe).suffix.lower()
    if suffix not in suffixes:
        raise UnsupportedFormatError(
            f"{safe}: files of this kind are not read; these are: {', '.join(sorted(suffixes))}"
        )
    if not content:
        raise EmptyDocumentError(f"{safe}: the file is empty (0 bytes).")
    if len(content) > max_bytes:
        raise DocumentLimitError(
            f"{safe}: {len(content) / 1024**2:.0f} MB is over the limit of {max_bytes / 1024**2:.0f} MB. "
            f"Index it from its folder: kb index FOLDER"
        )
    target = folder / hashlib.sha256(content).hexdigest()[:16] / safe
    try:
        _write(target, content)
    except OSError as error:
        raise IndexFullError(f"{target}: could not be written ({error.strerror or error}).") from error
    return target


def _write(target: Path, content: bytes) -> None:
    """Put `content` at `target` in one step, so that a crash leaves the whole file or none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".upload-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def discard_upload(folder: Path, path: Path) -> bool:
    """Delete an uploaded copy once its document left the index; a file outside `folder` is never touched.

    Returns whether there was one to delete.
    """
    folder, path = folder.resolve(), path.resolve()
    if path.parent.parent != folder or not path.is_file():
        return False
    path.unlink()
    if not any(path.parent.iterdir()):
        path.parent.rmdir()
    return True
