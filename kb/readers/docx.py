"""Word documents: read straight from their XML, so that tracked changes, text boxes and page breaks are not lost.

Insertions count, deletions do not: the text is what stands in the document when all changes are accepted. Pages are
the breaks that the author or Word's last layout left in the file; without any the document is one page.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from lxml import etree

from kb.errors import DamagedDocumentError
from kb.readers.drafts import Draft, DraftBlock, DraftPage, clean
from kb.readers.limits import check_pages, unzip
from kb.readers.numerals import numeral
from kb.readers.word_body import BodyReader
from kb.readers.word_styles import Numbering, Styles, W

if TYPE_CHECKING:
    from pathlib import Path

    from kb.settings import ReadingSettings

_CORE = "docProps/core.xml"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MAIN_PART = re.compile(rb'PartName="/([^"]+)"[^>]*wordprocessingml\.document\.main|'
                        rb'wordprocessingml\.document\.main\+xml"[^>]*PartName="/([^"]+)"')  # fmt: skip
_LABELS = {"lowerRoman", "upperRoman", "decimal", "lowerLetter", "upperLetter"}


def read(path: Path, data: bytes, limits: ReadingSettings) -> Draft:
    """Return the draft of a Word document. Raises ReadError's children."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _Parts(archive, path, limits)
            main = parts.main()
            folder = main.rpartition("/")[0]
            document = parts.xml(main)
            styles, numbering = parts.xml(f"{folder}/styles.xml"), parts.xml(f"{folder}/numbering.xml")
            notes = [parts.xml(f"{folder}/{name}.xml") for name in ("footnotes", "endnotes")]
            core = parts.xml(_CORE)
    except zipfile.BadZipFile as error:
        raise DamagedDocumentError(f"{path}: the Word file is damaged or cut short ({error}). Get it again.") from error
    body = document.find(W + "body") if document is not None else None
    if body is None:
        raise DamagedDocumentError(f"{path}: the Word file has no document in it ({main}).")
    reader = BodyReader(Styles(styles), Numbering.of(numbering), *notes)
    reader.read(body)
    pages = _pages(reader)
    check_pages(path, len(pages), limits)
    return Draft(
        pages,
        title=_title(pages),
        metadata_title=_core(core, _DUBLIN + "title"),
        metadata_date=_core_date(core),
        metadata_status=_core(core, _PACKAGE + "contentStatus"),
    )


class _Parts:
    """The parts of the archive, parsed when asked for."""

    def __init__(self, archive: zipfile.ZipFile, path: Path, limits: ReadingSettings) -> None:
        self._archive, self._path, self._limits = archive, path, limits

    def main(self) -> str:
        """Return the name of the part that holds the text."""
        types = unzip(self._archive, "[Content_Types].xml", self._path, self._limits) or b""
        match = _MAIN_PART.search(types)
        return (match.group(1) or match.group(2)).decode("utf-8") if match else "word/document.xml"

    def xml(self, name: str) -> Any:
        """Return the root of a part, None when there is no such part."""
        content = unzip(self._archive, name, self._path, self._limits)
        if content is None:
            return None
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise DamagedDocumentError(
                f"{self._path}: its part {name} is not valid XML ({error.msg}). Save the file again."
            ) from error


def _pages(reader: BodyReader) -> list[DraftPage]:
    """Return the pages with labels as the sections number them."""
    pages: list[DraftPage] = []
    number, style = 0, "decimal"
    for page in reader.pages:
        start = page.section.find(W + "pgNumType") if page.section is not None else None
        if page.begins_section and start is not None:
            first = start.get(W + "start")
            number = int(first) - 1 if first is not None and first.isdigit() else number
            style = start.get(W + "fmt", "decimal") if start.get(W + "fmt", "decimal") in _LABELS else "decimal"
        elif page.begins_section:
            style = "decimal"
        number += 1
        pages.append(DraftPage(numeral(number, style), [*page.blocks, *page.notes]))
    return pages


def _title(pages: list[DraftPage]) -> str:
    """Return the title: the paragraph in the title style, else a heading that opens the document, which becomes it."""
    for page in pages:
        for block in page.blocks:
            if block.kind == "title":
                return clean(block.text)
    first = next((page for page in pages if any(clean(block.text) for block in page.blocks)), None)
    if first is None:
        return ""
    shown = [at for at, block in enumerate(first.blocks) if clean(block.text)]
    opening = next((at for at in shown[:4] if first.blocks[at].kind == "heading"), None)
    if opening is None or first.blocks[opening].level != min(
        block.level for page in pages for block in page.blocks if block.kind == "heading"
    ):
        return ""
    text = first.blocks[opening].text
    first.blocks[opening] = DraftBlock("title", text)
    return clean(text)


def _core(core: Any, name: str) -> str:
    return (core.findtext(name) or "") if core is not None else ""


def _core_date(core: Any) -> str | None:
    for name in ("created", "modified"):
        match = _DATE.match(_core(core, _TERMS + name))
        if match:
            return match.group()
    return None
