"""Plain text, hard-wrapped as old mail programs leave it, and Markdown."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from builder.pages import Ledger, PageRecord
from builder.tables import table_after

if TYPE_CHECKING:
    from pathlib import Path

    from builder.source import Source

ENCODINGS = {"uz04_ipak_monitoring": "utf-8", "ru04_plodoovoshi_logistika": "windows-1251"}
_MARKS = {"title": "# ", "heading": "## "}


def _one_page(source: Source) -> tuple[PageRecord, ...]:
    ledger = Ledger()
    for block in source.blocks:
        ledger.draw(block.number, 1, block.text)
    return ledger.records(source, ["1"])


def build_text(source: Source, path: Path) -> tuple[PageRecord, ...]:
    """Write a text file of lines up to 80 characters, paragraphs apart by an empty line; return its one page."""
    chunks = [
        "\n".join(textwrap.wrap(block.text, 80, break_long_words=False, break_on_hyphens=False))
        for block in source.blocks
    ]
    text = "\n\n".join(chunks) + "\n"
    path.write_text(text, encoding=ENCODINGS[source.stem], newline="\r\n")
    return _one_page(source)


def build_markdown(source: Source, path: Path) -> tuple[PageRecord, ...]:
    """Write a Markdown file with the document's table; return its one page."""
    chunks: list[str] = []
    for block in source.blocks:
        inner = "".join(f"**{run.text}**" if run.bold else run.text for run in block.runs)
        chunks.append(_MARKS.get(block.kind, "") + inner)
        if table := table_after(source, block):
            head, *rows = ["| " + " | ".join(row) + " |" for row in table.rows]
            rule = "|" + " --- |" * len(table.rows[0])
            chunks += [table.caption, "\n".join([head, rule, *rows])]
    path.write_text("\n\n".join(chunks) + "\n", encoding="utf-8")
    return _one_page(source)
