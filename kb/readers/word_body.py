"""The body of a Word document walked through: paragraphs, lists, tables, text boxes, notes and page breaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kb.readers.drafts import DraftBlock, clean, clean_row, is_caption
from kb.readers.word_styles import Styles, W, is_on, number_of, outline_level, value

if TYPE_CHECKING:
    from kb.readers.word_styles import Numbering

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SKIPPED = frozenset(
    {W + name for name in (
        "del", "moveFrom", "pPr", "rPr", "sectPr", "instrText", "delText", "delInstrText", "tblPr", "tblGrid", "trPr",
        "tcPr", "sdtPr", "sdtEndPr", "fldData", "annotationRef", "footnoteRef", "endnoteRef",
    )}
    | {_COMPATIBILITY + "Fallback"}
)  # fmt: skip
_BREAK = "\f"
_SIGNS = {
    W + "tab": " ",
    W + "ptab": " ",
    W + "cr": " ",
    W + "noBreakHyphen": "-",
    W + "lastRenderedPageBreak": _BREAK,
}
_CONTINUOUS = frozenset({"continuous", "nextColumn"})
_LONGEST_BOLD_HEADING = 160


@dataclass(slots=True)
class WordPage:
    """One page; `section` is the properties of the section that it stands in."""

    blocks: list[DraftBlock] = field(default_factory=list)
    notes: list[DraftBlock] = field(default_factory=list)
    section: Any = None
    begins_section: bool = False


class BodyReader:
    """Reads one document's body into `pages`."""

    def __init__(self, styles: Styles, numbering: Numbering, footnotes: Any = None, endnotes: Any = None) -> None:
        self._styles, self._numbering = styles, numbering
        self._notes = {"footnote": _by_id(footnotes, "footnote"), "endnote": _by_id(endnotes, "endnote")}
        self.pages: list[WordPage] = [WordPage(begins_section=True)]
        self._boxes: list[Any] = []
        self._referred: list[Any] = []
        self._first_of_section = 0

    def read(self, body: Any) -> None:
        """Read all blocks of a w:body element."""
        self._blocks(body)
        self._end_section(body.find(W + "sectPr"), following=None)
        while len(self.pages) > 1 and not self.pages[-1].blocks and not self.pages[-1].notes:
            self.pages.pop()

    def _blocks(self, parent: Any) -> None:
        for element in parent:
            if element.tag in _SKIPPED:
                continue
            if element.tag == W + "p":
                self._paragraph(element)
            elif element.tag == W + "tbl":
                self._table(element)
            elif isinstance(element.tag, str):
                self._blocks(element)

    def _paragraph(self, element: Any) -> None:
        properties = element.find(W + "pPr")
        style = self._styles.of(value(properties, "pStyle"))
        if style.page_break or is_on(properties, "pageBreakBefore"):
            self._break()
        pieces = self._text(element).split(_BREAK)
        boxes, self._boxes = self._boxes, []
        referred, self._referred = self._referred, []
        number = number_of(properties) or style.number
        label = self._numbering.label(number) if number and any(map(clean, pieces)) else None
        heading = style.heading or outline_level(properties)
        if not heading and label is None and len(pieces) == 1 and self._is_bold_heading(element, style.bold, pieces[0]):
            heading = 6
        first = True
        for at, piece in enumerate(pieces):
            if at:
                self._break()
            text = clean(piece)
            if not text:
                continue
            shown = f"{label} {text}" if label and first else text
            self._add(shown, heading, listed=(label is not None or style.listed) and not heading)
            first = False
        for note in referred:
            self.pages[-1].notes += [
                DraftBlock("paragraph", text) for part in note.iter(W + "p") if (text := clean(self._text(part)))
            ]
        for box in boxes:
            self._blocks(box)
        section = properties.find(W + "sectPr") if properties is not None else None
        if section is not None:
            self._end_section(section, following=element)

    def _add(self, text: str, heading: int, *, listed: bool) -> None:
        if heading == -1:
            block = DraftBlock("title", text)
            if any(one.kind == "title" for page in self.pages for one in page.blocks):
                block = DraftBlock("heading", text, 1)
        elif heading:
            block = DraftBlock("heading", text, heading)
        else:
            block = DraftBlock("list_item" if listed else "paragraph", text)
        self.pages[-1].blocks.append(block)

    def _is_bold_heading(self, element: Any, bold: bool, text: str) -> bool:
        """Tell whether a plain paragraph is set as a heading by hand: short, bold throughout, no sentence."""
        shown = clean(text)
        if not any(map(str.isalpha, shown)) or len(shown) > _LONGEST_BOLD_HEADING or shown[-1] in ".,;":
            return False
        if is_caption(shown):
            return False
        if any(parent.tag == W + "tc" for parent in element.iterancestors()):
            return False
        runs = [run for run in element.iter(W + "r") if clean("".join(run.itertext(W + "t")))]
        return bool(runs) and all(bold if (own := is_on(run.find(W + "rPr"), "b")) is None else own for run in runs)

    def _text(self, element: Any) -> str:
        """Return running text; page breaks in it are form feeds. Text boxes and notes are put aside for later."""
        parts: list[str] = []
        for child in element:
            tag = child.tag
            if tag in _SKIPPED or not isinstance(tag, str):
                continue
            if tag == W + "t" or tag == _MATH + "t":
                parts.append(child.text or "")
            elif tag == W + "br":
                parts.append(_BREAK if child.get(W + "type") == "page" else " ")
            elif tag in _SIGNS:
                parts.append(_SIGNS[tag])
            elif tag == W + "sym":
                parts.append(_symbol(child))
            elif tag == W + "txbxContent":
                self._boxes.append(child)
            elif tag in {W + "footnoteReference", W + "endnoteReference"}:
                note = self._notes[tag.removeprefix(W).removesuffix("Reference")].get(child.get(W + "id"))
                if note is not None:
                    self._referred.append(note)
            elif tag == W + "r" and is_on(child.find(W + "rPr"), "vanish"):
                continue
            else:
                parts.append(self._text(child))
        return "".join(parts)

    def _table(self, table: Any) -> None:
        rows = [row for row in _children(table, "tr") if not _is_deleted(row)]
        if rows and all(len(_children(row, "tc")) == 1 for row in rows):
            for row in rows:
                for cell in _children(row, "tc"):
                    self._blocks(cell)
            return
        for row in rows:
            cells: list[str] = []
            for cell in _children(row, "tc"):
                merged = cell.find(f"{W}tcPr/{W}vMerge")
                if merged is None or merged.get(W + "val") == "restart":
                    cells.append(self._cell(cell))
            boxes, self._boxes = self._boxes, []
            referred, self._referred = self._referred, []
            pieces = clean_row([cell.replace(_BREAK, " ") for cell in cells])
            if any(_BREAK in cell for cell in cells):
                self._break()
            if pieces:
                self.pages[-1].blocks.append(DraftBlock("table_row", pieces))
            for box in boxes:
                self._blocks(box)
            for note in referred:
                self.pages[-1].notes += [
                    DraftBlock("paragraph", text) for part in note.iter(W + "p") if (text := clean(self._text(part)))
                ]

    def _cell(self, cell: Any) -> str:
        """Return a cell's paragraphs, those of tables in it too, as one text."""
        texts: list[str] = []
        for paragraph in _outermost_paragraphs(cell):
            properties = paragraph.find(W + "pPr")
            text = self._text(paragraph)
            number = number_of(properties)
            label = self._numbering.label(number) if number and clean(text) else None
            texts.append(f"{label} {text}" if label else text)
        return " ".join(texts)

    def _break(self) -> None:
        """Begin a page, but for a break where the page has nothing on it: Word marks one break twice."""
        if self.pages[-1].blocks or self.pages[-1].notes:
            self.pages.append(WordPage())

    def _end_section(self, section: Any, following: Any) -> None:
        """Give the pages since the last section's end their properties; the next section begins a page or goes on."""
        for page in self.pages[self._first_of_section :]:
            page.section = section
        if following is None:
            return
        later = next((one for one in following.itersiblings() if one.tag == W + "sectPr"), None)
        for sibling in following.itersiblings(W + "p"):
            found = sibling.find(f"{W}pPr/{W}sectPr")
            if found is not None:
                later = found
                break
        kind = value(later, "type") if later is not None else None
        if kind not in _CONTINUOUS:
            self._break()
            self._first_of_section = len(self.pages) - 1
            self.pages[-1].begins_section = True


