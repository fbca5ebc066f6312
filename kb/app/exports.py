"""Cited passages as text to paste and as files to keep: CSV, Markdown, JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.app.messages import Messages
    from kb.records import AnswerGroup, Citation

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|$~&!:@^=+{}()-])")
_MARKDOWN_NUMBER = re.compile(r"^(\d+)([.)])", re.MULTILINE)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FIELDS = (
    "number", "group", "quote", "title", "page", "page_index", "date", "status", "language", "spelling", "path",
    "passage",
)  # fmt: skip


def citation_text(cited: Citation, say: Messages) -> str:
    """Return one line to paste into a text: title, page and exact quote."""
    page = say("page", label=cited.page_label)
    return say("card.copy.text", title=cited.document.title, page=page, quote=cited.quote)


def _row(cited: Citation, groups: Sequence[AnswerGroup]) -> dict[str, Any]:
    numbers = ((group.heading, {sentence.citation for sentence in group.sentences}) for group in groups)
    values = (
        cited.number,
        next((heading for heading, own in numbers if cited.number in own), ""),
        cited.quote,
        cited.document.title,
        cited.page_label,
        cited.page_index,
        cited.document.date or "",
        cited.document.status,
        cited.language,
        cited.spelling,
        cited.document.path,
        cited.passage.text,
    )
    return dict(zip(_FIELDS, values, strict=True))


def as_json(question: str, citations: Sequence[Citation], groups: Sequence[AnswerGroup] = ()) -> bytes:
    """Return the citations as UTF-8 JSON, every text exactly as it stands in its document.

    `groups` name the citations under each heading by their numbers.
    """
    built: dict[str, Any] = {"question": question, "citations": [_row(cited, groups) for cited in citations]}
    if groups:
        built["groups"] = [
            {
                "heading": group.heading,
                "direction": group.direction,
                "note": group.note,
                "citations": [sentence.citation for sentence in group.sentences],
            }
            for group in groups
        ]
    return json.dumps(built, ensure_ascii=False, indent=2).encode()


def as_csv(citations: Sequence[Citation], groups: Sequence[AnswerGroup] = ()) -> bytes:
    """Return the citations as CSV that spreadsheets open as UTF-8, each with the heading of its group.

    A cell that a spreadsheet would run as a formula is preceded by an apostrophe; use JSON for exact text.
    """
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, _FIELDS)
    writer.writeheader()
    for cited in citations:
        writer.writerow({name: _cell(value) for name, value in _row(cited, groups).items()})
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def as_markdown(
    question: str, citations: Sequence[Citation], say: Messages, groups: Sequence[AnswerGroup] = ()
) -> bytes:
    """Return the citations as Markdown that renders to the documents' own characters, whatever those are.

    Those of groups stand under their headings, the others after them.
    """
    cited = {one.number: one for one in citations}
    parts = [f"# {_escaped(question)}"]
    for group in groups:
        parts.append(f"## {_escaped(' '.join(group.heading.split()))}")
        parts += [_escaped(group.note)] if group.note else []
        for sentence in group.sentences:
            parts += [_escaped(sentence.lead)] if sentence.lead else []
            parts.append(_cited(cited.pop(sentence.citation), say))
    parts += [_cited(one, say) for one in cited.values()]
    return ("\n\n".join(parts) + "\n").encode()


def _cited(cited: Citation, say: Messages) -> str:
    quote = _escaped(cited.quote).replace("\n", "\\\n> ")
    page = _escaped(say("page", label=cited.page_label))
    date = f", {_escaped(cited.document.date)}" if cited.document.date else ""
    status = "" if cited.document.status == "unknown" else f", {_escaped(say(f'status.{cited.document.status}'))}"
    return f"> {quote}\n\n{cited.number}\\. {_escaped(cited.document.title)}, {page}{date}{status}"


def _escaped(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return _MARKDOWN_NUMBER.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", "\n".join(lines)))
