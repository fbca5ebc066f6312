"""HTML as sites publish it: navigation, sidebar, footer and scripts around the article."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from builder.pages import Ledger, PageRecord
from builder.tables import table_after

if TYPE_CHECKING:
    from pathlib import Path

    from builder.source import Block, Source
    from builder.tables import Table


@dataclass(frozen=True, slots=True)
class WebDesign:
    """One site: its name (ends the <title>), menu entries, sidebar lines, footer line, and the file's encoding."""

    site: str
    menu: tuple[str, ...]
    sidebar: tuple[str, ...]
    footer: str
    encoding: str = "utf-8"


WEB_DESIGNS: dict[str, WebDesign] = {
    "uz06_turizm_dastur": WebDesign(
        "Chinorli tumani portali",
        ("Bosh sahifa", "Hujjatlar", "Fotogalereya", "Aloqa"),
        ("Soʻnggi yangiliklar", "Ob-havo: 24 daraja", "Valyuta kurslari"),
        "© 2024 Chinorli tumani portali. Barcha huquqlar himoyalangan.",
    ),
    "uz07_it_savol_javob": WebDesign(
        "Raqamli xizmatlar sayti",
        ("Asosiy", "Savollar", "Ochiq eshiklar kuni", "Kirish"),
        ("Koʻp oʻqilganlar", "Obuna boʻling"),
        "Sayt test rejimida ishlamoqda",
    ),
    "ru05_remesla_ocenka": WebDesign(
        "Ташкуприк онлайн",
        ("Главная", "Новости", "Фотоархив", "Контакты"),
        ("Сейчас читают", "Погода на неделю", "Подписка на рассылку"),
        "© Ташкуприк онлайн. При перепечатке ссылка обязательна.",
        encoding="windows-1251",
    ),
    "en04_investor_guide_pharma": WebDesign(
        "Tolzor Kimyo website",
        ("Home", "Residents", "Photo gallery", "Sign in"),
        ("Latest headlines", "Currency converter"),
        "© 2026 Tolzor Kimyo website. Cookie settings.",
    ),
}

_SCRIPT = "window.metrics = window.metrics || []; metrics.push({page: 'visited', banner: 'shown to visitor'});"


def _table(table: Table) -> str:
    lines = ["<table>", f"  <caption>{escape(table.caption)}</caption>"]
    for number, row in enumerate(table.rows):
        cell = "td" if number else "th"
        lines.append("  <tr>" + "".join(f"<{cell}>{escape(text)}</{cell}>" for text in row) + "</tr>")
    return "\n".join([*lines, "</table>"])


def _block(block: Block) -> str:
    inner = "".join(
        f"<strong>{escape(run.text)}</strong>" if run.bold else escape(run.text, quote=False) for run in block.runs
    )
    inner = inner.replace("«", "&laquo;").replace("»", "&raquo;")
    if block.kind == "title":
        return f"<h1>{inner}</h1>"
    if block.kind == "heading":
        return f'<h2 id="s{block.number}">{inner}</h2>'
    wrapped = "\n".join(textwrap.wrap(inner, 100, break_long_words=False, break_on_hyphens=False))
    return f'<p class="{block.kind}">\n{wrapped}\n</p>'


def build(source: Source, path: Path) -> tuple[PageRecord, ...]:
    """Write the HTML file and return its one page."""
    design = WEB_DESIGNS[source.stem]
    article: list[str] = []
    ledger = Ledger()
    for block in source.blocks:
        article.append(_block(block))
        ledger.draw(block.number, 1, block.text)
        if table := table_after(source, block):
            article.append(_table(table))
    menu = "".join(f'<li><a href="#">{escape(entry)}</a></li>' for entry in design.menu)
    sidebar = "".join(f"<p>{escape(line)}</p>" for line in design.sidebar)
    body = "\n".join(article)
    page = f"""<!DOCTYPE html>
<html lang="{source.language}">
<head>
<meta charset="{design.encoding}">
<title>{escape(source.title)} | {escape(design.site)}</title>
<meta name="date" content="{source.date}">
<style>nav ul {{ list-style: none; }} aside {{ float: right; width: 14em; }}</style>
<script>{_SCRIPT}</script>
</head>
<body>
<header><p>{escape(design.site)}</p></header>
<nav><ul>{menu}</ul></nav>
<aside>{sidebar}</aside>
<main>
<article>
{body}
</article>
</main>
<footer><p>{escape(design.footer)}</p></footer>
<script>{_SCRIPT}</script>
</body>
</html>
"""
    path.write_bytes(page.encode(design.encoding))
    ledger.furniture[1] += [design.site, *design.menu, *design.sidebar, design.footer, _SCRIPT]
    return ledger.records(source, ["1"])
