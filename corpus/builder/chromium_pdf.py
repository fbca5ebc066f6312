"""PDF by headless Chromium. It does not tell where it broke pages, so the design says which headings begin one."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pypdf import PdfReader

from builder.designs import number_labels, page_furniture
from builder.pages import Ledger, PageRecord
from builder.print_css import page as html_page
from builder.source import BuildError

if TYPE_CHECKING:
    from builder.designs import Design
    from builder.source import Source

_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-pdf-header-footer",
)  # fmt: skip
_DATE = re.compile(rb"\(D:\d{14}[+-]\d\d'\d\d'\)")


def build(source: Source, design: Design, path: Path) -> tuple[PageRecord, ...]:
    """Write the PDF and return its pages. Raises BuildError when there is no Chromium or it broke elsewhere."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        raise BuildError(f"{source.stem} is printed by Chromium, which is not installed: see corpus/README.md")
    with tempfile.TemporaryDirectory() as folder:
        html = Path(folder) / "page.html"
        html.write_text(html_page(source, design), encoding="utf-8")
        subprocess.run(
            [browser, *_OPTIONS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={path}", html.as_uri()],
            check=True,
            capture_output=True,
            timeout=120,
        )
    stamp = f"(D:{source.date.replace('-', '')}090000+00'00')".encode()
    path.write_bytes(_DATE.sub(stamp, path.read_bytes()))
    labels = number_labels(design, len(design.starts) + 1)
    count = len(PdfReader(path).pages)
    if count != len(labels):
        raise BuildError(f"{source.stem}: Chromium made {count} pages where the design has {len(labels)}")
    ledger = Ledger()
    index = 1
    for block in source.blocks:
        if block.kind == "heading" and source.headings.index(block) + 1 in design.starts:
            index += 1
        ledger.draw(block.number, index, block.text)
    for at, label in enumerate(labels, start=1):
        ledger.furniture[at] += [text for text in page_furniture(design, at, label, count) if text]
    return ledger.records(source, labels)
