"""PDF by WeasyPrint: the parts of a paragraph come from its box tree, so no text extractor is believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import weasyprint
from weasyprint.formatting_structure import boxes

from builder.designs import number_labels, page_furniture
from builder.pages import Ledger, PageRecord
from builder.print_css import page as html_page
from builder.source import BuildError

if TYPE_CHECKING:
    from pathlib import Path

    from builder.designs import Design
    from builder.source import Source


def _trace(box: boxes.Box, block: int | None, page: int, ledger: Ledger) -> None:
    if isinstance(box, boxes.MarginBox):
        return
    element = getattr(box, "element", None)
    if element is not None and not isinstance(element, str) and element.get("data-block"):
        block = int(element.get("data-block"))
    if isinstance(box, boxes.TextBox) and block is not None:
        ledger.draw(block, page, box.text)
    for child in getattr(box, "children", ()):
        _trace(child, block, page, ledger)


def _margin_text(box: boxes.Box) -> list[str]:
    if isinstance(box, boxes.TextBox):
        return [box.text]
    return [text for child in getattr(box, "children", ()) for text in _margin_text(child)]


def build(source: Source, design: Design, path: Path) -> tuple[PageRecord, ...]:
    """Write the PDF and return its pages. Raises BuildError when other page numbers were printed than meant."""
    document = weasyprint.HTML(string=html_page(source, design)).render()
    ledger = Ledger()
    labels = number_labels(design, len(document.pages))
    for index, (page, label) in enumerate(zip(document.pages, labels, strict=True), start=1):
        tree = page._page_box  # noqa: SLF001
        _trace(tree, None, index, ledger)
        meant = [text for text in page_furniture(design, index, label, len(labels)) if text]
        printed = ["".join(_margin_text(box)) for box in tree.children if isinstance(box, boxes.MarginBox)]
        if sorted(meant) != sorted(text for text in printed if text):
            raise BuildError(f"{source.stem}: page {index} shows {printed} instead of {meant}")
        ledger.furniture[index] += meant
    records = ledger.records(source, labels)
    document.write_pdf(path, pdf_identifier=source.stem.encode())
    return records
