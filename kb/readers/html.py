"""HTML: the page's own text, without what surrounds it on every page of a site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import lxml.html
from lxml.etree import ErrorLevels, LxmlError, ParserError

from kb.errors import DamagedDocumentError, EmptyDocumentError
from kb.readers.drafts import Draft, DraftBlock, DraftPage, clean, clean_row
from kb.readers.encodings import decode
from kb.readers.limits import check_characters
from kb.readers.numerals import numeral

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kb.settings import ReadingSettings

_NEVER_TEXT = (
    "script style noscript template iframe object embed svg canvas audio video form button select input textarea nav "
    "aside footer dialog menu head title"
)
_NEVER = frozenset(_NEVER_TEXT.split())
_BLOCKS_TEXT = (
    "address article blockquote body caption center dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 "
    "header hr html legend li main ol p pre section summary table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCKS_TEXT.split())
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|navbar|nav|menu|sidebar|breadcrumbs?|banner|share|social|popup|modal|advert|"
    r"ads|skip-link|pagination|related|comments|footer|newsletter|subscribe)(?:$|[\s_-])",
    re.IGNORECASE,
)
_AROUND_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DATE_NAMES = (
    "article:published_time", "datepublished", "dc.date", "dc.date.issued", "dcterms.date", "dcterms.issued",
    "citation_date", "citation_publication_date", "date", "pubdate", "last-modified",
)  # fmt: skip
_STATUS_NAMES = ("dcterms.status", "dc.status", "status", "document-status", "creativeworkstatus")
_MAIN_SHARE = 0.3
_CELL_OF_TEXT = 600
_DEEPEST = 150


def read(path: Path, data: bytes, limits: ReadingSettings) -> Draft:
    """Return the draft of a web page, one page. Raises ReadError's children."""
    text, warnings = decode(path, data, markup=True)
    check_characters(path, len(text), limits)
    text = _UNSEEN.sub("", _XML_DECLARATION.sub("", text))
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = lxml.html.document_fromstring(text, parser=parser)
    except ParserError as error:
        raise EmptyDocumentError(f"{path}: there is no text in it ({error}).") from error
    except (LxmlError, ValueError) as error:
        raise DamagedDocumentError(f"{path}: its HTML cannot be read ({error}).") from error
    lost = [entry.message for entry in parser.error_log if entry.level == ErrorLevels.FATAL]
    if lost:
        raise DamagedDocumentError(f"{path}: its HTML cannot be read to the end ({lost[0]}).")
    content = _main_content(root)
    walk = _Walk()
    walk.block(content, 0)
    walk.flush()
    blocks = walk.blocks
    heading = _first_heading(root)
    title = _promote(blocks, heading) if heading else ""
    head = root.findtext(".//title") or ""
    claims = _claims(root)
    return Draft(
        [DraftPage("1", blocks)],
        title=title,
        metadata_title=head,
        metadata_date=_date(claims),
        metadata_status=next((claims[name] for name in _STATUS_NAMES if name in claims), ""),
        warnings=warnings,
    )


def _main_content(root: Any) -> Any:
    """Return the element that holds the page's own text: main or article where it holds enough of it, else body."""
    body = root.find("body")
    body = root if body is None else body
    everything = len(_visible_text(body))
    for path in ("//main", "//*[@role='main']", "//article"):
        found = [element for element in root.xpath(path) if not _is_around(element)]
        if len(found) == 1 and len(_visible_text(found[0])) >= _MAIN_SHARE * everything:
            return found[0]
    return body


def _visible_text(element: Any) -> str:
    return clean("".join(text for text in element.xpath(".//text()[not(ancestor::script or ancestor::style)]")))


def _is_around(element: Any) -> bool:
    """Tell whether an element is furniture of the site, or not shown."""
    tag = element.tag
    if not isinstance(tag, str) or tag in _NEVER:
        return True
    get = element.get
    if get("hidden") is not None or get("aria-hidden") == "true" or get("role") in _AROUND_ROLES:
        return True
    if _HIDDEN_STYLE.search(get("style") or ""):
        return True
    if tag == "header":
        return not any(parent.tag in {"article", "main", "section"} for parent in element.iterancestors())
    return tag not in {"body", "html", "main", "article"} and bool(
        _AROUND.search(f"{get('class') or ''} {get('id') or ''}")
    )


def _first_heading(root: Any) -> str:
    return next((text for element in root.iter("h1") if (text := clean("".join(element.itertext())))), "")


def _promote(blocks: list[DraftBlock], heading: str) -> str:
    """Make the first h1 the title block, put on top when it stood in the site's header; return it."""
    for at, block in enumerate(blocks):
        if block.kind == "heading" and clean(block.text) == heading:
            blocks[at] = DraftBlock("title", block.text)
            return heading
    blocks.insert(0, DraftBlock("title", heading))
    return heading


