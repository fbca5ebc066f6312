"""Markdown: the page's text is what the marks are rendered to, without the marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import lxml.html
from lxml.etree import LxmlError
from markdown_it import MarkdownIt

from kb.readers.drafts import Draft, DraftBlock, DraftPage, clean, clean_row
from kb.readers.encodings import decode
from kb.readers.limits import check_characters

if TYPE_CHECKING:
    from pathlib import Path

    from markdown_it.token import Token

    from kb.settings import ReadingSettings

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_PROPERTY = re.compile(r"^(title|date|status)[ \t]*:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_BREAK_TAG = re.compile(r"<br\b", re.IGNORECASE)


def read(path: Path, data: bytes, limits: ReadingSettings) -> Draft:
    """Return the draft of a Markdown file, one page. The first heading of level 1 is the title."""
    text, warnings = decode(path, data)
    check_characters(path, len(text), limits)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    properties: dict[str, str] = {}
    front = _FRONT_MATTER.match(text)
    if front:
        properties = {match.group(1): match.group(2) for match in _PROPERTY.finditer(front.group(1))}
        text = text[front.end() :]
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    blocks = _Blocks(tokens).blocks
    title = next((at for at, block in enumerate(blocks) if block.kind == "heading" and block.level == 1), None)
    if title is not None:
        blocks[title] = DraftBlock("title", blocks[title].text)
    shown = "" if title is None else clean(blocks[title].text)
    date = _ISO_DATE.match(properties.get("date", ""))
    return Draft(
        [DraftPage("1", blocks)],
        title=shown,
        metadata_title=properties.get("title", ""),
        metadata_date=date.group() if date else None,
        metadata_status=properties.get("status", ""),
        warnings=warnings,
    )


class _Blocks:
    """Walks the flat list of tokens; `blocks` is the result."""

    def __init__(self, tokens: list[Token]) -> None:
        self.blocks: list[DraftBlock] = []
        self._heading = 0
        self._items: list[str] = []
        self._row: list[str] | None = None
        for token in tokens:
            self._take(token)

    def _take(self, token: Token) -> None:
        kind = token.type
        if kind == "heading_open":
            self._heading = int(token.tag[1])
        elif kind == "heading_close":
            self._heading = 0
        elif kind == "list_item_open":
            self._items.append(f"{token.info}{token.markup} " if token.info else "")
        elif kind == "list_item_close":
            self._items.pop()
        elif kind == "tr_open":
            self._row = []
        elif kind == "tr_close":
            self.blocks.append(DraftBlock("table_row", clean_row(self._row or [])))
            self._row = None
        elif kind == "inline":
            self._add(_rendered(token.children or []))
        elif kind in {"fence", "code_block"}:
            for line in token.content.splitlines():
                self._add(line)
        elif kind == "html_block":
            self._add(_without_tags(token.content))

    def _add(self, text: str) -> None:
        if self._row is not None:
            self._row.append(text)
        elif self._heading:
            self.blocks.append(DraftBlock("heading", text, self._heading))
        elif self._items:
            marker, self._items[-1] = self._items[-1], ""
            self.blocks.append(DraftBlock("list_item", marker + text))
        else:
            self.blocks.append(DraftBlock("paragraph", text))


def _rendered(tokens: list[Token]) -> str:
    parts: list[str] = []
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            parts.append(token.content)
        elif token.type in {"softbreak", "hardbreak"} or (
            token.type == "html_inline" and _BREAK_TAG.match(token.content)
        ):
            parts.append(" ")
        elif token.type == "image":
            parts.append(_rendered(token.children or []))
    return "".join(parts)


def _without_tags(markup: str) -> str:
    """Return the text of a piece of HTML, '' for comments, scripts and styles."""
    if not re.sub(r"<!--.*?-->", "", markup, flags=re.DOTALL).strip():
        return ""
    try:
        fragment = lxml.html.fragment_fromstring(markup, create_parent="div")
    except (LxmlError, ValueError):
        return re.sub(r"<[^>]*>", " ", markup)
    for element in fragment.xpath("//script | //style | //comment()"):
        element.drop_tree()
    return " ".join(fragment.itertext())
