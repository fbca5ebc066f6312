"""Which format a file is: its suffix proposes, its first bytes decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.errors import DamagedDocumentError, EncryptedDocumentError, UnsupportedFormatError

if TYPE_CHECKING:
    from pathlib import Path

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HTML = "text/html"
MARKDOWN = "text/markdown"
TEXT = "text/plain"

_BY_SUFFIX = {
    ".pdf": PDF,
    ".docx": DOCX,
    ".docm": DOCX,
    ".html": HTML,
    ".htm": HTML,
    ".xhtml": HTML,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".txt": TEXT,
    ".text": TEXT,
}
SUPPORTED_SUFFIXES: frozenset[str] = frozenset(_BY_SUFFIX)
"""Suffixes, lower case and with their dot, of files that can be read."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (_OLE, "an old Office file (.doc, .xls or .ppt); save it as .docx"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"RIFF", "a RIFF file (picture, sound or film)"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"{\\rtf", "a Rich Text file; save it as .docx"),
    (b"%!PS", "a PostScript file; convert it to PDF"),
    (b"AT&TFORM", "a DjVu file; convert it to PDF"),
    (b"\x1f\x8b", "a gzip archive; unpack it"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it"),
    (b"Rar!", "a RAR archive; unpack it"),
)
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_HTML_START = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_PDF_HEADER_WITHIN = 1024


def media_type(path: Path, data: bytes) -> str:
    """Return the media type by which the file is to be read. `data` is its content.

    Raises UnsupportedFormatError when neither suffix nor content names a format that is read, DamagedDocumentError
    when the content is not what the suffix says, EncryptedDocumentError for a Word file under a password.
    """
    claimed = _BY_SUFFIX.get(path.suffix.lower())
    found, description = _by_content(path, data)
    if found is None and description is None:
        if claimed in {HTML, MARKDOWN, TEXT}:
            return str(claimed)
        if claimed is not None:
            raise _mismatch(path, "something else" if data.strip(b"\0\t\n\r ") else "nothing but empty bytes")
        raise UnsupportedFormatError(
            f"{path}: neither the suffix {path.suffix or '(none)'} nor the content is of a format that is read "
            f"({', '.join(sorted(SUPPORTED_SUFFIXES))})."
        )
    if found is None:
        if claimed is None:
            raise UnsupportedFormatError(f"{path}: its content is {description}; that is not read.")
        raise _mismatch(path, str(description))
    if found == HTML and claimed in {PDF, DOCX}:
        raise _mismatch(path, "a web page")
    if found == HTML and claimed in {MARKDOWN, TEXT}:
        return str(claimed)
    if claimed in {PDF, DOCX} and found != claimed:
        raise _mismatch(path, "a PDF" if found == PDF else "a Word document")
    return found


def _by_content(path: Path, data: bytes) -> tuple[str | None, str | None]:
    """Return (media type, None), or (None, what it is instead), or (None, None) when the content does not tell."""
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return PDF, None
    if data.startswith(b"PK\x03\x04"):
        return (DOCX, None) if b"word/" in data else (None, "a ZIP archive without a Word document")
    if data.startswith(_OLE) and _ENCRYPTED_PACKAGE in data:
        raise EncryptedDocumentError(f"{path}: the document is under a password. Save a copy without one.")
    if _HTML_START.match(data[:4096].removeprefix(b"\xef\xbb\xbf")):
        return HTML, None
    return None, next((description for magic, description in _FOREIGN if data.startswith(magic)), None)


def _mismatch(path: Path, content: str) -> DamagedDocumentError:
    return DamagedDocumentError(
        f"{path}: named {path.suffix}, but its content is {content}. Get the file again or give it its own suffix."
    )