def _claims(root: Any) -> dict[str, str]:
    """Return what the page's head and its first time element claim, by lower-case name."""
    claims: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        claims.setdefault(name, element.get("content") or "")
    for element in root.iter("time"):
        claims.setdefault("time", element.get("datetime") or "")
    return claims


def _date(claims: Mapping[str, str]) -> str | None:
    """Return the date that the page claims."""
    for name in (*_DATE_NAMES, "time"):
        match = _ISO_DATE.match(claims.get(name, "").strip())
        if match:
            return match.group()
    return None


class _Walk:
    """Collects blocks; running text between block elements is gathered until one begins or ends."""

    def __init__(self) -> None:
        self.blocks: list[DraftBlock] = []
        self._text: list[str] = []
        self._items: list[str] = []
        self._heading = 0
        self._ended_line = False

    def flush(self) -> None:
        text = clean("".join(self._text))
        self._text = []
        self._ended_line = False
        if not text:
            return
        if self._heading:
            self.blocks.append(DraftBlock("heading", text, self._heading))
        elif self._items:
            marker, self._items[-1] = self._items[-1], ""
            self.blocks.append(DraftBlock("list_item", marker + text))
        else:
            self.blocks.append(DraftBlock("paragraph", text))

    def block(self, element: Any, depth: int) -> None:
        """Take an element's own text and its children."""
        self._say(element.text)
        if depth < _DEEPEST:
            for child in element:
                self._child(child, depth + 1)
                self._say(child.tail)
        else:
            self._say(" ".join(text for child in element for text in child.itertext()))

    def _say(self, text: str | None) -> None:
        if text:
            self._text.append(text)
            self._ended_line = self._ended_line and not text.strip()

    def _child(self, element: Any, depth: int) -> None:
        if _is_around(element):
            return
        tag = element.tag
        if tag == "br":
            self._line_break()
        elif tag == "table" and not _is_layout(element):
            self.flush()
            self._table(element)
        elif tag not in _BLOCKS:
            if tag == "img":
                return
            self.block(element, depth)
        else:
            self.flush()
            self._enter(element, tag, depth)
            self.flush()

    def _line_break(self) -> None:
        """One line break is a space; two in a row end the paragraph."""
        if self._ended_line:
            self.flush()
        else:
            self._text.append(" ")
            self._ended_line = True

    def _enter(self, element: Any, tag: str, depth: int) -> None:
        if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self._heading = int(tag[1])
            self.block(element, depth)
            self.flush()
            self._heading = 0
        elif tag == "li":
            self._items.append(_marker(element))
            self.block(element, depth)
            self.flush()
            self._items.pop()
        else:
            self.block(element, depth)

    def _table(self, table: Any) -> None:
        for row in table.iter("tr"):
            cells = [clean(" ".join(_cell_texts(cell))) for cell in row if cell.tag in {"td", "th"}]
            text = clean_row(cells)
            if text:
                self.blocks.append(DraftBlock("table_row", text))


def _cell_texts(cell: Any) -> list[str]:
    """Return a cell's text, pieces of different blocks apart."""
    texts = [cell.text or ""]
    for child in cell:
        if not _is_around(child):
            inner = "".join(_cell_texts(child))
            apart = child.tag in _BLOCKS or child.tag == "br"
            texts.append(f" {inner} " if apart else inner)
        texts.append(child.tail or "")
    return ["".join(texts)]


def _is_layout(table: Any) -> bool:
    """Tell whether a table only arranges the page: one cell a row, tables in it, or pages of text in its cells."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return True
    rows = [[cell for cell in row if cell.tag in {"td", "th"}] for row in table.iter("tr")]
    if not rows or max(map(len, rows)) < 2:
        return True
    longest = max(len("".join(cell.itertext())) for row in rows for cell in row) if any(rows) else 0
    return longest > _CELL_OF_TEXT and len(rows) <= 3


def _marker(item: Any) -> str:
    """Return the number that a browser shows before an item of an ordered list, '' in other lists."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return ""
    number = _whole(parent.get("start"), 1) - 1
    for sibling in parent.iterchildren("li"):
        number = _whole(sibling.get("value"), number + 1)
        if sibling is item:
            break
    return f"{_numeral(number, parent.get('type') or '1')}. "


def _whole(value: str | None, otherwise: int) -> int:
    return int(value) if value is not None and re.fullmatch(r"-?\d{1,9}", value.strip()) else otherwise


def _numeral(number: int, kind: str) -> str:
    formats = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
    return numeral(number, formats.get(kind, "decimal"))
