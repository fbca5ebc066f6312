"""The bounds of one document: its bytes are read, unpacked and counted here, never beyond what the settings allow."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO, TYPE_CHECKING

from kb.errors import DamagedDocumentError, DocumentLimitError, EmptyDocumentError, VanishedDocumentError

if TYPE_CHECKING:
    from pathlib import Path

    from kb.settings import ReadingSettings

_MIB = 1024 * 1024
_TREE_COST = 16
"""Bytes of memory that a parsed tree of XML may take for each byte of XML."""
_CHUNK = 1 << 18


def read_bytes(path: Path, limits: ReadingSettings) -> bytes:
    """Return the whole file.

    Raises VanishedDocumentError when it cannot be opened or read, DocumentLimitError when it is larger than
    `limits.max_bytes`, EmptyDocumentError when it holds nothing.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.max_bytes + 1)
            size = stream.seek(0, 2)
    except FileNotFoundError as error:
        raise VanishedDocumentError(f"{path}: the file is gone. Run `kb add` again once it is back.") from error
    except PermissionError as error:
        raise VanishedDocumentError(f"{path}: no permission to read it. Run `chmod u+r` on it.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise VanishedDocumentError(f"{path}: it cannot be read ({reason}).") from error
    if len(data) > limits.max_bytes:
        raise DocumentLimitError(
            f"{path}: {size / _MIB:,.1f} MiB, over the limit of {limits.max_bytes / _MIB:,.1f} MiB. "
            "Split it, or raise reading.max_bytes in the settings."
        )
    if not data:
        raise EmptyDocumentError(f"{path}: the file is empty (0 bytes).")
    return data


def check_pages(path: Path, count: int, limits: ReadingSettings) -> None:
    """Raise DocumentLimitError when a document has more pages than allowed."""
    if count > limits.max_pages:
        raise DocumentLimitError(
            f"{path}: {count:,} pages, over the limit of {limits.max_pages:,}. "
            "Split it, or raise reading.max_pages in the settings."
        )


def check_characters(path: Path, count: int, limits: ReadingSettings) -> None:
    """Raise DocumentLimitError when a document has more text than allowed."""
    if count > limits.max_characters:
        raise DocumentLimitError(
            f"{path}: more than {limits.max_characters:,} characters of text. "
            "Split it, or raise reading.max_characters in the settings."
        )


def unpacked_limit(limits: ReadingSettings) -> int:
    """Return how many bytes of XML may be unpacked from one document."""
    return min(limits.max_bytes, limits.memory_bytes // _TREE_COST)


def unzip(archive: zipfile.ZipFile, name: str, path: Path, limits: ReadingSettings) -> bytes | None:
    """Return one unpacked part of a ZIP archive, or None when it has no such part.

    Sizes in the archive's directory are claims: the bytes are counted while they come out.
    Raises DocumentLimitError for a part that is too large, DamagedDocumentError for one that does not unpack.
    """
    most = unpacked_limit(limits)
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    if info.file_size > most:
        raise _too_large(path, name, info.file_size, most)
    try:
        with archive.open(info) as stream:
            return _bounded(stream, path, name, most)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise DamagedDocumentError(
            f"{path}: its part {name} does not unpack ({error}). Save the file again."
        ) from error


def _bounded(stream: IO[bytes], path: Path, name: str, most: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > most:
            raise _too_large(path, name, size, most)
        chunks.append(chunk)
    return b"".join(chunks)


def _too_large(path: Path, name: str, size: int, most: int) -> DocumentLimitError:
    return DocumentLimitError(
        f"{path}: its part {name} unpacks to {size / _MIB:,.0f} MiB or more, over the limit of {most / _MIB:,.0f} MiB. "
        "It is no ordinary document; raise reading.memory_bytes in the settings if it is."
    )
