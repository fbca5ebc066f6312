"""One HTML page with print styles for the two engines that read it, WeasyPrint and Chromium."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from builder.hyphens import softened
from builder.tables import table_after

if TYPE_CHECKING:
    from builder.designs import Design
    from builder.source import Block, Source

_TAGS = {"title": "h1", "heading": "h2", "note": "p", "date": "p", "paragraph": "p"}


def _content(template: str) -> str:
    """Return a CSS `content` value: {label} becomes the page counter, {total} the number of pages."""
    marked = template.replace("{label}", "\0counter(page)\0").replace("{total}", "\0counter(pages)\0")
    pieces = [piece for piece in marked.split("\0") if piece]
    quoted = [piece if piece.startswith("counter(") else '"' + piece.replace('"', r"\"") + '"' for piece in pieces]
    return " ".join(quoted) or "none"


def _boxes(design: Design, header: tuple[str, str], side: str) -> str:
    rule = "border-bottom: 0.4pt solid #333; vertical-align: bottom; padding-bottom: 2mm; margin-bottom: 4mm;"
    return (
        f"@top-left {{ content: {_content(header[0])}; {rule} }}"
        f"@top-right {{ content: {_content(header[1])}; {rule} }}"
        f"@bottom-{side} {{ content: {_content(design.footer)}; }}"
    )


def style(design: Design) -> str:
    """Return the style sheet of a design."""
    odd_side = even_side = design.footer_side
    if design.footer_side == "outer":
        odd_side, even_side = "right", "left"
    rules = [
        f"@page {{ size: A4; margin: {design.margin_mm}mm; font: 9pt '{design.family}'; }}",
        f"@page :right {{ {_boxes(design, design.header, odd_side)} }}",
        f"@page :left {{ {_boxes(design, design.even_header or design.header, even_side)} }}",
        f"body {{ font: {design.size}pt/{design.leading}pt '{design.family}'; margin: 0; hyphens: manual; }}",
        "p { margin: 0 0 8pt; orphans: 2; widows: 2; } p.paragraph { text-align: justify; }",
        "h1 { font-size: 1.6em; line-height: 1.25; margin: 0 0 14pt; text-align: center; }",
        "h2 { font-size: 1.2em; line-height: 1.2; margin: 12pt 0 6pt; break-after: avoid; }",
        "p.note, p.date { text-align: center; } p.note { color: #444; } p.date { margin-bottom: 16pt; }",
        "figure { margin: 4pt 0 10pt; break-inside: avoid; font-size: 0.9em; }",
        "figcaption { font-weight: bold; margin: 0 0 3pt; } table { border-collapse: collapse; width: 100%; }",
        "th, td { border: 0.5pt solid #888; padding: 2pt 5pt; text-align: left; } th { background: #f2f2f2; }",
        ".page { break-before: page; }",
    ]
    if design.bare_first:
        rules.append("@page :first { @top-left { content: none; border: 0 } @top-right { content: none; border: 0 } }")
    if design.first_number != 1:
        rules.append(f"@page :first {{ counter-reset: page {design.first_number}; }}")
    if design.hyphens:  # a ligature over a soft hyphen loses its letters in the PDF's text
        rules.append("body { font-variant-ligatures: none; }")
    if design.columns > 1:
        rules.append(f".body {{ columns: {design.columns}; column-gap: 7mm; column-fill: auto; }}")
    return "\n".join(rules)


def _language(source: Source, block: Block) -> str:
    """Return the language of a block: the trilingual article's abstracts are marked by their first word."""
    first = block.text.split(".", maxsplit=1)[0].split(":", maxsplit=1)[0]
    return {"Аннотация": "ru", "Ключевые слова": "ru", "Abstract": "en", "Keywords": "en"}.get(first, source.language)


def _block(source: Source, design: Design, block: Block) -> str:
    language = _language(source, block)
    inner = ""
    for run in block.runs:
        hyphenate = design.hyphens and block.kind == "paragraph"
        text = escape(softened(run.text, language) if hyphenate else run.text, quote=False)
        inner += f"<b>{text}</b>" if run.bold else text
    tag = _TAGS[block.kind]
    ordinal = source.headings.index(block) + 1 if block.kind == "heading" else 0
    classes = block.kind + (" page" if ordinal in design.starts else "")
    mark = f' lang="{language}"' if language != source.language else ""
    lines = [f'<{tag} class="{classes}" data-block="{block.number}"{mark}>{inner}</{tag}>']
    if table := table_after(source, block):
        rows = []
        for number, row in enumerate(table.rows):
            cell = "td" if number else "th"
            rows.append("<tr>" + "".join(f"<{cell}>{escape(text)}</{cell}>" for text in row) + "</tr>")
        lines.append(f"<figure><figcaption>{escape(table.caption)}</figcaption><table>{''.join(rows)}</table></figure>")
    return "\n".join(lines)


def page(source: Source, design: Design) -> str:
    """Return the whole HTML page."""
    title = source.title if design.metadata_title is None else design.metadata_title
    opening = "\n".join(_block(source, design, block) for block in source.blocks[:3])
    body = "\n".join(_block(source, design, block) for block in source.blocks[3:])
    return (
        f'<!DOCTYPE html>\n<html lang="{source.language}"><head><meta charset="utf-8">'
        f'<meta name="dcterms.created" content="{source.date}T09:00:00Z">'
        f"<title>{escape(title)}</title><style>{style(design)}</style></head>\n"
        f'<body>{opening}\n<div class="body">{body}</div></body></html>\n'
    )