def _by_id(root: Any, name: str) -> dict[str, Any]:
    if root is None:
        return {}
    return {
        note.get(W + "id"): note for note in root.iterchildren(W + name) if note.get(W + "type") in {None, "normal"}
    }


def _children(parent: Any, name: str) -> list[Any]:
    """Return the rows of a table or cells of a row, also those inside content controls and insertions."""
    found: list[Any] = []
    for child in parent:
        if child.tag == W + name:
            found.append(child)
        elif child.tag in {W + "sdt", W + "sdtContent", W + "ins", W + "customXml"}:
            found += _children(child, name)
    return found


def _outermost_paragraphs(parent: Any) -> list[Any]:
    """Return the paragraphs below an element, but for those inside other paragraphs (text boxes)."""
    found: list[Any] = []
    for child in parent:
        if child.tag == W + "p":
            found.append(child)
        elif child.tag not in _SKIPPED and isinstance(child.tag, str):
            found += _outermost_paragraphs(child)
    return found


def _is_deleted(row: Any) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _symbol(element: Any) -> str:
    """Return the character of a w:sym; those of picture fonts (private use) say nothing."""
    code = element.get(W + "char") or ""
    try:
        character = chr(int(code, 16))
    except ValueError:
        return ""
    return "" if "\ue000" <= character <= "\uf8ff" else character
