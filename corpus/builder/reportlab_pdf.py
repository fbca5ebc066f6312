"""PDF by ReportLab: front matter with /PageLabels, running heads, columns, a title across them, justified text."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    KeepTogether,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from builder.designs import number_labels, page_furniture
from builder.hyphens import softened
from builder.pages import Ledger, PageRecord
from builder.source import BuildError
from builder.tables import table_after

if TYPE_CHECKING:
    from pathlib import Path

    from builder.designs import Design
    from builder.source import Block, Source

_WIDTH, _HEIGHT = A4
_GUTTER = 7 * mm


def font_file(family: str, *, bold: bool) -> str:
    """Return the file that fontconfig gives for a family. Raises BuildError when it is not installed."""
    pattern = f"{family}:{'bold' if bold else 'regular'}"
    found = subprocess.run(
        ["fc-match", "-f", "%{family}\n%{file}", pattern], capture_output=True, text=True, check=True
    ).stdout.split("\n")
    if family not in found[0]:
        raise BuildError(f"font {family} is not installed (fontconfig offers {found[0]}): see corpus/README.md")
    return found[1]


def _register(family: str) -> None:
    if family in pdfmetrics.getRegisteredFontNames():
        return
    for name, bold in ((family, False), (f"{family} Bold", True)):
        pdfmetrics.registerFont(TTFont(name, font_file(family, bold=bold)))
    pdfmetrics.registerFontFamily(
        family, normal=family, bold=f"{family} Bold", italic=family, boldItalic=f"{family} Bold"
    )


class _Traced(Paragraph):  # type: ignore[misc]
    """A paragraph that tells the ledger which of its words were drawn on which page."""

    ledger: Ledger
    number: int

    def split(self, availWidth: float, availHeight: float) -> list[_Traced]:  # noqa: N803
        parts: list[_Traced] = super().split(availWidth, availHeight)
        for part in parts:
            part.ledger, part.number = self.ledger, self.number
        return parts

    def draw(self) -> None:
        super().draw()
        page = self.canv.getPageNumber()
        for line in self.blPara.lines:
            words = line[1] if isinstance(line, tuple) else [fragment.text for fragment in line.words]
            self.ledger.draw(self.number, page, "".join(words))


class _ContentsLine(Flowable):  # type: ignore[misc]
    """A contents entry: heading, dots, page label."""

    def __init__(self, heading: str, label: str, family: str, size: float) -> None:
        super().__init__()
        self.heading, self.label, self.family, self.size = heading, label, family, size

    def wrap(self, availWidth: float, availHeight: float) -> tuple[float, float]:  # noqa: ARG002, N803
        self.width = availWidth
        return availWidth, self.size * 2

    def draw(self) -> None:
        width = pdfmetrics.stringWidth
        self.canv.setFont(self.family, self.size)
        start = width(self.heading + " ", self.family, self.size)
        end = self.width - width(" " + self.label, self.family, self.size)
        dots = "." * int((end - start) / width(".", self.family, self.size))
        self.canv.drawString(0, 4, f"{self.heading} {dots}")
        self.canv.drawRightString(self.width, 4, self.label)


class _Book(BaseDocTemplate):  # type: ignore[misc]
    """The document: draws the furniture of each page and notes it."""

    def __init__(self, path: Path, source: Source, design: Design, labels: list[str], ledger: Ledger) -> None:
        title = source.title if design.metadata_title is None else design.metadata_title
        known = {"title": title or None, "author": design.author or None, "lang": source.language}
        super().__init__(str(path), pagesize=A4, **known)
        self.design, self.labels, self.ledger = design, labels, ledger
        self.front = 2 if design.contents else 0

    def furnish(self, canvas: Any, _: Any) -> None:
        index = canvas.getPageNumber()
        label = self.labels[index - 1] if index <= len(self.labels) else str(index)
        total = len(self.labels) - self.front
        left, right, footer = page_furniture(self.design, index, label, total)
        margin = self.design.margin_mm * mm
        canvas.setFont(self.design.family, 9)
        top, bottom = _HEIGHT - 15 * mm, 12 * mm
        canvas.drawString(margin, top, left)
        canvas.drawRightString(_WIDTH - margin, top, right)
        if left or right:
            canvas.setLineWidth(0.4)
            canvas.line(margin, top - 4, _WIDTH - margin, top - 4)
        side = self.design.footer_side
        if side == "outer":
            side = "right" if index % 2 else "left"
        if side == "center":
            canvas.drawCentredString(_WIDTH / 2, bottom, footer)
        elif side == "right":
            canvas.drawRightString(_WIDTH - margin, bottom, footer)
        else:
            canvas.drawString(margin, bottom, footer)
        self.ledger.furniture[index] += [text for text in (left, right, footer) if text]

    def number_front(self, canvas: Any, _: Any) -> None:
        canvas.addPageLabel(0, style="ROMAN_LOWER", start=1)
        canvas.addPageLabel(self.front, style="ARABIC", start=1)


class _Setter:
    """Turns a source into flowables."""

    def __init__(self, source: Source, design: Design, ledger: Ledger) -> None:
        self.source, self.design, self.ledger = source, design, ledger
        family, size, leading = design.family, design.size, design.leading
        base = ParagraphStyle("base", fontName=family, fontSize=size, leading=leading, allowWidows=0, allowOrphans=0)
        bold = f"{family} Bold"
        big, small, grey = size * 1.2, size * 0.9, colors.HexColor("#444444")
        centred = {"parent": base, "alignment": TA_CENTER}
        above = {"spaceBefore": 10, "spaceAfter": 6, "keepWithNext": 1}
        around = {"spaceBefore": 4, "spaceAfter": 4}
        self.styles = {
            "title": ParagraphStyle(
                "title", fontName=bold, fontSize=size * 1.6, leading=size * 2, spaceAfter=14, **centred
            ),
            "note": ParagraphStyle("note", spaceAfter=8, textColor=grey, **centred),
            "date": ParagraphStyle("date", spaceAfter=16, **centred),
            "heading": ParagraphStyle("heading", base, fontName=bold, fontSize=big, leading=leading * 1.15, **above),
            "paragraph": ParagraphStyle("paragraph", base, alignment=TA_JUSTIFY, spaceAfter=8),
            "caption": ParagraphStyle("caption", base, fontName=bold, fontSize=small, **around),
            "cell": ParagraphStyle("cell", base, fontSize=small, leading=leading * 0.9),
        }

    def block(self, block: Block) -> list[Flowable]:
        hyphenate = self.design.hyphens and block.kind == "paragraph"
        markup = ""
        for run in block.runs:
            text = escape(softened(run.text, self.source.language) if hyphenate else run.text)
            markup += f"<b>{text}</b>" if run.bold else text
        paragraph = _Traced(markup, self.styles[block.kind])
        paragraph.ledger, paragraph.number = self.ledger, block.number
        table = table_after(self.source, block)
        if table is None:
            return [paragraph]
        cell = self.styles["cell"]
        cells = [[Paragraph(escape(text), cell) for text in row] for row in table.rows]
        lines = [("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]
        count = len(table.rows[0])
        width = (_WIDTH - 2 * self.design.margin_mm * mm - _GUTTER * (self.design.columns - 1)) / self.design.columns
        first = 0.6 if count == 2 else 0.4
        widths = [width * first] + [width * (0.98 - first) / (count - 1)] * (count - 1)
        grid = Table(cells, colWidths=widths, style=TableStyle(lines), spaceAfter=10)
        return [paragraph, KeepTogether([Paragraph(escape(table.caption), self.styles["caption"]), grid, Spacer(1, 8)])]

    def story(self, heading_labels: dict[int, str]) -> list[Flowable]:
        opening = [flowable for block in self.source.blocks[:3] for flowable in self.block(block)]
        body = [flowable for block in self.source.blocks[3:] for flowable in self.block(block)]
        if self.design.contents:
            contents: list[Flowable] = [Paragraph(self.design.contents, self.styles["title"])]
            for heading in self.source.headings:
                label = heading_labels.get(heading.number, "1")
                contents.append(_ContentsLine(heading.text, label, self.design.family, self.design.size))
            return [
                Spacer(1, 60 * mm), *opening, NextPageTemplate("page"), PageBreak(), *contents, PageBreak(), *body,
            ]  # fmt: skip
        if self.design.columns > 1:
            return [NextPageTemplate("page"), *opening, FrameBreak(), *body]
        return [NextPageTemplate("page"), *opening, *body]


def _templates(book: _Book, setter: _Setter) -> list[PageTemplate]:
    margin, columns = book.design.margin_mm * mm, book.design.columns
    low, high = 22 * mm, _HEIGHT - 22 * mm
    inner = _WIDTH - 2 * margin
    width = (inner - _GUTTER * (columns - 1)) / columns
    plain = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}

    def frames(top: float) -> list[Frame]:
        return [Frame(margin + at * (width + _GUTTER), low, width, top - low, **plain) for at in range(columns)]

    if columns > 1:
        opening = [flowable for block in setter.source.blocks[:3] for flowable in setter.block(block)]
        tall = sum(part.wrap(inner, _HEIGHT)[1] + part.getSpaceAfter() for part in opening) + 4 * mm
        first = [Frame(margin, high - tall, inner, tall, **plain), *frames(high - tall)]
    else:
        first = frames(high)
    start = book.number_front if book.design.contents else book.furnish
    return [
        PageTemplate("first", first, onPage=start, pagesize=A4),
        PageTemplate("page", frames(high), onPage=book.furnish, pagesize=A4),
    ]


def build(source: Source, design: Design, path: Path) -> tuple[PageRecord, ...]:
    """Write the PDF and return its pages. Set up twice: page totals and the contents need the first pass."""
    _register(design.family)
    labels: list[str] = []
    heading_labels: dict[int, str] = {}
    for _ in range(2):
        ledger = Ledger()
        book = _Book(path, source, design, labels, ledger)
        setter = _Setter(source, design, ledger)
        book.addPageTemplates(_templates(book, setter))
        book.build(setter.story(heading_labels))
        labels = number_labels(design, book.page, book.front)
        heading_labels = {heading.number: labels[min(ledger.drawn[heading.number]) - 1] for heading in source.headings}
    return ledger.records(source, labels)
