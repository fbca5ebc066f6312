"""DOCX by python-docx: heading styles, a bulleted list of contents, a table, page breaks, header and footer."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from builder.pages import Ledger, PageRecord
from builder.tables import table_after

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document
    from docx.text.paragraph import Paragraph

    from builder.source import Block, Source
    from builder.tables import Table

_ZIP_TIME = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class WordDesign:
    """One DOCX's design. `starts` are the headings (from 1) before which a page break stands."""

    header: str
    footer: str
    contents: str = ""
    starts: tuple[int, ...] = ()
    metadata_title: str | None = None


WORD_DESIGNS: dict[str, WordDesign] = {
    "uz02_meva_sabzavot_nizom": WordDesign(
        header="Sarvisoy viloyati hokimligi", footer="Nizom matni, bet ", contents="Mundarija", starts=(1, 5)
    ),
    "uz05_charm_ustav": WordDesign(header="Tolzor, 2024", footer="Ustav matni, bet ", starts=(4,)),
    "uz11_moliyaviy_tahlil": WordDesign(
        header="Иқтисодиёт ва молия таҳлили", footer="Маъруза матни, бет ", contents="Мундарижа", starts=(1, 4)
    ),
    "ru03_tekstil_polozhenie": WordDesign(
        header="Кумушсайский район", footer="Текст положения, лист ", metadata_title="Документ1"
    ),
    "en02_export_consortia_guidelines": WordDesign(
        header="Export Promotion Centre", footer="Guidelines text, page ", contents="In these guidelines", starts=(1,)
    ),
    "en06_monitoring_methodology": WordDesign(
        header="Kukdaryo region", footer="Methodology text, page ", metadata_title=""
    ),
}  # fmt: skip


def _page_field(paragraph: Paragraph) -> None:
    for kind, instruction in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = OxmlElement("w:r")
        if kind:
            child = OxmlElement("w:fldChar")
            child.set(qn("w:fldCharType"), kind)
        else:
            child = OxmlElement("w:instrText")
            child.text = instruction
        run.append(child)
        paragraph._p.append(run)  # noqa: SLF001


def _write_table(document: Document, table: Table) -> None:
    document.add_paragraph(table.caption, style="Caption")
    grid = document.add_table(rows=0, cols=len(table.rows[0]), style="Table Grid")
    for row in table.rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph()


def _write_block(document: Document, block: Block) -> None:
    if block.kind == "title":
        document.add_heading(block.text, level=0)
        return
    if block.kind == "heading":
        document.add_heading(block.text, level=1)
        return
    paragraph = document.add_paragraph()
    for run in block.runs:
        paragraph.add_run(run.text).bold = run.bold or None
    if block.kind == "paragraph":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _fixed_times(content: bytes) -> bytes:
    """Return the package with one fixed time on all of its parts, so that a rebuild gives the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _ZIP_TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return target.getvalue()


def _start(source: Source, design: WordDesign) -> Document:
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(12)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.header.paragraphs[0].text = design.header
    footer = section.footer.paragraphs[0]
    footer.text = design.footer
    _page_field(footer)
    core = document.core_properties
    core.title = source.title if design.metadata_title is None else design.metadata_title
    core.author, core.last_modified_by, core.comments, core.language = design.header, "", "", source.language
    written = dt.datetime.fromisoformat(source.date) + dt.timedelta(days=4, hours=9)
    core.created = core.modified = written
    return document


def build(source: Source, path: Path) -> tuple[PageRecord, ...]:
    """Write the DOCX and return its pages, counted by explicit page breaks."""
    design = WORD_DESIGNS[source.stem]
    document = _start(source, design)
    ledger = Ledger()
    page = 1
    for block in source.blocks:
        if block.kind == "heading" and source.headings.index(block) + 1 in design.starts:
            if page == 1 and design.contents:
                document.add_paragraph(design.contents, style="Subtitle")
                for heading in source.headings:
                    document.add_paragraph(heading.text, style="List Bullet")
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            page += 1
        _write_block(document, block)
        ledger.draw(block.number, page, block.text)
        if table := table_after(source, block):
            _write_table(document, table)
    content = io.BytesIO()
    document.save(content)
    path.write_bytes(_fixed_times(content.getvalue()))
    for index in range(1, page + 1):
        ledger.furniture[index] += [design.header, design.footer.strip()]
    return ledger.records(source, [str(index) for index in range(1, page + 1)])
