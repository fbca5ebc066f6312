"""Build the documents of this folder from sources/, and pages.json: what stands on which page of each.

    python corpus/build.py                  # all 27, into this folder
    python corpus/build.py --into /tmp/out  # elsewhere, to look before replacing
    python corpus/build.py uz01 ru06        # only these

README.md says which fonts and programs it needs.
"""

from __future__ import annotations

import argparse
import calendar
import datetime as dt
import importlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from builder.designs import DESIGNS
from builder.plain import ENCODINGS, build_markdown, build_text
from builder.source import Source, load
from builder.tables import TABLES
from builder.web import WEB_DESIGNS
from builder.web import build as build_web
from builder.word import WORD_DESIGNS
from builder.word import build as build_word

if TYPE_CHECKING:
    from builder.pages import PageRecord

HERE = Path(__file__).parent


def build_one(source: Source, folder: Path) -> tuple[str, tuple[PageRecord, ...]]:
    """Write one document into `folder`; return its file name and pages."""
    stem = source.stem
    written = dt.date.fromisoformat(source.date) + dt.timedelta(days=4)
    os.environ["SOURCE_DATE_EPOCH"] = str(calendar.timegm(written.timetuple()) + 9 * 3600)
    if design := DESIGNS.get(stem):
        path = folder / f"{stem}.pdf"
        return path.name, importlib.import_module(f"builder.{design.engine}_pdf").build(source, design, path)
    if stem in WORD_DESIGNS:
        path = folder / f"{stem}.docx"
        return path.name, build_word(source, path)
    if stem in WEB_DESIGNS:
        path = folder / f"{stem}.html"
        return path.name, build_web(source, path)
    if stem in ENCODINGS:
        path = folder / f"{stem}.txt"
        return path.name, build_text(source, path)
    path = folder / f"{stem}.md"
    return path.name, build_markdown(source, path)


def contents_title(stem: str) -> str:
    """Return the title of the list of contents that the builder adds, or ""."""
    design = DESIGNS.get(stem) or WORD_DESIGNS.get(stem)
    return design.contents if design else ""


def main() -> int:
    """Build; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stems", nargs="*", help="beginnings of document names; all when none is given")
    parser.add_argument("--into", type=Path, default=HERE, help="folder to write to")
    arguments = parser.parse_args()
    arguments.into.mkdir(parents=True, exist_ok=True)
    knowledge = arguments.into / "pages.json"
    known = json.loads(knowledge.read_text(encoding="utf-8")) if knowledge.exists() else {}
    for path in sorted((HERE / "sources").glob("*.md")):
        if arguments.stems and not path.stem.startswith(tuple(arguments.stems)):
            continue
        source = load(path)
        name, pages = build_one(source, arguments.into)
        table = TABLES.get(source.stem)
        known[name] = {
            "title": source.title,
            "date": source.date,
            "caption": table.caption if table else "",
            "contents": contents_title(source.stem),
            "table": [list(row) for row in table.rows] if table else [],
            "pages": [page.to_dict() for page in pages],
        }
        print(f"{name}: {len(pages)} pages, {(arguments.into / name).stat().st_size:,} bytes")
    knowledge.write_text(json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
