"""What is known of a PDF before its text is read: bounds, encryption, number of pages, labels, properties.

pypdf looks first, because it has bounds of its own: a decompression bomb must not get to pdfium, which has none.
Where a file is encrypted (opened by the empty password) in a way that pypdf needs another package for, pdfium tells.
"""

from __future__ import annotations

import io
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdf
import pypdfium2
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

from kb.errors import DamagedDocumentError, DocumentLimitError, EncryptedDocumentError
from kb.readers.limits import check_pages

if TYPE_CHECKING:
    from pathlib import Path

    from kb.settings import ReadingSettings

_log = logging.getLogger(__name__)
BROKEN = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    DependencyError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What pypdf raises on files that break the PDF rules."""
_PDF_DATE = re.compile(r"(?:D:)?\s*(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class Facts:
    """`labels` is None when the file gives its pages none; `date` is ISO 8601; `reader` is None when pypdf gave up."""

    count: int
    labels: list[str] | None
    title: str
    date: str | None
    reader: pypdf.PdfReader | None


def look_into(path: Path, data: bytes, limits: ReadingSettings) -> Facts:
    """Return what is known of a PDF.

    Raises EncryptedDocumentError, DamagedDocumentError, and DocumentLimitError for too many pages or a bomb.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = _open(path, data)
    except DependencyError:
        return _facts_of_pdfium(path, data, limits)
    count = _count(path, reader, limits)
    _unpack(path, reader)
    title, made = _property(reader, "/Title"), _property(reader, "/CreationDate")
    return Facts(count, _labels(reader, count), title, _date(made), reader)


def bomb(path: Path, error: LimitReachedError) -> DocumentLimitError:
    """Return the error for content that pypdf refused to unpack further."""
    return DocumentLimitError(f"{path}: its content unpacks beyond all bounds ({error}); it is no ordinary document.")


def _open(path: Path, data: bytes) -> pypdf.PdfReader:
    """Return an opened, decrypted reader."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise _locked(path)
    except LimitReachedError as error:
        raise bomb(path, error) from error
    except FileNotDecryptedError as error:
        raise _locked(path) from error
    except DependencyError:
        raise
    except BROKEN as error:
        end = "it has no end mark, so it was cut short" if b"%%EOF" not in data[-2048:] else str(error)
        raise DamagedDocumentError(f"{path}: the PDF is damaged: {end}. Get it again from its source.") from error
    return reader


def _count(path: Path, reader: pypdf.PdfReader, limits: ReadingSettings) -> int:
    try:
        count = len(reader.pages)
    except LimitReachedError as error:
        raise bomb(path, error) from error
    except BROKEN as error:
        raise DamagedDocumentError(f"{path}: the PDF is damaged ({error}). Get it again from its source.") from error
    check_pages(path, count, limits)
    return count


def _unpack(path: Path, reader: pypdf.PdfReader) -> None:
    """Unpack every page's content once, only to see that it keeps within bounds. Faulty pages are pdfium's to judge."""
    for number in range(len(reader.pages)):
        try:
            content = reader.pages[number].get_contents()
            if content is not None:
                content.get_data()
        except LimitReachedError as error:
            raise bomb(path, error) from error
        except MemoryError as error:
            raise DocumentLimitError(f"{path}: page {number + 1} takes more memory to unpack than there is.") from error
        except BROKEN as error:
            _log.info("%s: pypdf finds a fault on page %d (%s)", path, number + 1, error)


def _labels(reader: pypdf.PdfReader, count: int) -> list[str] | None:
    try:
        labels = list(reader.page_labels) if "/PageLabels" in reader.root_object else []
    except BROKEN as error:
        _log.info("the page labels are damaged (%s)", error)
        return None
    return labels if len(labels) == count and all(labels) else None


def _property(reader: pypdf.PdfReader, name: str) -> str:
    try:
        value = None if reader.metadata is None else reader.metadata.get(name)
        return "" if value is None else str(value)
    except BROKEN as error:
        _log.info("the properties are damaged (%s)", error)
        return ""


def _date(made: str) -> str | None:
    """Return the day of a PDF date, None for what is none."""
    match = _PDF_DATE.match(made)
    if match is None:
        return None
    year, month, day = match.groups()
    plausible = "1900" <= year <= "2100" and "01" <= month <= "12" and "01" <= day <= "31"
    return f"{year}-{month}-{day}" if plausible else None


def _facts_of_pdfium(path: Path, data: bytes, limits: ReadingSettings) -> Facts:
    """Return the facts of a file whose encryption pypdf cannot open here."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _locked(path) from error
    try:
        count = len(document)
        check_pages(path, count, limits)
        labels = [document.get_page_label(index) for index in range(count)]
        title, made = document.get_metadata_value("Title"), document.get_metadata_value("CreationDate")
    finally:
        document.close()
    return Facts(count, labels if all(labels) else None, title, _date(made), None)


def _locked(path: Path) -> EncryptedDocumentError:
    return EncryptedDocumentError(f"{path}: the PDF is under a password. Save a copy without one.")
