"""Citations and the gate before them: a quote is shown only when the stored page holds it byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.errors import IndexDamagedError
from kb.records import Citation, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.answering.candidates import Candidate
    from kb.records import Page, Passage
    from kb.store.database import Database


def spans_of(passage: Passage, start: int, end: int) -> tuple[Span, ...]:
    """Return where `passage.text[start:end]` stands on its pages.

    Raises IndexDamagedError when the range is not inside the passage.
    """
    spans = []
    position = 0
    for span in passage.spans:
        length = span.end - span.start
        left, right = max(start - position, 0), min(end - position, length)
        if left < right:
            spans.append(Span(span.page_index, span.start + left, span.start + right))
        position += length + 1
    if not spans or not 0 <= start < end <= len(passage.text):
        message = f"Passage {passage.id}: no page holds characters {start}:{end} of its {len(passage.text)}."
        raise IndexDamagedError(message)
    return tuple(spans)


def is_verbatim(quote: str, spans: Sequence[Span], pages: Sequence[Page]) -> bool:
    """Return whether the quote is what the stored pages hold at the spans, parts joined by a newline."""
    text = {page.index: page.text for page in pages}
    return bool(spans) and quote == "\n".join(text.get(s.page_index, "")[s.start : s.end] for s in spans)


def cite(number: int, sentence: Candidate, database: Database) -> Citation:
    """Return the citation of a sentence, checked against the stored pages.

    Raises IndexDamagedError when the pages do not hold the quote; such a quote is never shown.
    """
    hit = sentence.hit
    spans = spans_of(hit.passage, sentence.start, sentence.end)
    pages = [database.page(hit.document.id, span.page_index) for span in spans]
    if not is_verbatim(sentence.text, spans, pages):
        message = (
            f"{hit.document.path}, page {pages[0].label}: the stored page does not hold the quote of passage "
            f"{hit.passage.id}, so it is not shown. Run: kb verify, then kb rebuild"
        )
        raise IndexDamagedError(message)
    return Citation(
        number=number,
        quote=sentence.text,
        document=hit.document,
        page_label=pages[0].label,
        page_index=pages[0].index,
        language=hit.passage.language,
        spelling=hit.passage.spelling,
        passage=hit.passage,
        spans=spans,
    )
