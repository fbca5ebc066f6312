"""`read`: one file in, one ReadDocument out, whatever the format."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

from kb.errors import DamagedDocumentError, EmptyDocumentError
from kb.readers import formats
from kb.readers.drafts import clean, finish_page, unreadable_share
from kb.readers.limits import check_characters, check_pages, read_bytes
from kb.records import ReadDocument

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kb.readers.drafts import Draft
    from kb.records import DocumentStatus, Page
    from kb.settings import ReadingSettings

_MODULES = {
    formats.PDF: "kb.readers.pdf",
    formats.DOCX: "kb.readers.docx",
    formats.HTML: "kb.readers.html",
    formats.MARKDOWN: "kb.readers.markdown",
    formats.TEXT: "kb.readers.text",
}
_LONGEST_TITLE = 300
_DATE_WITHIN = 1500
_UNREADABLE = 0.3
_NO_TITLE = re.compile(
    r"^(untitled|document\d*|без имени|безымянный|microsoft \w+\s*-.*|"
    r".*\.(docx?|pdf|rtf|odt|html?|indd|qxd|tex|txt|md))$",
    re.IGNORECASE,
)


def read(path: Path, limits: ReadingSettings) -> ReadDocument:
    """Return the document in `path`: its title, date and pages of final text.

    Runs in this process, so `limits.seconds` and `limits.memory_bytes` are only kept by ReaderPool, which calls it in
    a child; all other limits are kept here.

    Raises one of ReadError's children, whose message names the file.
    """
    data = read_bytes(path, limits)
    media_type = formats.media_type(path, data)
    reader: Callable[[Path, bytes, ReadingSettings], Draft] = import_module(_MODULES[media_type]).read
    try:
        draft = reader(path, data, limits)
    except RecursionError as error:
        raise DamagedDocumentError(f"{path}: its parts are nested too deeply to be read.") from error
    check_pages(path, len(draft.pages), limits)
    pages = tuple(finish_page(index, page) for index, page in enumerate(draft.pages, start=1))
    check_characters(path, sum(len(page.text) for page in pages), limits)
    if not any(page.text for page in pages):
        raise EmptyDocumentError(_nothing_to_read(path, media_type, len(pages)))
    title = _title(path, draft, pages)
    warnings = (*draft.warnings, *_warnings(pages))
    status = _status(draft, title, pages)
    return ReadDocument(title, media_type, _date(draft, title, pages), pages, warnings, status)


def _nothing_to_read(path: Path, media_type: str, count: int) -> str:
    if media_type == formats.PDF:
        pages = "its page has no text" if count == 1 else f"none of its {count:,} pages has text"
        return f"{path}: {pages}; it looks like a scan. Run OCR on it first, for example `ocrmypdf -l uzb+rus+eng`."
    return f"{path}: there is no text in it."


def _title(path: Path, draft: Draft, pages: tuple[Page, ...]) -> str:
    """Return the title that the document shows, else its properties', first heading or first line, else the name."""
    from kb.text.status import mark_of  # noqa: PLC0415 - like the date

    shown = clean(draft.title)
    if shown:
        return _shortened(shown)
    claimed = clean(draft.metadata_title)
    if claimed and not _NO_TITLE.match(claimed) and any(map(str.isalpha, claimed)):
        return _shortened(claimed)
    blocks = [(block.kind, page.text[block.start : block.end]) for page in pages[:3] for block in page.blocks]
    headings = [text for kind, text in blocks if kind in {"title", "heading"}]
    lines = [text for _, text in blocks if any(map(str.isalpha, text)) and mark_of(text) == "unknown"]
    return _shortened(next(iter(headings + lines), path.stem))


def _shortened(title: str) -> str:
    if len(title) <= _LONGEST_TITLE:
        return title
    return title[:_LONGEST_TITLE].rsplit(" ", 1)[0] + " …"


def _date(draft: Draft, title: str, pages: tuple[Page, ...]) -> str | None:
    from kb.text.dates import find_date  # noqa: PLC0415 - only documents need it, importing the readers does not

    opening = "\n".join(page.text for page in pages[:2])[:_DATE_WITHIN]
    return find_date(opening if title in opening else f"{title}\n{opening}") or draft.metadata_date


def _status(draft: Draft, title: str, pages: tuple[Page, ...]) -> DocumentStatus:
    from kb.text.status import status_of  # noqa: PLC0415 - like the date

    return status_of(title, pages, clean(draft.metadata_status))


def _warnings(pages: tuple[Page, ...]) -> list[str]:
    """Return what a user should know about the pages: some without text, some with a broken text layer."""
    warnings = []
    empty = [page.index for page in pages if not page.text]
    if empty:
        warnings.append(
            f"{len(empty)} of {len(pages)} pages have no text ({_listed(empty)}); if they are scans, they need OCR."
        )
    for page in pages:
        share = unreadable_share(page.text)
        if share >= _UNREADABLE:
            warnings.append(
                f"Page {page.index}: {share:.0%} of the characters are of no alphabet; its font hides the text. "
                "Run OCR on the file."
            )
    return warnings


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return f"{shown}, ..." if len(numbers) > 10 else shown
