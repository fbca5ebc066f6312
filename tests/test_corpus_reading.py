"""Readers against the builder: what `kb.readers.read` makes of every illustrative document is what was laid out.

`corpus/pages.json` comes from the layout engines, so it knows the words of every page, its printed label and its
running heads without having read the file.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kb.readers import read
from kb.settings import ReadingSettings

if TYPE_CHECKING:
    from kb.records import Page, ReadDocument

CORPUS = Path(__file__).parent.parent / "corpus"
PAGES: dict[str, dict[str, Any]] = json.loads((CORPUS / "pages.json").read_text(encoding="utf-8"))
NAMES = sorted(PAGES)
STYLED = [name for name in NAMES if not name.endswith(".txt")]
WITH_TABLE = [name for name in STYLED if PAGES[name]["table"]]
CELL_GAP = r"(?:\s*\|\s*|\s+)"


def squeezed(text: str) -> str:
    return " ".join(text.split())


@cache
def document(name: str) -> ReadDocument:
    return read(CORPUS / name, ReadingSettings())


def source_blocks(name: str) -> list[str]:
    text = (CORPUS / "sources" / f"{Path(name).stem}.md").read_text(encoding="utf-8")
    return [block.replace("**", "").lstrip("# ") for block in text.strip().split("\n\n")]


def rows_pattern(row: list[str]) -> str:
    return CELL_GAP.join(r"\s+".join(map(re.escape, cell.split())) for cell in row)


def without_known(page: Page, name: str, record: dict[str, Any]) -> str:
    """Return what is left of a page when the text that belongs there is taken away, piece by piece."""
    known = PAGES[name]
    left = page.text
    pieces = [part["text"] for part in sorted(record["parts"], key=lambda part: -len(part["text"]))]
    patterns = [r"\s+".join(map(re.escape, piece.split())) for piece in [*pieces, known["caption"], known["contents"]]]
    patterns += [rows_pattern(row) for row in known["table"]]
    if known["contents"] and known["contents"] in page.text:
        headings = [text for text in source_blocks(name) if re.match(r"\d+\. ", text)]
        patterns += [rf"{re.escape(heading)}(?: [. ]*\d+)?" for heading in headings]
    for pattern in patterns:
        if pattern:
            left = re.sub(pattern, "", left, count=1)
    return left.strip()


@pytest.mark.parametrize("name", NAMES)
def test_pages_and_their_printed_labels(name: str) -> None:
    pages = PAGES[name]["pages"]
    assert [(page.index, page.label) for page in document(name).pages] == [
        (page["index"], page["label"]) for page in pages
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_part_stands_on_its_page_in_reading_order(name: str) -> None:
    for page, record in zip(document(name).pages, PAGES[name]["pages"], strict=True):
        text = squeezed(page.text)
        places = []
        for part in record["parts"]:
            assert part["text"] in text, f"page {page.label}"
            places.append(text.rindex(part["text"]))
        assert places == sorted(places)


@pytest.mark.parametrize("name", NAMES)
def test_every_source_paragraph_is_read_whole(name: str) -> None:
    text = squeezed(" ".join(page.text for page in document(name).pages))
    assert [block for block in source_blocks(name) if block not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_is_read(name: str) -> None:
    pairs = zip(document(name).pages, PAGES[name]["pages"], strict=True)
    assert {page.label: left for page, record in pairs if (left := without_known(page, name, record))} == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_paragraph_is_one_block(name: str) -> None:
    """Of a paragraph over two pages each part is one."""
    for page, record in zip(document(name).pages, PAGES[name]["pages"], strict=True):
        blocks = {page.text[block.start : block.end] for block in page.blocks}
        assert [part["text"] for part in record["parts"] if part["text"] not in blocks] == []


@pytest.mark.parametrize("name", STYLED)
def test_headings_are_told_from_paragraphs(name: str) -> None:
    title, *blocks = source_blocks(name)
    wanted = [title, *(block for block in blocks if re.match(r"\d+\. ", block))]
    kinds: dict[str, set[str]] = {}
    for page in document(name).pages:
        for block in page.blocks:
            kinds.setdefault(page.text[block.start : block.end], set()).add(block.kind)
    assert [text for text in wanted if not kinds.get(text, set()) & {"title", "heading"}] == []
    assert [text for text in blocks if text not in wanted and kinds.get(text, set()) & {"title", "heading"}] == []


@pytest.mark.parametrize("name", WITH_TABLE)
def test_a_table_is_read_row_by_row(name: str) -> None:
    rows = [
        page.text[block.start : block.end]
        for page in document(name).pages
        for block in page.blocks
        if block.kind == "table_row"
    ]
    assert rows == [" | ".join(row) for row in PAGES[name]["table"]]


@pytest.mark.parametrize("name", NAMES)
def test_title_and_date(name: str) -> None:
    assert (document(name).title, document(name).date) == (PAGES[name]["title"], PAGES[name]["date"])


@pytest.mark.parametrize("name", NAMES)
def test_reading_gives_no_warning(name: str) -> None:
    assert document(name).warnings == ()
