"""A page as a picture with the quotes boxed, so that a citation is seen where it stands in print; or the boxes.

pdfium is C code and the document is untrusted: the page is drawn in a child process with bounded time and memory.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kb import errors
from kb.errors import DamagedDocumentError, DocumentLimitError, KBError, UnsupportedFormatError, VanishedDocumentError
from kb.records import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

_SECONDS = 30.0
_MEMORY_BYTES = 1536 * 1024 * 1024
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


class Task(msgspec.Struct, frozen=True):
    """Which page of which PDF (`data` is the file, `name` what messages call it) to draw, from 1, in pixels a point.

    With `scale` 0 nothing is drawn, only the boxes are measured.
    """

    name: str
    data: bytes
    page_index: int
    quotes: tuple[str, ...]
    scale: float
    memory_bytes: int


class Drawing(msgspec.Struct, frozen=True):
    """A PNG or the boxes (in points), or the class name and message of the error that it ended in."""

    png: bytes = b""
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    error: str = ""
    message: str = ""


def page_picture(
    path: str | Path, page_index: int, quotes: Sequence[str], *, scale: float = 1.5, sha256: str | None = None
) -> bytes:
    """Return page `page_index` (from 1) of a PDF as PNG bytes, with every place of every quote boxed.

    `scale` is in pixels per point (1/72 inch); very large pages come out smaller, at most 8 million pixels.
    A quote that the page's text layer does not hold is not boxed. With `sha256` (64 hex digits) the picture is
    refused when the file is no longer the one that was indexed.

    Raises VanishedDocumentError when the file is gone or has changed, UnsupportedFormatError when it is not a PDF,
    DamagedDocumentError when pdfium cannot draw it, DocumentLimitError when that takes more than 30 s or 1.5 GiB,
    NotFoundError when there is no such page.
    """
    return _made(path, page_index, quotes, scale, sha256).png


def quote_boxes(
    path: str | Path, page_index: int, quotes: Sequence[str], *, sha256: str | None = None
) -> tuple[Box, ...]:
    """Return where the picture of page `page_index` boxes the quotes, every place of every quote.

    One box a line, on a page that is turned one a word.

    Raises what `page_picture` raises; takes about as long as starting Python.
    """
    found = _made(path, page_index, quotes, 0.0, sha256).boxes
    return tuple(Box(page_index, *sides) for sides in found)


def _made(path: str | Path, page_index: int, quotes: Sequence[str], scale: float, sha256: str | None) -> Drawing:
    data = _unchanged_bytes(Path(path), sha256)
    if b"%PDF-" not in data[:1024]:
        raise UnsupportedFormatError(f"{path}: only pages of PDF files can be shown as pictures.")
    task = Task(str(path), data, page_index, tuple(quotes), scale, _MEMORY_BYTES)
    drawing = msgspec.msgpack.decode(_in_child(msgspec.msgpack.encode(task), path, page_index), type=Drawing)
    if drawing.error:
        kind: type[KBError] = getattr(errors, drawing.error)
        raise kind(drawing.message)
    return drawing


def _unchanged_bytes(path: Path, sha256: str | None) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise VanishedDocumentError(
            f"{path}: cannot be opened ({reason}), so its page cannot be shown. The quote is safe in the index; put "
            f"the file back, or remove the document from the index."
        ) from error
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
        raise VanishedDocumentError(
            f"{path}: has changed since it was indexed, so its page may not hold the quote. Index it again: "
            f"kb index '{path}'"
        )
    return data


def _in_child(task: bytes, path: str | Path, page_index: int) -> bytes:
    command = [sys.executable, "-m", "kb.readers.drawing"]
    try:
        ended = subprocess.run(  # noqa: S603 - our own module, run by our own interpreter
            command, input=task, capture_output=True, timeout=_SECONDS, cwd=_PACKAGE_ROOT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentLimitError(f"{path}: page {page_index} was not drawn within {_SECONDS:.0f} s.") from error
    if ended.returncode != 0 or not ended.stdout:
        complaint = ended.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = complaint[-1] if complaint else f"exit status {ended.returncode}"
        raise DamagedDocumentError(f"{path}: page {page_index} breaks the program that draws it ({reason}).")
    return ended.stdout
